import type { Db, Queryable } from '../infra/db.ts';
import { TAKE_SNAPSHOT } from '../infra/take-snapshot.ts';
import type { Law } from './law.ts';
import { LAWS } from './laws.ts';
import { COUNT_ROWS, type RowCounts } from './sql/count-rows.ts';
import { TAKE_MEANS } from './sql/take-means.ts';

/** Whether one law holds. */
export interface LawReport {
  readonly number: number;
  readonly name: string;
  readonly ok: boolean;
  /** How many rows it was checked on, of the kind that `counted` names. */
  readonly checked: number;
  readonly counted: Law['counted'];
  /** The first violation found; null when the law holds. */
  readonly violation: string | null;
}

export interface LawsReport {
  readonly ok: boolean;
  readonly laws: LawReport[];
}

/**
 * Checks every law on one snapshot, so that it is right while charges go on. Reads only, and waits for
 * nobody; on millions of entries it takes a while, which costs the others memory and disk but no lock.
 */
export async function verifyLaws(db: Pick<Db, 'backgroundTransaction'>): Promise<LawsReport> {
  return db.backgroundTransaction(async (tx) => {
    await tx.query(TAKE_SNAPSHOT, []);
    await tx.query(TAKE_MEANS, []);
    const counts = await countRows(tx);
    const laws: LawReport[] = [];
    for (const law of LAWS) laws.push(await report(law, tx, counts));
    return { ok: laws.every((law) => law.ok), laws };
  });
}

async function countRows(tx: Queryable): Promise<RowCounts> {
  const [counts] = await tx.query<RowCounts>(COUNT_ROWS, []);
  if (!counts) throw new Error('Counting rows gave no row.');
  return counts;
}

async function report(law: Law, tx: Queryable, counts: RowCounts): Promise<LawReport> {
  const violation = await law.findViolation(tx);
  const { number, name, counted } = law;
  const checked = Number(counts[counted]);
  return { number, name, ok: violation === null, checked, counted, violation };
}
