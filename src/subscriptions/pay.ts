import { roundTo, ZERO } from '../kit/decimal.ts';
import { groupBy } from '../kit/group-by.ts';
import { type Id, newId } from '../kit/ids.ts';
import { isRefusal } from '../kit/refusal.ts';
import { payFrom } from '../ledger/charge.ts';
import { type Mark, returnTo } from '../ledger/move.ts';
import type { InsufficientFunds } from '../ledger/refusals.ts';
import type { WalletState } from '../ledger/wallet-state.ts';
import type { Fee } from './fees.ts';
import type { Period } from './periods.ts';
import { insertCharges } from './store.ts';
import { chargedScale, pocketOf, type Work } from './work.ts';

/** Fees, the time that they are for, and the asset that they are in; null for a plan that costs nothing. */
export interface Bill {
  readonly asset: string | null;
  readonly fees: readonly Fee[];
  readonly period: Period;
}

/** One fee of a bill, about to be paid. */
interface Due {
  readonly id: Id<'subscriptionCharge'>;
  readonly asset: string | null;
  readonly fee: Fee;
  readonly period: Period;
}

/**
 * Books all of them, from one wallet for each asset, or nothing at all. Fees draw what is for any usage, as an
 * adjustment does.
 */
export async function payBills(
  work: Work,
  bills: readonly Bill[],
): Promise<InsufficientFunds | null> {
  const { tx, now, state, lines } = work;
  const due = bills.flatMap(({ asset, fees, period }) =>
    roundedFees(work, asset, fees)
      .filter(({ amount }) => amount > ZERO)
      .map((fee): Due => ({ id: newId('subscriptionCharge'), asset, fee, period })),
  );
  if (due.length === 0) return null;
  const runs = payAll(work, [...groupBy(due, ({ asset }) => asset)]);
  if (isRefusal(runs)) return runs;
  const drafts = due.map(({ id, asset, fee, period }) => {
    const { wallet } = pocketOf(work, priced(asset));
    const run = runs.get(id);
    if (!run) throw new Error('A charge was paid by no entries.');
    return { ...fee, ...run, id, walletId: wallet.id, period };
  });
  await insertCharges(tx, state, drafts, now);
  lines.push(
    ...due.map(({ fee, asset }) => {
      const { id: assetId } = pocketOf(work, priced(asset)).asset;
      return { kind: 'CHARGED' as const, fee, assetId };
    }),
  );
  return null;
}

/** What they come to, each rounded once, half-even, to what its asset is paid in. */
export function roundedFees(work: Work, asset: string | null, fees: readonly Fee[]): Fee[] {
  if (asset === null) return [...fees];
  const scale = chargedScale(work, asset);
  return fees.map((fee) => ({ ...fee, amount: roundTo(fee.amount, scale) }));
}

/** The entries that a charge is paid by. */
interface Run {
  readonly firstSequence: number;
  readonly entryCount: number;
}

type Runs = ReadonlyMap<string, Run>;

/** What one wallet has paid is put back when another cannot pay its part. */
function payAll(
  work: Work,
  parts: readonly (readonly [string | null, readonly Due[]])[],
): Runs | InsufficientFunds {
  const { now } = work;
  const runs = new Map<string, Run>();
  const paid: [WalletState, Mark][] = [];
  for (const [assetCode, due] of parts) {
    const { wallet } = pocketOf(work, priced(assetCode));
    const owed = due.map(({ fee: { amount }, id }) => {
      const cause = { kind: 'SUBSCRIPTION' as const, id, chargeOrdinal: null };
      return { amount, metricCode: null, cause, to: 'REVENUE' as const };
    });
    const { settlementWindowMs } = wallet;
    const outcome = payFrom(wallet, owed, { occurredAt: now, now, settlementWindowMs });
    if (isRefusal(outcome)) {
      for (const [other, mark] of paid) returnTo(other, mark);
      return outcome;
    }
    paid.push([wallet, outcome.mark]);
    for (const [index, { firstSequence, draws }] of outcome.payments.entries()) {
      runs.set(due[index]?.id ?? '', { firstSequence, entryCount: draws.length });
    }
  }
  return runs;
}

function priced(assetCode: string | null): string {
  if (assetCode === null) throw new Error('A plan without an asset cannot cost anything.');
  return assetCode;
}
