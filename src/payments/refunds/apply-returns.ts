import type { Tx } from '../../infra/db.ts';
import { type Exact, ZERO } from '../../kit/decimal.ts';
import { newId } from '../../kit/ids.ts';
import type { Purse } from '../../ledger/purse.ts';
import type { Cause, WalletState } from '../../ledger/wallet-state.ts';
import type { Told } from '../../live/event.ts';
import type { PaymentState } from '../payment.ts';
import type { SpentCreditPolicy } from '../settings.ts';
import { type Dispute, noClaim, type Refund } from './claim.ts';
import type { DisputeStep, RefundStep, ReturnsVerdict } from './judge-returns.ts';
import { finalOf, type Returns, refundedOf, shareOf } from './shares.ts';
import {
  insertDispute,
  insertRefund,
  readCredited,
  updateDispute,
  updateRefund,
  writeClaim,
} from './store.ts';
import { giveAgain, oweMissing, takeOwn } from './take-credit.ts';
import { toldOfDispute, toldOfRefund } from './tell.ts';

/** What the credit of claims is booked with: a wallet that is locked, and all that is known of its payment. */
export interface Counter {
  readonly tx: Tx;
  readonly wallet: WalletState;
  readonly payment: PaymentState;
  readonly credited: NonNullable<Awaited<ReturnType<typeof readCredited>>>;
  /** Decimal places that the credited asset keeps. */
  readonly scale: number;
  readonly policy: SpentCreditPolicy;
  /** By the customer's time. */
  readonly now: Date;
  /** By the server's time. */
  readonly committedAt: Date;
}

export async function openCounter(
  tx: Tx,
  { pockets: [pocket], now, committedAt }: Purse,
  payment: PaymentState,
  policy: SpentCreditPolicy,
): Promise<Counter> {
  const credited = await readCredited(tx, payment);
  if (!pocket || !credited) throw new Error(`Nothing was credited for ${payment.id}.`);
  const { wallet, asset } = pocket;
  return { tx, wallet, payment, credited, scale: asset.scale, policy, now, committedAt };
}

/** What has become of the money that goes back of a payment. */
export interface ReturnsBooked {
  readonly told: readonly Told[];
  readonly refunds: readonly Refund[];
  /** What the payment counts as given back now. */
  readonly refunded: Exact;
}

/**
 * Books what a provider says of money that goes back, behind the locks of the payment and its wallet. What comes back to the
 * customer is booked first, so that what is taken can be taken of it.
 */
export async function applyReturns(
  counter: Counter,
  known: Returns,
  { refunds: refundSteps, disputes: disputeSteps }: ReturnsVerdict,
): Promise<ReturnsBooked> {
  const refunds = [...known.refunds];
  const disputes = [...known.disputes];
  const told: Told[] = [];
  // What is disputed is of the credit that refunds take first.
  const open = disputes.filter(({ status }) => status === 'OPEN');
  const isClosing = (dispute: Dispute) => disputeSteps.some((step) => step.known === dispute);
  const isMoved = refundSteps.some(({ known: one, status }) => !one || status === 'FAILED');
  const letGo = open.filter((dispute) => isMoved || isWon(dispute, disputeSteps));
  for (const dispute of letGo) await free(counter, dispute);

  for (const step of [...refundSteps].sort(failedFirst)) {
    const refund = await applyRefund(counter, { refunds, disputes }, step);
    replace(refunds, step.known, refund);
    told.push(...toldOfRefund(counter.payment, step.known, refund));
  }
  for (const dispute of letGo.filter((one) => !isClosing(one))) {
    claimAgain(counter, { refunds, disputes }, dispute);
    await updateDispute(counter.tx, counter.payment, dispute, 'OPEN', counter.committedAt);
  }
  for (const step of disputeSteps) {
    const dispute = await applyDispute(counter, { refunds, disputes }, step);
    replace(disputes, step.known, dispute);
    told.push(...toldOfDispute(counter.payment, step.known, dispute));
  }
  await settleUp(counter, { refunds, disputes });
  const refunded = refundedOf(counter.credited.paid, refunds);
  return { told, refunds, refunded };
}

/**
 * Has the last claim that stands take what is still to go back: where more money went back than was paid each found less than its
 * share, which is there once another has failed, or more has come.
 */
