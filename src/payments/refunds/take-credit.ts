import type { Tx } from '../../infra/db.ts';
import { type Exact, max, min, ZERO } from '../../kit/decimal.ts';
import { isInForce } from '../../ledger/grant.ts';
import { moveIn, moveOut, repayDebtFrom, takeFrom } from '../../ledger/move.ts';
import { returnDraws } from '../../ledger/return-draws.ts';
import type { Cause, WalletState } from '../../ledger/wallet-state.ts';
import type { Claim } from './claim.ts';

/** The grants that a payment has made, newest first, and what of them is gone without anybody having spent it. */
export interface OwnGrants {
  readonly paid: readonly string[];
  readonly bonus: readonly string[];
  /** As far as no claim has counted it. */
  lapsed: Exact;
}

/**
 * Takes out of the wallet what a claim has not taken yet: of the payment's own grants, of each kind its share first and then
 * whatever is left of them, and nothing that holds have set aside. Answers what is missing.
 */
export function takeOwn(
  wallet: WalletState,
  claim: Claim,
  { paid, bonus }: OwnGrants,
  cause: Cause,
): Exact {
  const isOf = (ids: readonly string[]) =>
    claim.taken.reduce((sum, one) => sum + (ids.includes(one.grantId) ? one.amount : ZERO), ZERO);
  const shares = [
    { ids: paid, most: max(claim.credit - isOf(paid), ZERO) },
    { ids: bonus, most: max(claim.bonus - isOf(bonus), ZERO) },
  ];
  const wanted = claim.credit + claim.bonus - takenBy(claim) - claim.lapsed - claim.shortfall;
  const first = shares.map(({ ids, most }) => planOf(wallet, ids, min(most, wanted)));
  const plan = new Map(first.flat());
  let missing = wanted - sumOf(plan.values());
  for (const id of [...paid, ...bonus]) {
    const more = min(missing, freeOf(wallet, id) - (plan.get(id) ?? ZERO));
    plan.set(id, (plan.get(id) ?? ZERO) + more);
    missing -= more;
  }
  for (const [id, amount] of plan) take(wallet, claim, id, amount, cause);
  return missing;
}

/** What of an amount each grant can give, in their order. */
function planOf(wallet: WalletState, ids: readonly string[], amount: Exact): [string, Exact][] {
  let left = amount;
  return ids.map((id) => {
    const part = min(left, freeOf(wallet, id));
    left -= part;
    return [id, part];
  });
}

function freeOf({ grants }: WalletState, id: string): Exact {
  const grant = grants.find((one) => one.id === id);
  return grant ? grant.remaining - grant.held : ZERO;
}

function take(wallet: WalletState, claim: Claim, id: string, amount: Exact, cause: Cause): void {
  const grant = wallet.grants.find((one) => one.id === id);
  if (!grant || amount === ZERO) return;
  const taken = takeFrom(wallet, grant, amount, 'REFUND', cause);
  const known = claim.taken.find(({ grantId }) => grantId === id);
  if (known) known.amount += taken;
  else claim.taken.push({ grantId: id, amount: taken });
}

/**
 * Does with what is missing of a claim what its policy says, apart from what has expired. What the wallet owes is paid at once by
 * whatever else it has in force; what is written off passes through its debt, so that the loss is in the books.
 */
export function oweMissing(
  wallet: WalletState,
  claim: Claim,
  missing: Exact,
  own: OwnGrants,
  cause: Cause,
  now: Date,
): void {
  const lapsed = min(missing, own.lapsed);
  const spent = missing - lapsed;
  own.lapsed -= lapsed;
  claim.lapsed += lapsed;
  claim.shortfall += spent;
  if (spent === ZERO) return;
  moveOut(wallet, 'REFUND', spent, null, cause);
  if (claim.policy === 'WRITE_OFF') {
    moveIn(wallet, 'ADJUSTMENT', spent, null, cause);
    return;
  }
  const inForce = wallet.grants.filter(
    (grant) => grant.scopeMetrics.length === 0 && isInForce(grant, now),
  );
  repayDebtFrom(wallet, inForce, cause);
}

/** Gives all that was taken for a claim again: what it had the wallet owe, and to the grants that it was taken of. */
export async function giveAgain(
  tx: Tx,
  wallet: WalletState,
  claim: Claim,
  own: OwnGrants,
  cause: Cause,
  now: Date,
): Promise<void> {
  const { paid, bonus } = own;
  const { shortfall, taken } = claim;
  if (claim.policy === 'WRITE_OFF' && shortfall > ZERO) {
    moveOut(wallet, 'ADJUSTMENT', shortfall, null, cause);
    moveIn(wallet, 'REFUND', shortfall, null, cause);
  }
  const owed = claim.policy === 'WRITE_OFF' ? ZERO : shortfall;
  const amount = takenBy(claim) + owed;
  if (amount > ZERO) {
    // What others have repaid of the debt by now has no other place than a grant.
    const others = wallet.grants.map(({ id }) => id).filter((id) => !paid.includes(id));
    const draws = [
      { grantId: null, amount: owed },
      ...taken,
      ...[...paid, ...bonus, ...others].map((grantId) => ({ grantId, amount: owed })),
    ].filter((draw) => draw.amount > ZERO);
    const unplaced = await returnDraws(tx, wallet, amount, draws, cause, now, 'REFUND');
    if (unplaced > ZERO) throw new Error('What a refund had taken finds no place any more.');
  }
  claim.taken = [];
  own.lapsed += claim.lapsed;
  claim.lapsed = ZERO;
  claim.shortfall = ZERO;
}

export function takenBy({ taken }: Claim): Exact {
  return sumOf(taken.map(({ amount }) => amount));
}

function sumOf(amounts: Iterable<Exact>): Exact {
  let sum = ZERO;
  for (const amount of amounts) sum += amount;
  return sum;
}
