import { type Exact, exact, ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import type { InsufficientFunds } from '../ledger/refusals.ts';
import { begin } from './begin.ts';
import { beginPeriod } from './renew.ts';
import { READ_PAID_IN } from './sql/read-usage.ts';
import { offerNow, pocketOf, tell, type Work } from './work.ts';

/**
 * What became of a subscription or a period that was to begin: it has, the wallet lacks funds for it, or what
 * has to be paid into the wallet before has not come. Nothing is done but in the first case.
 */
export type Beginning =
  | { readonly kind: 'BEGUN' }
  | { readonly kind: 'SHORT'; readonly refusal: InsufficientFunds }
  | { readonly kind: 'WAITING'; readonly walletId: Id<'wallet'> };

const BEGUN: Beginning = { kind: 'BEGUN' };

/** Begins what was not begun yet, unless it waits for what has to be paid in. */
export async function tryToBegin(work: Work, at: Date): Promise<Beginning> {
  const prefund = await missingPrefund(work);
  if (prefund !== null) return { kind: 'WAITING', walletId: prefund.walletId };
  return beginningOf(await begin(work, at));
}

/** Begins the period that holds `at`. */
export async function tryToRenew(work: Work, at: Date): Promise<Beginning> {
  return beginningOf(await beginPeriod(work, at));
}

/**
 * Makes the status and what is waited for of how a beginning went: what has not begun stays as it is, what had
 * begun before falls behind. That funds are lacking is told once. Which version of the wallet it has seen is said
 * when it is written.
 */
export function settle(work: Work, beginning: Beginning): void {
  const { state } = work;
  const hasWaited = state.awaitsWalletId !== null;
  state.awaitsWalletId = awaitedWallet(beginning);
  if (beginning.kind === 'BEGUN') return;
  const fallsBehind = state.status === 'TRIALING' || state.status === 'ACTIVE';
  const lacksFirst = state.status === 'PENDING' && beginning.kind === 'SHORT' && !hasWaited;
  if (fallsBehind) state.status = 'PAST_DUE';
  if (fallsBehind || lacksFirst) tell(work, 'subscription.past_due');
}

function awaitedWallet(beginning: Beginning): Id<'wallet'> | null {
  if (beginning.kind === 'BEGUN') return null;
  if (beginning.kind === 'WAITING') return beginning.walletId;
  const { walletId } = beginning.refusal;
  if (walletId === null) throw new Error('A wallet that was opened is refused as if it were not.');
  return walletId;
}

function beginningOf(refusal: InsufficientFunds | null): Beginning {
  return refusal === null ? BEGUN : { kind: 'SHORT', refusal };
}

/** What is to be paid before it begins, and has not come into the wallet since it was made. */
export interface MissingPrefund {
  readonly walletId: Id<'wallet'>;
  readonly assetId: Id<'asset'>;
  readonly amount: Exact;
}

/** Null when all of it has come, or nothing was to. */
export async function missingPrefund(work: Work): Promise<MissingPrefund | null> {
  const { tx, state } = work;
  const { asset } = offerNow(work).definition;
  if (state.prefundAmount === null || asset === null) return null;
  const { wallet } = pocketOf(work, asset);
  const [row] = await tx.query<{ amount: string }>(READ_PAID_IN, [wallet.id, state.id]);
  const amount = state.prefundAmount - exact(row?.amount ?? '0');
  return amount <= ZERO ? null : { walletId: wallet.id, assetId: wallet.assetId, amount };
}
