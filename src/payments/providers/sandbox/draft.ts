import { DAY_MS } from '../../../kit/clock.ts';
import { MAX_SCALE, plain, ZERO } from '../../../kit/decimal.ts';
import { type ChargeRequest, type CheckoutRequest, ProviderError } from '../../provider.ts';
import { attempt, type Timing } from './attempt.ts';
import { announce, type Change } from './change.ts';
import { methodOfToken } from './methods.ts';
import type { SandboxPayment } from './record.ts';

/** How long a bank waits for the customer who has to confirm what he is charged without being there. */
const CONFIRM_WITHIN_MS = DAY_MS;

/** What was not asked, or has not happened yet. */
const UNTOUCHED = { isCanceled: false, attempt: null, refunds: [], disputes: [] };

/** A page that waits for its customer. */
export function draftCheckout(request: CheckoutRequest, now: Date): (ref: string) => Change {
  const asked = readAsked(request);
  const { saveMethod, refundPolicy, returnUrl, expiresAt } = request;
  const openForMs = Math.max(0, expiresAt.getTime() - now.getTime());
  return (ref) => ({
    payment: {
      ...UNTOUCHED,
      ...asked,
      ref,
      kind: 'CHECKOUT',
      saveMethod,
      refundPolicy,
      returnUrl,
      expiresAtMs: expiresAt.getTime(),
    },
    events: [announce('checkout.closed', openForMs)],
  });
}

/** A charge, and what has come of it at once. */
export function draftCharge(request: ChargeRequest, timing: Timing): (ref: string) => Change {
  const asked = readAsked(request);
  const method = methodOfToken(request.methodToken);
  if (!method) throw new ProviderError('NO_SUCH_METHOD', 'There is no such method.', false);
  return (ref) => {
    const payment: SandboxPayment = {
      ...UNTOUCHED,
      ...asked,
      ref,
      kind: 'CHARGE',
      saveMethod: true,
      refundPolicy: null,
      returnUrl: null,
      expiresAtMs: timing.now.getTime() + CONFIRM_WITHIN_MS,
    };
    const change = attempt(payment, method, true, timing);
    if (change.payment.attempt?.result.kind !== 'ASKING') return change;
    const closed = announce('checkout.closed', CONFIRM_WITHIN_MS);
    return { ...change, events: [...change.events, closed] };
  };
}

function readAsked({ paymentId, amount, currency, description }: ChargeRequest | CheckoutRequest) {
  const step = 10n ** BigInt(MAX_SCALE - currency.minorUnits);
  if (amount <= ZERO || amount % step !== ZERO) {
    const message = `Must be above zero, with ${currency.minorUnits} decimal places at most.`;
    throw new ProviderError('BAD_AMOUNT', message, false);
  }
  return { paymentId, amount: plain(amount), currency, description };
}
