import { exact, min, plain, ZERO } from '../../../kit/decimal.ts';
import { ProviderError } from '../../provider.ts';
import { announce, type Change } from './change.ts';
import { leftAt, type SandboxDispute, type SandboxPayment } from './record.ts';
import { unguessable } from './refs.ts';

/** A dispute that opens by itself. */
export function disputeToCome({ amount }: SandboxPayment, opensAtMs: number): SandboxDispute {
  return { ref: unguessable('sbd'), amount, reason: 'fraudulent', opensAtMs, outcome: null };
}

/** Of disputes to come so much as is left after a refund; those of nothing do not come. */
export function lowerDisputes(payment: SandboxPayment, now: Date): readonly SandboxDispute[] {
  const left = leftAt(payment, now);
  return payment.disputes.flatMap((dispute) => {
    if (dispute.opensAtMs <= now.getTime()) return [dispute];
    const amount = min(exact(dispute.amount), left);
    return amount > ZERO ? [{ ...dispute, amount: plain(amount) }] : [];
  });
}

/** The customer's bank takes back what is left of a payment, until it is settled who is right. */
export function openDispute(payment: SandboxPayment, reason: string, now: Date): Change {
  const left = leftAt(payment, now);
  if (left <= ZERO) {
    throw new ProviderError('NOTHING_TO_DISPUTE', 'Nothing is left of the payment.', false);
  }
  const opened: SandboxDispute = {
    ref: unguessable('sbd'),
    amount: plain(left),
    reason,
    opensAtMs: now.getTime(),
    outcome: null,
  };
  // One dispute takes all that is left, so none of those to come finds anything.
  const before = payment.disputes.filter(({ opensAtMs }) => opensAtMs <= now.getTime());
  return {
    payment: { ...payment, disputes: [...before, opened] },
    events: [announce('dispute.opened')],
  };
}

/** Whoever is right gets the money. Null when that was decided before. */
export function decideDispute(
  payment: SandboxPayment,
  outcome: 'WON' | 'LOST',
  now: Date,
): Change | null {
  const isOpen = (dispute: SandboxDispute) =>
    dispute.outcome === null && dispute.opensAtMs <= now.getTime();
  if (!payment.disputes.some(isOpen)) return null;
  const disputes = payment.disputes.map((dispute) =>
    isOpen(dispute) ? { ...dispute, outcome } : dispute,
  );
  return { payment: { ...payment, disputes }, events: [announce('dispute.closed')] };
}
