import type { Counter } from './apply-returns.ts';
import { causeOf } from './claim.ts';
import { evenOut, finalOf, type Returns } from './shares.ts';
import { writeClaim } from './store.ts';
import { giveAgain, oweMissing, takeOwn } from './take-credit.ts';

/**
 * Has the claims that stand take all that their money makes, and no more: where more money went back than was paid each found less
 * than its share, which is there once another has failed, or more has come. What is left again comes first, so that it can be taken.
 */
export async function settle(counter: Counter, returns: Returns): Promise<void> {
  const { tx, wallet, payment, credited, scale, now, committedAt } = counter;
  const { own } = credited;
  const standing = finalOf(returns);
  const credits = evenOut(credited, standing, 'credit', scale);
  const bonuses = evenOut(credited, standing, 'bonus', scale);
  const changes = standing
    .map((claim, index) => {
      const noun = returns.refunds.some((one) => one === claim)
        ? ('paymentRefund' as const)
        : ('paymentDispute' as const);
      const cause = causeOf(noun === 'paymentRefund' ? 'REFUND' : 'DISPUTE', claim);
      const { credit, bonus } = claim;
      return {
        claim,
        noun,
        cause,
        credit: credits[index] ?? credit,
        bonus: bonuses[index] ?? bonus,
      };
    })
    .filter(({ claim, credit, bonus }) => credit !== claim.credit || bonus !== claim.bonus);
  for (const { claim, cause, credit, bonus } of changes) {
    const isLess = credit < claim.credit || bonus < claim.bonus;
    if (isLess) await giveAgain(tx, wallet, claim, own, cause, now);
    Object.assign(claim, { credit, bonus });
  }
  for (const { claim, noun, cause } of changes) {
    oweMissing(wallet, claim, takeOwn(wallet, claim, own, cause), own, cause, now);
    await writeClaim(tx, payment, noun, claim, committedAt);
  }
}
