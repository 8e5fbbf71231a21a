import type { Viewer } from '../../access/viewer.ts';
import type { Tx } from '../../infra/db.ts';
import { fromEpochMs } from '../../kit/clock.ts';
import { plain } from '../../kit/decimal.ts';
import { type Conflict, conflict, type Invalid, type NotFound } from '../../kit/refusal.ts';
import { type CatalogRoom, changeCatalogue } from '../change.ts';
import {
  type CreateExchangeRateInput,
  type ExchangeTerms,
  readExchangeRate,
  says,
} from './definition.ts';
import { resolvePair } from './resolve-pair.ts';
import {
  type ExchangeInForce,
  type ExchangePair,
  findBeginning,
  findInForce,
  insertExchangeRate,
} from './store.ts';

/** What the steps share: one transaction, about one pair. */
interface Where {
  readonly tx: Tx;
  readonly viewer: Viewer;
  readonly pair: ExchangePair;
  readonly now: Date;
}

export interface ExchangeRateCreated {
  readonly exchangeRateId: string;
  /** False when it was so already. */
  readonly created: boolean;
}

/** Says what one asset is worth in another from an instant on. What was said before stays as it is. */
export async function createExchangeRate(
  room: CatalogRoom,
  viewer: Viewer,
  input: CreateExchangeRateInput,
) {
  const draft = readExchangeRate(input);
  if ('refusal' in draft) return draft;
  return changeCatalogue(
    room,
    viewer,
    { operation: 'createExchangeRate', input },
    async (tx, now): Promise<ExchangeRateCreated | NotFound | Conflict | Invalid> => {
      const pair = await resolvePair(tx, viewer, input);
      if ('refusal' in pair) return pair;
      const ids = { fromAssetId: pair.from.id, toAssetId: pair.to.id };
      const where = { tx, viewer, pair: ids, now };
      const { effectiveAt, ...terms } = draft;
      return effectiveAt ? addDated(where, terms, effectiveAt) : addFromNow(where, terms);
    },
  );
}

/** A rate with a date stands once: the same again is the first one, and another one is refused. */
async function addDated(
  where: Where,
  terms: ExchangeTerms,
  effectiveAt: Date,
): Promise<ExchangeRateCreated | Conflict> {
  const { tx, viewer, pair } = where;
  const there = await findBeginning(tx, viewer, pair, effectiveAt);
  if (!there) return insert(where, terms, effectiveAt);
  return says(there, terms)
    ? { exchangeRateId: there.id, created: false }
    : taken(there, effectiveAt);
}

/**
 * Without a date it begins now, unless what is in force says the same. Of two within one millisecond the second
 * one begins with the next.
 */
async function addFromNow(where: Where, terms: ExchangeTerms): Promise<ExchangeRateCreated> {
  const { tx, viewer, pair, now } = where;
  for (let at = now; ; at = fromEpochMs(at.getTime() + 1)) {
    const same = await findSame(where, terms, at);
    if (same) return { exchangeRateId: same.id, created: false };
    if (!(await findBeginning(tx, viewer, pair, at))) return insert(where, terms, at);
  }
}

/** What says the same of each rate that is given; of two that do, the younger one. */
async function findSame(
  { tx, viewer, pair }: Where,
  terms: ExchangeTerms,
  at: Date,
): Promise<ExchangeInForce | null> {
  const given = [
    { purpose: 'SPEND', rate: terms.spendRate },
    { purpose: 'TOP_UP', rate: terms.topUpRate },
  ] as const;
  const asked = given.filter(({ rate }) => rate !== null);
  const inForce = await findInForce(
    tx,
    viewer,
    asked.map(({ purpose }) => ({ ...pair, purpose, at })),
  );
  const [first = null, second = first] = inForce;
  if (inForce.some((found, index) => found?.rate !== asked[index]?.rate)) return null;
  return first && second && second.effectiveAt > first.effectiveAt ? second : first;
}

async function insert(
  { tx, viewer, pair, now }: Where,
  terms: ExchangeTerms,
  effectiveAt: Date,
): Promise<ExchangeRateCreated> {
  const row = { ...pair, ...terms, effectiveAt };
  return { exchangeRateId: await insertExchangeRate(tx, viewer, row, now), created: true };
}

function taken(terms: ExchangeTerms, at: Date): Conflict {
  const said = (['spendRate', 'topUpRate'] as const).map((name) => {
    const rate = terms[name];
    return `${name} ${rate === null ? 'none' : plain(rate)}`;
  });
  return conflict(
    'effectiveAt',
    `From ${at.toISOString()} on it is ${said.join(', ')}; a rate is never changed, only followed by a later one.`,
  );
}
