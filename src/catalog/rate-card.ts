import type { Viewer } from '../access/viewer.ts';
import type { Tx } from '../infra/db.ts';
import type { Checker } from '../kit/check.ts';
import { fromTypeId } from '../kit/ids.ts';
import { type Conflict, conflict, type NotFound, notFound } from '../kit/refusal.ts';
import { findRateCard, insertRateCard } from './store.ts';

/** The card that prices the usage of every customer; others price nothing yet. */
const DEFAULT_RATE_CARD = 'default';

/** Which rate card an input means: a code or a TypeID, the default card when it was left out. */
export function readRateCard(check: Checker, given: string | null | undefined): string {
  return check.code('rateCard', given ?? DEFAULT_RATE_CARD);
}

/** In the code of a card that a version of a plan or a subscription has; no code that a caller gives has it. */
const PROMISED = '@';

/**
 * The rate card to add rates to; a new code makes one, an id that is not there is refused. What a version of
 * a plan costs was promised when it was published, and what a subscription alone pays when it was agreed.
 */
export async function resolveRateCard(
  tx: Tx,
  viewer: Viewer,
  codeOrId: string,
  now: Date,
): Promise<{ readonly id: string } | NotFound | Conflict> {
  const card = await findRateCard(tx, viewer, codeOrId);
  if (card?.code.includes(PROMISED)) {
    return conflict(
      'rateCard',
      'It belongs to a published version of a plan, or to a subscription, and never changes.',
    );
  }
  if (card) return card;
  if (fromTypeId('rateCard', codeOrId)) return notFound('rateCard', 'RateCard', codeOrId);
  return insertRateCard(tx, viewer, codeOrId, now);
}
