import type { Tx } from '../../infra/db.ts';
import { type Exact, max, ZERO } from '../../kit/decimal.ts';
import { isInForce } from '../../ledger/grant.ts';
import type { Purse } from '../../ledger/purse.ts';
import type { PaidAsset } from '../offer.ts';
import { paidScale } from '../offer.ts';
import type { PaymentState } from '../payment.ts';
import { type Counter, openCounter } from '../refunds/apply-returns.ts';
import type { Returns } from '../refunds/shares.ts';
import { readReturns } from '../refunds/store.ts';
import { readSettings } from '../settings.ts';
import { withdrawable } from './withdrawable.ts';

/** A payment that money can be withdrawn of. */
export interface Source {
  readonly counter: Counter;
  readonly returns: Returns;
  /** The most of it. */
  readonly most: Exact;
}

/** What can be withdrawn of payments, newest first. They are locked, and so is their wallet. */
export async function findSources(
  tx: Tx,
  purse: Purse,
  payments: readonly PaymentState[],
  asset: PaidAsset,
): Promise<Source[]> {
  const sources: Source[] = [];
  for (const payment of [...payments].reverse()) {
    if (payment.paid === ZERO || payment.ref === null) continue;
    const { spentCreditPolicy } = await readSettings(tx, payment.organizationId);
    const counter = await openCounter(tx, purse, payment, spentCreditPolicy);
    const returns = await readReturns(tx, payment);
    const { credited, scale } = counter;
    const most = withdrawable(credited, returns, leftOf(counter), scale, paidScale(asset));
    if (most > ZERO) sources.push({ counter, returns, most });
  }
  return sources;
}

function leftOf({ wallet, credited: { own }, now }: Counter) {
  const freeOf = (ids: readonly string[]) =>
    wallet.grants
      .filter((grant) => ids.includes(grant.id) && isInForce(grant, now))
      .reduce((sum, { remaining, held }) => sum + max(remaining - held, ZERO), ZERO);
  return { credit: freeOf(own.paid), bonus: freeOf(own.bonus) };
}
