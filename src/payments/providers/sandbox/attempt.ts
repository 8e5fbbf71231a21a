import { SECOND_MS } from '../../../kit/clock.ts';
import type { PaymentFailure } from '../../provider.ts';
import { type Announcement, announce, type Change } from './change.ts';
import { disputeToCome } from './disputes.ts';
import { methodNamed, type SandboxMethod } from './methods.ts';
import { type Attempt, isAskingAt, type SandboxPayment, statusAt } from './record.ts';

/** How long `slow` takes where the organization did not say how long payments take. */
export const SLOW_MS = 3 * SECOND_MS;
/** How long after its money has come a payment with `disputed` is disputed. */
export const DISPUTED_AFTER_MS = 10 * SECOND_MS;

/** When an attempt is made, and how long money takes. */
export interface Timing {
  readonly now: Date;
  readonly delayMs: number;
}

type Try = Omit<Attempt, 'result'>;

const REFUSED: PaymentFailure = {
  code: 'AUTHENTICATION_FAILED',
  message: 'It was not confirmed that it is you.',
};

/** The customer chose a method on the page. Null when there is nothing to pay any more. */
export function payOnPage(
  payment: SandboxPayment,
  method: SandboxMethod,
  isSaved: boolean,
  timing: Timing,
): Change | null {
  if (payment.kind !== 'CHECKOUT' || statusAt(payment, timing.now) !== 'PENDING') return null;
  return attempt(payment, method, isSaved, timing);
}

/** Pays with a method, which decides what comes of it. */
export function attempt(
  payment: SandboxPayment,
  method: SandboxMethod,
  isSaved: boolean,
  timing: Timing,
): Change {
  const number = (payment.attempt?.number ?? 0) + 1;
  const tried = { number, method: method.name, isSaved, isConfirmed: false };
  const { outcome } = method;
  switch (outcome.kind) {
    case 'PAYS':
    case 'PAYS_AND_IS_DISPUTED':
      return paid(payment, tried, timing);
    case 'PAYS_ONLY_HERE':
      return payment.kind === 'CHECKOUT'
        ? paid(payment, tried, timing)
        : failed(payment, tried, outcome.failure);
    case 'PAYS_SLOWLY':
      return paid(payment, tried, { ...timing, delayMs: timing.delayMs || SLOW_MS });
    case 'DECLINES':
      return failed(payment, tried, outcome.failure);
    case 'ASKS':
      return {
        payment: { ...payment, attempt: { ...tried, result: { kind: 'ASKING' } } },
        events: [announce('payment.action_required')],
      };
    case 'EXPIRES':
      return {
        payment: { ...payment, attempt: null, expiresAtMs: timing.now.getTime() },
        events: [announce('payment.expired')],
      };
  }
}

/** The customer said whether it is him. Null when nobody asks. */
export function answer(payment: SandboxPayment, isHim: boolean, timing: Timing): Change | null {
  if (!payment.attempt || !isAskingAt(payment, timing.now)) return null;
  const { result: _asking, ...asked } = payment.attempt;
  const tried = { ...asked, isConfirmed: isHim };
  return isHim ? paid(payment, tried, timing) : failed(payment, tried, REFUSED);
}

function paid(payment: SandboxPayment, tried: Try, { now, delayMs }: Timing): Change {
  const settlesAtMs = now.getTime() + delayMs;
  const isDisputed = methodNamed(tried.method).outcome.kind === 'PAYS_AND_IS_DISPUTED';
  const disputes = isDisputed ? [disputeToCome(payment, settlesAtMs + DISPUTED_AFTER_MS)] : [];
  const attempt: Attempt = { ...tried, result: { kind: 'PAID', settlesAtMs } };
  const events: Announcement[] = [
    ...(delayMs > 0 ? [announce('payment.authorized')] : []),
    announce('payment.settled', delayMs),
    ...disputes.map(() => announce('dispute.opened', delayMs + DISPUTED_AFTER_MS)),
  ];
  return { payment: { ...payment, attempt, disputes }, events };
}

function failed(payment: SandboxPayment, tried: Try, reason: PaymentFailure): Change {
  const failure = { ...reason, attempt: String(tried.number) };
  const attempt: Attempt = { ...tried, result: { kind: 'FAILED', failure } };
  return { payment: { ...payment, attempt }, events: [announce('payment.declined')] };
}
