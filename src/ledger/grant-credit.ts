import type { Viewer } from '../access/viewer.ts';
import { createChecker } from '../kit/check.ts';
import { type Exact, LIMIT } from '../kit/decimal.ts';
import { type Id, newId } from '../kit/ids.ts';
import { type CommonRefusal, invalid } from '../kit/refusal.ts';
import type { GrantPurpose } from './burn-down.ts';
import { changeWallet, type LedgerAsset, type LedgerDeps } from './change-wallet.ts';
import { bookGrant, DEFAULT_PRIORITY, type GrantDraft, nextTransition } from './grant.ts';
import { DEFAULT_WALLET } from './lock.ts';
import { insertGrant } from './store.ts';

/** What `grantCredit` was asked for; decimals, times and objects are not checked yet. */
export interface GrantCreditInput {
  readonly walletName?: string | null | undefined;
  readonly amount: unknown;
  readonly purpose?: GrantPurpose | null | undefined;
  readonly priority?: number | null | undefined;
  readonly costBasis?: unknown;
  readonly effectiveAt?: unknown;
  readonly expiresAt?: unknown;
  readonly description?: string | null | undefined;
  readonly metadata?: unknown;
  readonly idempotencyKey?: string | null | undefined;
}

export interface GrantTarget {
  readonly customerId: Id<'customer'>;
  readonly asset: LedgerAsset;
  /** Codes of the metrics that the grant may pay for; empty for all. */
  readonly scopeMetrics: readonly string[];
}

export interface Granted {
  readonly grantId: Id<'grant'>;
  readonly walletId: Id<'wallet'>;
}

/** Puts a block of value into a customer's wallet, opening the wallet if it is the first. */
export async function grantCredit(
  deps: LedgerDeps,
  viewer: Viewer,
  target: GrantTarget,
  input: GrantCreditInput,
): Promise<Granted | CommonRefusal> {
  const check = createChecker();
  const { scale } = target.asset;
  const walletName = check.text('walletName', input.walletName ?? DEFAULT_WALLET, 64);
  const amount = check.positive('amount', input.amount, scale);
  const purpose = input.purpose ?? 'PAID';
  const terms = {
    amount,
    purpose,
    sourceAccount: purpose === 'PAID' ? ('CASH' as const) : ('PROMOTIONAL' as const),
    priority: check.integer('priority', input.priority ?? DEFAULT_PRIORITY, 0, 100),
    costBasis: input.costBasis == null ? null : check.nonNegative('costBasis', input.costBasis),
    effectiveAt: check.instant('effectiveAt', input.effectiveAt),
    expiresAt: check.instant('expiresAt', input.expiresAt),
    scopeMetrics: target.scopeMetrics,
    description: check.optionalText('description', input.description, 500),
    metadata: check.object('metadata', input.metadata),
  };
  if (terms.expiresAt && terms.effectiveAt && terms.expiresAt <= terms.effectiveAt) {
    check.note('expiresAt', 'NOT_ALLOWED', 'Must be after effectiveAt.');
  }
  const fault = check.fault();
  if (fault) return fault;

  const call = { operation: 'grantCredit', input: { ...input, ...target, asset: target.asset.id } };
  const change = { viewer, call, customerId: target.customerId, asset: target.asset, walletName };
  return changeWallet(deps, change, async (wallet, tx, at) => {
    // Judged here and not above: a retry with its idempotency key is answered also when it is late.
    if (terms.expiresAt && terms.expiresAt <= at) return alreadyExpired('expiresAt');
    if (overflows(wallet.balance, amount)) return balanceTooLarge('amount');
    const grant: GrantDraft = {
      ...terms,
      id: newId('grant'),
      organizationId: wallet.organizationId,
      customerId: wallet.customerId,
      walletId: wallet.id,
      testClockId: wallet.testClockId,
      nextTransitionAt: nextTransition(terms, at, wallet.settlementWindowMs),
      createdAt: at,
    };
    await insertGrant(tx, grant);
    bookGrant(wallet, grant, target.asset.burnOrder, { kind: 'GRANT', id: grant.id });
    return { grantId: grant.id, walletId: wallet.id };
  });
}

/** Whether the wallet's balance would need more digits than the ledger keeps. */
export function overflows(balance: Exact, amount: Exact): boolean {
  return balance + amount >= LIMIT;
}

export function alreadyExpired(path: string) {
  return invalid({ path, code: 'NOT_ALLOWED', message: 'Must be after now.' });
}

export function balanceTooLarge(path: string) {
  return invalid({
    path,
    code: 'OUT_OF_RANGE',
    message: "The wallet's balance would need more than 26 digits before the decimal point.",
  });
}
