import type { Tx } from '../../infra/db.ts';
import { closePurse, openPurse, type Purse } from '../../ledger/purse.ts';
import type { BalanceUpdate } from '../../live/balance-update.ts';
import type { Told } from '../../live/event.ts';
import type { PaymentsRoom } from '../deps.ts';
import type { PaymentState } from '../payment.ts';
import type { PaymentFailure } from '../provider.ts';
import { openCounter } from '../refunds/apply-returns.ts';
import type { Refund } from '../refunds/claim.ts';
import { giveUp } from '../refunds/give-up.ts';
import type { Returns } from '../refunds/shares.ts';
import { readReturns } from '../refunds/store.ts';
import { readSettings } from '../settings.ts';
import type { WithdrawalState } from './withdrawal.ts';

/** Opens the wallet that a withdrawal is made from. Its payments are locked before. */
export async function openWallet(
  tx: Tx,
  { clock }: Pick<PaymentsRoom, 'clock'>,
  {
    organizationId,
    customerId,
    walletId,
  }: Pick<WithdrawalState, 'organizationId' | 'customerId' | 'walletId'>,
): Promise<Purse> {
  const where = { id_customerId: { id: walletId, customerId } };
  const { name, asset } = await tx.prisma.wallet.findUniqueOrThrow({
    where,
    include: { asset: true },
  });
  return openPurse(tx, { organizationId, customerId, walletName: name, assets: [asset] }, clock);
}

/** What came of giving refunds up. */
export interface GivenBack {
  /** Of the refunds themselves. */
  readonly refunds: readonly Told[];
  /** Of the wallet. */
  readonly told: readonly Told[];
  readonly updates: BalanceUpdate[];
}

const NOTHING: GivenBack = { refunds: [], told: [], updates: [] };

/** Gives those refunds of a withdrawal up that wait and that `isGivenUp` says, and their credit back. */
export async function giveBack(
  tx: Tx,
  room: PaymentsRoom,
  withdrawal: WithdrawalState,
  payments: readonly PaymentState[],
  failure: PaymentFailure,
  isGivenUp: (refund: Refund, payment: PaymentState, returns: Returns) => boolean = () => true,
): Promise<GivenBack> {
  const all = [];
  for (const payment of payments) {
    const returns = await readReturns(tx, payment);
    const lost = returns.refunds.filter(
      (refund) =>
        refund.withdrawalId === withdrawal.id &&
        refund.status === 'PENDING' &&
        isGivenUp(refund, payment, returns),
    );
    if (lost.length > 0) all.push({ payment, returns, lost });
  }
  if (all.length === 0) return NOTHING;
  const { spentCreditPolicy } = await readSettings(tx, withdrawal.organizationId);
  const purse = await openWallet(tx, room, withdrawal);
  const refunds: Told[] = [];
  for (const { payment, returns, lost } of all) {
    const counter = await openCounter(tx, purse, payment, spentCreditPolicy);
    refunds.push(...(await giveUp(counter, returns, lost, failure)).told);
  }
  const { told, updates } = await closePurse(tx, purse, room.watch);
  return { refunds, told, updates };
}
