import type { PaymentFailure } from '../provider.ts';
import { applyReturns, type Counter, type ReturnsBooked } from './apply-returns.ts';
import type { Refund } from './claim.ts';
import type { Returns } from './shares.ts';

/**
 * Gives refunds up that no provider has made: their credit is there again, and what is disputed of the payment has the first claim
 * on it.
 */
export function giveUp(
  counter: Counter,
  known: Returns,
  refunds: readonly Refund[],
  failure: PaymentFailure,
): Promise<ReturnsBooked> {
  return applyReturns(counter, known, {
    refunds: refunds.map((refund) => ({
      known: refund,
      found: { ref: null, amount: refund.amount },
      status: 'FAILED',
      failure,
    })),
    disputes: [],
    excess: null,
  });
}
