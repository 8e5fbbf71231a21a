import type { Viewer } from '../access/viewer.ts';
import { againAfterRace } from '../infra/again-after-race.ts';
import type { Tx } from '../infra/db.ts';
import { canonicalJson, sha256Hex } from '../kit/canonical.ts';
import { createChecker } from '../kit/check.ts';
import { type Exact, exact, plain, ZERO } from '../kit/decimal.ts';
import { type Id, newId } from '../kit/ids.ts';
import { type CommonRefusal, idempotencyMismatch, isRefusal } from '../kit/refusal.ts';
import { changeWallet, type LedgerAsset, type LedgerDeps } from './change-wallet.ts';
import { payFrom } from './charge.ts';
import { bookGrant, DEFAULT_PRIORITY, type GrantDraft, nextTransition } from './grant.ts';
import { alreadyExpired, balanceTooLarge, overflows } from './grant-credit.ts';
import { DEFAULT_WALLET } from './lock.ts';
import type { InsufficientFunds } from './refusals.ts';
import { findAdjustmentByTransaction, insertGrant, walletOfAdjustment } from './store.ts';
import type { WalletState } from './wallet-state.ts';

export type AdjustmentReason = 'EXTERNAL_TOPUP' | 'GOODWILL' | 'CORRECTION' | 'CLAWBACK';

export interface AdjustBalanceInput {
  readonly walletName?: string | null | undefined;
  readonly amount: unknown;
  readonly transactionId: string;
  readonly reason: AdjustmentReason;
  readonly description?: string | null | undefined;
  readonly expiresAt?: unknown;
  readonly metadata?: unknown;
  readonly idempotencyKey?: string | null | undefined;
}

export interface AdjustTarget {
  readonly customerId: Id<'customer'>;
  readonly asset: LedgerAsset;
}

export interface Adjusted {
  readonly adjustmentId: Id<'adjustment'>;
  readonly walletId: Id<'wallet'>;
  /** False when this transaction id had been booked before. */
  readonly created: boolean;
}

interface Terms {
  readonly amount: Exact;
  readonly transactionId: string;
  readonly reason: AdjustmentReason;
  readonly description: string | null;
  readonly expiresAt: Date | null;
  readonly metadata: Record<string, unknown>;
  readonly walletName: string;
}

/**
 * Reflects in a wallet what happened elsewhere: money taken by the merchant's payment provider, goodwill,
 * a correction. A positive amount becomes a grant; a negative one is drawn like usage, from general grants
 * only. The transaction id is unique per customer for ever, so a repeated webhook books once.
 */
export async function adjustBalance(
  deps: LedgerDeps,
  viewer: Viewer,
  target: AdjustTarget,
  input: AdjustBalanceInput,
): Promise<Adjusted | CommonRefusal | InsufficientFunds> {
  const check = createChecker();
  const terms: Terms = {
    amount: check.nonZero('amount', input.amount, target.asset.scale),
    transactionId: check.text('transactionId', input.transactionId, 255),
    reason: input.reason,
    description: check.optionalText('description', input.description, 500),
    expiresAt: check.instant('expiresAt', input.expiresAt),
    metadata: check.object('metadata', input.metadata),
    walletName: check.text('walletName', input.walletName ?? DEFAULT_WALLET, 64),
  };
  if (terms.expiresAt && terms.amount < ZERO) {
    check.note('expiresAt', 'NOT_ALLOWED', 'Only an amount above zero can expire.');
  }
  const fault = check.fault();
  if (fault) return fault;

  const call = {
    operation: 'adjustBalance',
    input: { ...input, ...target, asset: target.asset.id },
  };
  const { walletName } = terms;
  const change = { viewer, call, customerId: target.customerId, asset: target.asset, walletName };
  // Two wallets that book one transaction id at once meet at its unique index.
  return againAfterRace(() =>
    changeWallet(deps, change, (wallet, tx, now, opened) =>
      book(tx, wallet, terms, target, now, opened),
    ),
  );
}

/** The wallet's lock orders calls with one transaction id; the unique index guards other wallets. */
async function book(
  tx: Tx,
  wallet: WalletState,
  terms: Terms,
  target: AdjustTarget,
  now: Date,
  opened: boolean,
) {
  const first = await findAdjustmentByTransaction(tx, target.customerId, terms.transactionId);
  if (first) return repeated(tx, first, wallet, terms, target);
  const id = newId('adjustment');
  const booked =
    terms.amount > ZERO
      ? await bookCredit(tx, wallet, id, terms, target, now)
      : bookDebit(wallet, id, -terms.amount, now);
  if (isRefusal(booked)) return opened ? withoutWallet(booked) : booked;
  await tx.prisma.adjustment.create({
    data: {
      id,
      organizationId: wallet.organizationId,
      customerId: wallet.customerId,
      walletId: wallet.id,
      transactionId: terms.transactionId,
      contentHash: Buffer.from(sha256Hex(canonicalJson(contentOf(terms, target))), 'hex'),
      amount: plain(terms.amount),
      reason: terms.reason,
      description: terms.description,
      metadata: terms.metadata as object,
      grantId: booked.grantId,
      createdAt: now,
    },
  });
  return { adjustmentId: id, walletId: wallet.id, created: true };
}

