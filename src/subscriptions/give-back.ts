import { type Exact, exact, min, ZERO } from '../kit/decimal.ts';
import type { Pocket } from '../ledger/purse.ts';
import { returnCharges, type Source } from './return-charges.ts';
import { READ_RETURNABLE, type ReturnableRow } from './sql/read-fee-draws.ts';
import { pocketOf, type Work } from './work.ts';

/** Charges that are looked at for where an amount came from. */
const MOST_CHARGES = 1_000;

/** Gives back what was paid for and is not had, of the last charges first. */
export async function giveBack(
  work: Work,
  assetCode: string | null,
  amount: Exact,
  description: string,
): Promise<void> {
  if (amount === ZERO) return;
  if (assetCode === null) throw new Error('A plan without an asset cannot have cost anything.');
  const { tx, now, lines } = work;
  const pocket = pocketOf(work, assetCode);
  const sources = await sourcesOf(work, pocket, amount);
  await returnCharges({ tx, now, pocket }, sources, amount, description);
  lines.push({ kind: 'GRANTED', amount, assetId: pocket.asset.id });
}

/** The last charges that come to the amount, or as many as there are. */
async function sourcesOf(
  { tx, state }: Work,
  { wallet }: Pocket,
  amount: Exact,
): Promise<Source[]> {
  const of = [state.id, state.customerId, wallet.id, MOST_CHARGES];
  const sources: Source[] = [];
  let rest = amount;
  for (const charge of await tx.query<ReturnableRow>(READ_RETURNABLE, of)) {
    if (rest === ZERO) break;
    const part = min(rest, exact(charge.amount) - exact(charge.returned));
    sources.push({ charge, part });
    rest -= part;
  }
  return sources;
}