export async function settleUp(counter: Counter, returns: Returns): Promise<void> {
  const { tx, wallet, payment, credited, scale, now, committedAt } = counter;
  const standing = finalOf(returns);
  const last = standing.at(-1);
  if (!last) return;
  const { credit, bonus } = shareOf(credited, standing, ZERO, scale);
  if (credit + bonus === ZERO) return;
  last.credit += credit;
  last.bonus += bonus;
  const isRefund = returns.refunds.some((refund) => refund === last);
  const cause = causeOf(isRefund ? 'REFUND' : 'DISPUTE', last);
  const missing = takeOwn(wallet, last, credited.own, cause);
  oweMissing(wallet, last, missing, credited.own, cause, now);
  await writeClaim(tx, payment, isRefund ? 'paymentRefund' : 'paymentDispute', last, committedAt);
}

function isWon(dispute: Dispute, steps: readonly DisputeStep[]): boolean {
  return steps.some(({ known, status }) => known === dispute && status === 'WON');
}

function failedFirst(a: RefundStep, b: RefundStep): number {
  return Number(b.status === 'FAILED') - Number(a.status === 'FAILED');
}

function replace<One>(all: One[], known: One | null, now: One): void {
  if (known === null) all.push(now);
  else all.splice(all.indexOf(known), 1, now);
}

async function applyRefund(
  counter: Counter,
  returns: Returns,
  { known, found, status, failure }: RefundStep,
): Promise<Refund> {
  const { tx, payment, policy, credited, committedAt } = counter;
  if (!known) {
    const id = newId('paymentRefund');
    const refund = { ...noClaim(found.amount, policy), id, ref: found.ref, status };
    const made: Refund = { ...refund, withdrawalId: null, isWithheld: false };
    claimRefund(counter, returns, made);
    const { walletId } = credited;
    await insertRefund(tx, payment, { ...made, walletId, reason: null }, committedAt);
    return made;
  }
  if (status === 'FAILED') {
    await giveAgain(tx, counter.wallet, known, credited.own, causeOf('REFUND', known), counter.now);
  }
  const change = { status, ref: found.ref, ...(failure && { failure }) };
  await updateRefund(tx, payment, known, change, committedAt);
  return { ...known, status, ref: found.ref };
}

/** Takes the credit of a refund, and has what was spent of it owed or written off. */
export function claimRefund(counter: Counter, returns: Returns, refund: Refund): void {
  const { credited, wallet, scale, now } = counter;
  Object.assign(refund, shareOf(credited, finalOf(returns), refund.amount, scale));
  const cause = causeOf('REFUND', refund);
  const missing = takeOwn(wallet, refund, credited.own, cause);
  oweMissing(wallet, refund, missing, credited.own, cause, now);
}

async function applyDispute(
  counter: Counter,
  returns: Returns,
  { known, found, status }: DisputeStep,
): Promise<Dispute> {
  const { tx, payment, policy, credited, committedAt } = counter;
  const dispute: Dispute = known
    ? { ...known, status, policy }
    : {
        ...noClaim(found.amount, policy),
        ...{ id: newId('paymentDispute'), ref: found.ref, status },
      };
  // What was won right away, or given free above, takes nothing.
  if (status !== 'WON') claimAgain(counter, returns, dispute);
  if (status === 'LOST') {
    const cause = causeOf('DISPUTE', dispute);
    const missing = takeOwn(counter.wallet, dispute, credited.own, cause);
    oweMissing(counter.wallet, dispute, missing, credited.own, cause, counter.now);
  }
  if (known) await updateDispute(tx, payment, dispute, status, committedAt);
  else {
    const draft = { ...dispute, walletId: credited.walletId, reason: found.reason };
    await insertDispute(tx, payment, draft, committedAt);
  }
  return dispute;
}

/** Keeps back for a dispute what there is of its credit; what it had kept already stays so. */
function claimAgain(counter: Counter, { refunds, disputes }: Returns, dispute: Dispute): void {
  const { wallet, credited, scale } = counter;
  const others = { refunds, disputes: disputes.filter(({ id }) => id !== dispute.id) };
  if (dispute.taken.length === 0) {
    const before = [...finalOf(others), ...others.disputes.filter(isHeld)];
    Object.assign(dispute, shareOf(credited, before, dispute.amount, scale));
  }
  takeOwn(wallet, dispute, credited.own, causeOf('DISPUTE', dispute));
}

function isHeld({ status, taken }: Dispute): boolean {
  return status === 'OPEN' && taken.length > 0;
}

/** What a dispute has kept back can be spent again. */
async function free({ tx, wallet, credited, now }: Counter, dispute: Dispute): Promise<void> {
  await giveAgain(tx, wallet, dispute, credited.own, causeOf('DISPUTE', dispute), now);
}

function causeOf(kind: 'REFUND' | 'DISPUTE', { id }: Refund | Dispute): Cause {
  return { kind, id, chargeOrdinal: null };
}
