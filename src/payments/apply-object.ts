import type { Tx } from '../infra/db.ts';
import type { Clock } from '../kit/clock.ts';
import { ZERO } from '../kit/decimal.ts';
import { closePurse, openPurse } from '../ledger/purse.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import type { Told } from '../live/event.ts';
import { writeOutbox } from '../live/outbox.ts';
import { creditPayment } from './credit-payment.ts';
import type { PaymentsRoom } from './deps.ts';
import { judge, type Verdict } from './judge.ts';
import { nextLook } from './next-look.ts';
import { type Parties, readParties } from './parties.ts';
import type { PaymentState } from './payment.ts';
import type { ProviderPayment } from './provider.ts';
import { rememberMethod } from './remember-method.ts';
import { QUEUE_CHANGE } from './sql/add-jobs.ts';
import { lockPayment, noteMismatches, type PaymentKey, writeVerdict } from './store.ts';
import { toldOfPayment } from './tell.ts';

/**
 * Makes of a payment what the provider's object says, in one transaction: locks it, judges, credits what has arrived, writes once,
 * tells. True when anything was new. Told the same a second time, or what was true before, it does nothing.
 */
export async function applyObject(
  room: PaymentsRoom,
  key: PaymentKey,
  object: ProviderPayment,
  alongside: (tx: Tx, isNew: boolean) => Promise<void> = async () => undefined,
): Promise<boolean> {
  const { db, announce } = room;
  let updates: BalanceUpdate[] = [];
  const isNew = await db.transaction(async (tx) => {
    const payment = await lockPayment(tx, key);
    const parties = await readParties(tx, payment);
    const verdict = judge(payment, object, {
      currency: parties.asset.code,
      creditScale: parties.creditAsset.scale,
    });
    const applied = await apply(tx, room, { payment, parties, object, verdict });
    updates = applied.updates;
    await alongside(tx, applied.isNew);
    return applied.isNew;
  });
  if (isNew) announce(updates);
  return isNew;
}

interface Judged {
  readonly payment: PaymentState;
  readonly parties: Parties;
  readonly object: ProviderPayment;
  readonly verdict: Verdict;
}

async function apply(tx: Tx, room: PaymentsRoom, { payment, parties, object, verdict }: Judged) {
  const { clock } = room;
  const booked = verdict.paid > ZERO ? await book(tx, room, payment, parties, verdict) : NOTHING;
  const now = booked.committedAt ?? clock.now();
  const after = { ...payment, ...verdict, paid: payment.paid + verdict.paid };
  const { organizationId, providerId } = payment;
  const of = { organizationId, providerId, ref: object.ref, payment };
  if (verdict.mismatches.length > 0) await noteMismatches(tx, of, verdict.mismatches, now);
  if (verdict.paid > ZERO) await rememberMethod(tx, payment, object.method, now);
  const told = [...toldOfPayment(payment, after), ...booked.told];
  const isNew = told.length > 0 || verdict.paid > ZERO;
  const look = { ref: object.ref, lookAt: nextLook(after, now), now };
  await writeVerdict(tx, payment, verdict, look);
  await writeOutbox(tx, told, now);
  const isAllPaid = payment.paid < payment.amount && after.paid >= payment.amount;
  if (isAllPaid && payment.changeStatus === 'WAITING') {
    await tx.query(QUEUE_CHANGE, [payment.id, payment.customerId]);
  }
  return { isNew, updates: booked.updates };
}

interface Booked {
  readonly told: readonly Told[];
  readonly updates: BalanceUpdate[];
  readonly committedAt: Date | null;
}

const NOTHING: Booked = { told: [], updates: [], committedAt: null };

async function book(
  tx: Tx,
  { clock, watch }: { readonly clock: Clock } & Pick<PaymentsRoom, 'watch'>,
  payment: PaymentState,
  { creditAsset }: Parties,
  verdict: Verdict,
): Promise<Booked> {
  const { organizationId, customerId, walletName } = payment;
  const keys = { organizationId, customerId, walletName, assets: [creditAsset] };
  const purse = await openPurse(tx, keys, clock);
  await creditPayment(tx, purse, payment, verdict);
  const { told, updates } = await closePurse(tx, purse, watch);
  return { told, updates, committedAt: purse.committedAt };
}
