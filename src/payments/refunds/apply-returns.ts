import type { Tx } from '../../infra/db.ts';
import { type Exact, ZERO } from '../../kit/decimal.ts';
import { newId } from '../../kit/ids.ts';
import type { Purse } from '../../ledger/purse.ts';
import type { WalletState } from '../../ledger/wallet-state.ts';
import type { Told } from '../../live/event.ts';
import type { PaymentState } from '../payment.ts';
import type { SpentCreditPolicy } from '../settings.ts';
import { causeOf, type Dispute, noClaim, type Refund } from './claim.ts';
import type { DisputeStep, RefundStep, ReturnsVerdict } from './judge-returns.ts';
import { settle } from './settle.ts';
import { finalOf, type Returns, refundedOf, shareOf } from './shares.ts';
import { insertDispute, insertRefund, readCredited, updateDispute, updateRefund } from './store.ts';
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
 * customer is booked first, so that what is taken can be taken of it; what is only kept back for disputes that are open last, of
 * what all others have left: else somebody owed what is there.
 */
export async function applyReturns(
  counter: Counter,
  known: Returns,
  verdict: ReturnsVerdict,
): Promise<ReturnsBooked> {
  const { tx, payment, credited, committedAt } = counter;
  const refunds = [...known.refunds];
  const disputes = [...known.disputes];
  const returns = { refunds, disputes };
  const told: Told[] = [];
  const letGo = toLetGo(counter, known, verdict);
  for (const dispute of letGo) await free(counter, dispute);

  for (const step of [...verdict.refunds].sort(failedFirst)) {
    const refund = await applyRefund(counter, returns, step);
    replace(refunds, step.known, refund);
    told.push(...toldOfRefund(payment, step.known, refund));
  }
  const applyDisputes = async (steps: readonly DisputeStep[]) => {
    for (const step of steps) {
      const dispute = await applyDispute(counter, returns, step);
      replace(disputes, step.known, dispute);
      told.push(...toldOfDispute(payment, step.known, dispute));
    }
  };
  await applyDisputes(verdict.disputes.filter(isClosed));
  await settle(counter, returns);
  for (const dispute of letGo.filter((one) => disputes.includes(one))) {
    claimAgain(counter, returns, dispute);
    await updateDispute(tx, payment, dispute, 'OPEN', committedAt);
  }
  await applyDisputes(verdict.disputes.filter((step) => !isClosed(step)));
  return { told, refunds, refunded: refundedOf(credited.paid, refunds) };
}

/**
 * The open disputes whose credit others may claim first, or whose share is another now: all, when something goes back, or comes
 * back, or more has come. One that is lost itself, and nothing else, has taken what it is to have.
 */
function toLetGo(
  { payment, credited }: Counter,
  { disputes }: Returns,
  { refunds: refundSteps, disputes: steps }: ReturnsVerdict,
): Dispute[] {
  const isMoved =
    credited.paid > payment.paid ||
    refundSteps.some(({ known, status }) => !known || status === 'FAILED');
  return disputes.filter(
    (dispute) =>
      dispute.status === 'OPEN' &&
      (isMoved ||
        steps.some((step) => isClosed(step) && (step.known !== dispute || step.status === 'WON'))),
  );
}

function isClosed({ status }: DisputeStep): boolean {
  return status !== 'OPEN';
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
  const missing = status === 'WON' ? ZERO : claimAgain(counter, returns, dispute);
  if (status === 'LOST') {
    const cause = causeOf('DISPUTE', dispute);
    oweMissing(counter.wallet, dispute, missing, credited.own, cause, counter.now);
  }
  if (known) await updateDispute(tx, payment, dispute, status, committedAt);
  else {
    const draft = { ...dispute, walletId: credited.walletId, reason: found.reason };
    await insertDispute(tx, payment, draft, committedAt);
  }
  return dispute;
}

/** Keeps back for a dispute what there is of its credit; what it had kept already stays so. Answers what is missing. */
function claimAgain(counter: Counter, { refunds, disputes }: Returns, dispute: Dispute): Exact {
  const { wallet, credited, scale } = counter;
  const others = { refunds, disputes: disputes.filter(({ id }) => id !== dispute.id) };
  if (dispute.taken.length === 0) {
    const before = [...finalOf(others), ...others.disputes.filter(isHeld)];
    Object.assign(dispute, shareOf(credited, before, dispute.amount, scale));
  }
  return takeOwn(wallet, dispute, credited.own, causeOf('DISPUTE', dispute));
}

function isHeld({ status, taken }: Dispute): boolean {
  return status === 'OPEN' && taken.length > 0;
}

/** What a dispute has kept back can be spent again. */
async function free({ tx, wallet, credited, now }: Counter, dispute: Dispute): Promise<void> {
  await giveAgain(tx, wallet, dispute, credited.own, causeOf('DISPUTE', dispute), now);
}
