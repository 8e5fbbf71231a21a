import type { Queryable } from '../infra/db.ts';
import { type Exact, exact, ONE, ZERO } from '../kit/decimal.ts';
import type { Counter, Reading } from './counter.ts';
import { areaBetween, type Observation } from './observe.ts';
import {
  type BesideRow,
  DELETE_READING,
  FIND_KEY,
  READ_BESIDE,
  READ_LARGEST,
  type ReadingRow,
  type TakenRow,
} from './sql/take-reading.ts';

/**
 * Removes what an event said of a counter that is locked, and answers what the counter says without it. It reads
 * the readings beside the one that is removed and no others: there may be hundreds of thousands.
 */
export async function takeReading(
  tx: Queryable,
  counter: Counter,
  aggregation: Observation,
  usageEventId: string,
): Promise<Exact> {
  const ref = refOf(counter);
  const [taken] = await tx.query<TakenRow>(DELETE_READING, [...ref, usageEventId]);
  if (!taken) throw new Error(`An event said nothing of the counter ${counter.key.name}.`);
  switch (aggregation) {
    case 'MAX':
      return exact(taken.value) < counter.quantity ? counter.quantity : largest(tx, ref);
    case 'UNIQUE': {
      const [another] = await tx.query(FIND_KEY, [...ref, taken.key]);
      return another ? counter.quantity : counter.quantity - ONE;
    }
    case 'LATEST': {
      const { before, behind } = await readBeside(tx, ref, taken);
      return behind ? counter.quantity : (before?.value ?? ZERO);
    }
    case 'TIME_WEIGHTED_SUM': {
      const { before, behind } = await readBeside(tx, ref, taken);
      const { periodEnd } = counter;
      const until = behind?.at ?? periodEnd;
      return counter.quantity - areaBetween(before, readingOf(taken), until, periodEnd);
    }
  }
}

type Ref = readonly unknown[];

function refOf({ key }: Counter): Ref {
  return [key.customerId, key.countedId, key.period.start, key.slice];
}

async function largest(tx: Queryable, ref: Ref): Promise<Exact> {
  const [row] = await tx.query<ReadingRow>(READ_LARGEST, ref);
  return row ? exact(row.value) : ZERO;
}

async function readBeside(tx: Queryable, ref: Ref, { occurred_at, rank }: TakenRow) {
  const rows = await tx.query<BesideRow>(READ_BESIDE, [...ref, occurred_at, rank]);
  const at = (wanted: BesideRow['side']) => {
    const row = rows.find(({ side }) => side === wanted);
    return row ? readingOf(row) : null;
  };
  return { before: at('BEFORE'), behind: at('BEHIND') };
}

function readingOf({ occurred_at: at, value }: ReadingRow): Reading {
  return { at, value: exact(value) };
}
