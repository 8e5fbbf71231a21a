import { heldOverdraft, type RefHold } from './reference-held.ts';
import {
  afterDebt,
  draw,
  headroom,
  limitOf,
  type RefWallet,
  type When,
} from './reference-wallet.ts';
import { insufficient, nameOf, type Outcome } from './reference-words.ts';
import { smaller, sum } from './units.ts';

/** Pays everything from one wallet, from a hold first if one is given; or says what was missing. */
export function payAll(
  wallet: RefWallet,
  owed: readonly { metric: string | null; amount: bigint }[],
  when: When,
  causeOf: (index: number) => string,
  hold: RefHold | null = null,
): { draws: [string, bigint][] }[] | Outcome {
  const limit = limitOf(wallet);
  const debtBefore = wallet.debt;
  const heldBefore = heldOverdraft(wallet, when.now);
  const room = positive(headroom(wallet) - heldBefore);
  const freeBefore = afterDebt(wallet, when.now);
  const paid = owed.map(({ metric, amount }, index) =>
    draw(wallet, amount, metric, when, causeOf(index), hold),
  );
  const indebted = sum(paid.map((one) => one.owed));
  // What its own hold had of the overdraft is not asked for again, as far as the policy goes today.
  const own = heldBefore - heldOverdraft(wallet, when.now);
  const tooMuch = [positive(indebted - own) - room];
  if (own > 0n && indebted > 0n) tooMuch.push(smaller(indebted, debtBefore + indebted - limit));
  if (debtBefore > 0n && wallet.policy !== 'ARREARS') {
    // The debt comes first: what is left of it and the limit must cover what was taken.
    const free = afterDebt(wallet, when.now);
    tooMuch.push(smaller(freeBefore - free, -free - limit));
  }
  const short = tooMuch.reduce((a, b) => (a > b ? a : b));
  if (short <= 0n) return paid;
  const required = sum(owed.map((one) => one.amount));
  return insufficient(required, required - short, nameOf(wallet));
}

const positive = (value: bigint) => (value > 0n ? value : 0n);
