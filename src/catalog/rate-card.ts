import type { Viewer } from '../access/viewer.ts';
import type { Tx } from '../infra/db.ts';
import type { Checker } from '../kit/check.ts';
import { fromTypeId } from '../kit/ids.ts';
import { type NotFound, notFound } from '../kit/refusal.ts';
import { findRateCard, insertRateCard } from './store.ts';

/** The card that prices the usage of every customer; others price nothing yet. */
export const DEFAULT_RATE_CARD = 'default';

/** Which rate card an input means: a code or a TypeID, the default card when it was left out. */
export function readRateCard(check: Checker, given: string | null | undefined): string {
  return check.code('rateCard', given ?? DEFAULT_RATE_CARD);
}

/** The rate card; a new code makes one, an id that is not there is refused. */
export async function resolveRateCard(
  tx: Tx,
  viewer: Viewer,
  codeOrId: string,
  now: Date,
): Promise<{ readonly id: string } | NotFound> {
  const card = await findRateCard(tx, viewer, codeOrId);
  if (card) return card;
  if (fromTypeId('rateCard', codeOrId)) return notFound('rateCard', 'RateCard', codeOrId);
  return insertRateCard(tx, viewer, codeOrId, now);
}
