import type { Tx } from '../infra/db.ts';
import { type Exact, ZERO } from '../kit/decimal.ts';
import { closePurse, openPurse, type Purse } from '../ledger/purse.ts';
import type { WalletState } from '../ledger/wallet-state.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import type { Told } from '../live/event.ts';
import { writeOutbox } from '../live/outbox.ts';
import { creditPayment } from './credit-payment.ts';
import type { PaymentsRoom } from './deps.ts';
import { judge, type Verdict } from './judge.ts';
import { noteOutcome } from './limits/note-attempt.ts';
import { nextLook } from './next-look.ts';
import { type Parties, readParties } from './parties.ts';
import type { PaymentState } from './payment.ts';
import type { ProviderPayment } from './provider.ts';
import { afterPayment } from './recharge/after-payment.ts';
import { redactObject } from './redact.ts';
import { applyReturns, openCounter, type ReturnsBooked } from './refunds/apply-returns.ts';
import type { Refund } from './refunds/claim.ts';
import { judgeReturns, type ReturnsVerdict } from './refunds/judge-returns.ts';
import type { Returns } from './refunds/shares.ts';
import { readReturns, writeRefunded } from './refunds/store.ts';
import { rememberMethod } from './remember-method.ts';
import { readSettings } from './settings.ts';
import { QUEUE_CHANGE } from './sql/add-jobs.ts';
import {
  closeAmountMismatch,
  lockPayment,
  noteMismatches,
  type PaymentKey,
  writeVerdict,
} from './store.ts';
import { toldOfPayment } from './tell.ts';

/**
 * Makes of a payment what the provider's object says, in one transaction: locks it, judges, credits what has arrived, writes once,
 * tells. True when anything was new. Told the same a second time, or what was true before, it does nothing.
 */
export async function applyObject(
  room: PaymentsRoom,
  key: PaymentKey,
  said: ProviderPayment,
  alongside: (tx: Tx, isNew: boolean) => Promise<void> = async () => undefined,
): Promise<boolean> {
  const { db, announce } = room;
  const object = redactObject(said);
  let updates: BalanceUpdate[] = [];
  const isNew = await db.transaction(async (tx) => {
    const payment = await lockPayment(tx, key);
    const parties = await readParties(tx, payment);
    const { code: currency } = parties.asset;
    const verdict = judge(payment, object, { currency, creditScale: parties.creditAsset.scale });
    const known = await readReturns(tx, payment);
    const paid = payment.paid + verdict.paid;
    const returns = { known, verdict: judgeReturns(known, object, { paid, currency }) };
    const applied = await apply(tx, room, { payment, parties, object, verdict, returns });
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
  /** What is known of money that goes back, and what the object makes of that. */
  readonly returns: { readonly known: Returns; readonly verdict: ReturnsVerdict };
}

async function apply(tx: Tx, room: PaymentsRoom, judged: Judged) {
  const { payment, object, verdict, returns } = judged;
  const booked = isBooked(judged) ? await book(tx, room, judged) : NOTHING;
  const now = booked.committedAt ?? room.clock.now();
  const after = { ...payment, ...verdict, paid: payment.paid + verdict.paid };
  const { organizationId, providerId } = payment;
  const of = { organizationId, providerId, ref: object.ref, payment };
  const { excess } = returns.verdict;
  const mismatches = [
    ...verdict.mismatches,
    ...(excess ? [{ kind: 'REFUNDS' as const, ...excess }] : []),
  ];
  if (mismatches.length > 0) await noteMismatches(tx, of, mismatches, now);
  const isRest = payment.paid > ZERO && verdict.paid > ZERO && after.paid === payment.amount;
  if (isRest) await closeAmountMismatch(tx, of, now);
  await noteOutcome(tx, payment, { ...object, paid: verdict.paid }, room.clock.now());
  const kept = verdict.paid > ZERO ? await rememberMethod(tx, payment, object.method, now) : [];
  const told = [...toldOfPayment(payment, after), ...booked.told, ...kept];
  const isNew = told.length > 0 || isBooked(judged);
  const isWaiting = booked.isWaiting ?? isAnyPending(returns.known.refunds);
  const lookAt = nextLook(after, judged.parties.providerKind, now, isWaiting);
  const look = { ref: object.ref, lookAt, now };
  await writeVerdict(tx, payment, verdict, look);
  if (booked.refunded !== null) await writeRefunded(tx, payment, booked.refunded);
  const { told: more, updates } = await afterPayment(tx, payment, after, booked.wallet, now);
  await writeOutbox(tx, [...told, ...more], now);
  const isAllPaid = payment.paid < payment.amount && after.paid >= payment.amount;
  if (isAllPaid && payment.changeStatus === 'WAITING') {
    await tx.query(QUEUE_CHANGE, [payment.id, payment.customerId]);
  }
  return { isNew, updates: [...booked.updates, ...updates] };
}

interface Booked {
  readonly told: readonly Told[];
  readonly updates: BalanceUpdate[];
  readonly committedAt: Date | null;
  /** Whether money is on its way back; null: as before. */
  readonly isWaiting: boolean | null;
  /** What was given back in all; null: as before. */
  readonly refunded: Exact | null;
  /** The wallet, where something was posted to it. */
  readonly wallet: WalletState | null;
}

const NOTHING: Booked = {
  told: [],
  updates: [],
  committedAt: null,
  isWaiting: null,
  refunded: null,
  wallet: null,
};

function isBooked({ verdict, returns }: Judged): boolean {
  const { refunds, disputes } = returns.verdict;
  return verdict.paid > ZERO || refunds.length > 0 || disputes.length > 0;
}

/** What comes in first, then what goes back: what was refunded before anybody knew that it was paid comes to nothing. */
async function book(
  tx: Tx,
  { clock, watch }: PaymentsRoom,
  { payment, parties: { creditAsset }, verdict, returns }: Judged,
): Promise<Booked> {
  const { organizationId, customerId, walletName } = payment;
  const keys = { organizationId, customerId, walletName, assets: [creditAsset] };
  const purse = await openPurse(tx, keys, clock);
  if (verdict.paid > ZERO) await creditPayment(tx, purse, payment, verdict);
  const returned = isAnythingBack(returns)
    ? await bookReturns(tx, purse, payment, returns)
    : { told: [], refunds: [], refunded: payment.refunded };
  const { told, updates } = await closePurse(tx, purse, watch);
  const { committedAt } = purse;
  return {
    told: [...returned.told, ...told],
    updates,
    committedAt,
    isWaiting: isAnyPending(returned.refunds),
    refunded: returned.refunded === payment.refunded ? null : returned.refunded,
    wallet: updates.length > 0 ? (purse.pockets[0]?.wallet ?? null) : null,
  };
}

/** Mostly nothing goes back, and nothing has to be read for it. */
function isAnythingBack({ known, verdict }: Judged['returns']): boolean {
  return [known, verdict].some(({ refunds, disputes }) => refunds.length + disputes.length > 0);
}

async function bookReturns(
  tx: Tx,
  purse: Purse,
  payment: PaymentState,
  { known, verdict }: Judged['returns'],
): Promise<ReturnsBooked> {
  const { spentCreditPolicy } = await readSettings(tx, payment.organizationId);
  const counter = await openCounter(tx, purse, payment, spentCreditPolicy);
  return applyReturns(counter, known, verdict);
}

function isAnyPending(refunds: readonly Refund[]): boolean {
  return refunds.some(({ status, isWithheld }) => status === 'PENDING' && !isWithheld);
}