const PURPOSE = {
  EXTERNAL_TOPUP: 'PAID',
  GOODWILL: 'PROMOTIONAL',
  CORRECTION: 'PAID',
  CLAWBACK: 'PAID',
} as const;

async function bookCredit(
  tx: Tx,
  wallet: WalletState,
  adjustmentId: string,
  terms: Terms,
  target: AdjustTarget,
  now: Date,
) {
  if (terms.expiresAt && terms.expiresAt <= now) return alreadyExpired('expiresAt');
  if (overflows(wallet.balance, terms.amount)) return balanceTooLarge('amount');
  const grant: GrantDraft = {
    id: newId('grant'),
    organizationId: wallet.organizationId,
    customerId: wallet.customerId,
    walletId: wallet.id,
    testClockId: wallet.testClockId,
    amount: terms.amount,
    sourceAccount: terms.reason === 'EXTERNAL_TOPUP' ? 'CASH' : 'ADJUSTMENT',
    purpose: PURPOSE[terms.reason],
    priority: DEFAULT_PRIORITY,
    costBasis: null,
    effectiveAt: null,
    expiresAt: terms.expiresAt,
    scopeMetrics: [],
    description: terms.description,
    metadata: terms.metadata,
    nextTransitionAt: nextTransition(
      { effectiveAt: null, expiresAt: terms.expiresAt },
      now,
      wallet.settlementWindowMs,
    ),
    createdAt: now,
  };
  await insertGrant(tx, grant);
  bookGrant(wallet, grant, target.asset.burnOrder, { kind: 'ADJUSTMENT', id: adjustmentId });
  return { grantId: grant.id };
}

function bookDebit(wallet: WalletState, adjustmentId: string, amount: Exact, now: Date) {
  const cause = { kind: 'ADJUSTMENT' as const, id: adjustmentId, chargeOrdinal: null };
  const moment = { occurredAt: now, now, settlementWindowMs: wallet.settlementWindowMs };
  const paid = payFrom(wallet, [{ amount, metricCode: null, cause, to: 'ADJUSTMENT' }], moment);
  return isRefusal(paid) ? paid : { grantId: null };
}

/** A refusal leaves no row, so a wallet that this call would have opened cannot be named. */
function withoutWallet(refusal: CommonRefusal | InsufficientFunds) {
  return refusal.refusal === 'InsufficientFunds' ? { ...refusal, walletId: null } : refusal;
}

function contentOf(terms: Terms, target: AdjustTarget) {
  return {
    asset: target.asset.code,
    walletName: terms.walletName,
    amount: plain(terms.amount),
    reason: terms.reason,
    description: terms.description,
    expiresAt: terms.expiresAt?.toISOString() ?? null,
    metadata: terms.metadata,
  };
}

type StoredAdjustment = NonNullable<Awaited<ReturnType<typeof findAdjustmentByTransaction>>>;

/** The wallet is the one that the call names, which need not be the one of the first call. */
async function repeated(
  tx: Tx,
  first: StoredAdjustment,
  wallet: WalletState,
  terms: Terms,
  target: AdjustTarget,
) {
  const hash = sha256Hex(canonicalJson(contentOf(terms, target)));
  if (Buffer.from(first.contentHash ?? []).toString('hex') !== hash) {
    return idempotencyMismatch(terms.transactionId, await differingField(tx, first, wallet, terms));
  }
  return {
    adjustmentId: first.id as Id<'adjustment'>,
    walletId: first.walletId as Id<'wallet'>,
    created: false,
  };
}

async function differingField(
  tx: Tx,
  first: StoredAdjustment,
  wallet: WalletState,
  terms: Terms,
): Promise<string> {
  if (terms.amount !== exact(first.amount)) return 'amount';
  if (first.reason !== terms.reason) return 'reason';
  if (first.description !== terms.description) return 'description';
  if (canonicalJson(first.metadata) !== canonicalJson(terms.metadata)) return 'metadata';
  if (first.walletId !== wallet.id) {
    const { assetId } = await walletOfAdjustment(tx, first);
    return assetId === wallet.assetId ? 'walletName' : 'asset';
  }
  return 'expiresAt';
}
