import type { Viewer } from '../access/viewer.ts';
import { once } from '../infra/idempotency.ts';
import { type Checker, createChecker } from '../kit/check.ts';
import { type Exact, plain, ZERO } from '../kit/decimal.ts';
import { fromTypeId, type Id } from '../kit/ids.ts';
import { type CommonRefusal, notFound } from '../kit/refusal.ts';
import type { LedgerAsset, LedgerDeps } from './change-wallet.ts';
import { DEFAULT_WALLET } from './lock.ts';
import { findWalletByKey, findWalletWithAsset, insertWallet } from './store.ts';
import type { OnEmpty } from './wallet-state.ts';

export interface WalletPolicyInput {
  readonly onEmpty?: OnEmpty | null | undefined;
  readonly overdraftLimit?: unknown;
}

export interface OpenWalletInput extends WalletPolicyInput {
  readonly name?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface UpdateWalletInput extends WalletPolicyInput {
  readonly wallet: string;
  readonly idempotencyKey?: string | null | undefined;
}

export interface Opened {
  readonly walletId: Id<'wallet'>;
  readonly created: boolean;
}

/** Opens a wallet, or finds the one of that name and leaves its policy as it is. */
export async function openWallet(
  deps: LedgerDeps,
  viewer: Viewer,
  target: { readonly customerId: Id<'customer'>; readonly asset: LedgerAsset },
  input: OpenWalletInput,
): Promise<Opened | CommonRefusal> {
  const check = createChecker();
  const name = check.text('name', input.name ?? DEFAULT_WALLET, 64);
  const policy = readPolicy(check, input, target.asset.scale, 'BLOCK', ZERO);
  const fault = check.fault();
  if (fault) return fault;

  const key = { customerId: target.customerId, assetId: target.asset.id as Id<'asset'>, name };
  const { organizationId } = viewer;
  const content = { ...input, customerId: target.customerId, assetId: target.asset.id };
  return deps.db.transaction((tx) =>
    once<Opened>(
      tx,
      deps.clock,
      { organizationId, operation: 'openWallet', input: content },
      async () => {
        const created = await insertWallet(tx, organizationId, key, deps.clock.now());
        const wallet = await findWalletByKey(tx, key);
        if (created) {
          await tx.prisma.wallet.update({ where: { id_customerId: wallet }, data: policy });
        }
        return { walletId: wallet.id as Id<'wallet'>, created };
      },
    ),
  );
}

/** Changes what happens when the money ends. What is owed already stays owed. */
export async function updateWallet(
  deps: LedgerDeps,
  viewer: Viewer,
  input: UpdateWalletInput,
): Promise<{ walletId: Id<'wallet'> } | CommonRefusal> {
  const walletId = fromTypeId('wallet', input.wallet);
  const stored = walletId && (await findWalletWithAsset(deps.db, viewer, walletId));
  if (!stored) return notFound('wallet', 'Wallet', input.wallet);
  const check = createChecker();
  const limit = stored.overdraftLimit;
  const policy = readPolicy(check, input, stored.asset.scale, stored.onEmpty, limit);
  const fault = check.fault();
  if (fault) return fault;

  const { organizationId } = viewer;
  const outcome = await deps.db.transaction((tx) =>
    once(tx, deps.clock, { organizationId, operation: 'updateWallet', input }, async () => {
      await tx.prisma.wallet.update({
        where: { id_customerId: { id: walletId, customerId: stored.customerId } },
        data: { ...policy, version: { increment: 1 }, updatedAt: deps.clock.now() },
      });
      return { walletId };
    }),
  );
  if ('walletId' in outcome) deps.publish(await deps.readUpdates([walletId]));
  return outcome;
}

function readPolicy(
  check: Checker,
  input: WalletPolicyInput,
  scale: number,
  currentPolicy: OnEmpty,
  currentLimit: Exact | { toString(): string },
) {
  const onEmpty = input.onEmpty ?? currentPolicy;
  const limited = onEmpty === 'OVERDRAFT' || onEmpty === 'THROTTLE';
  const given = input.overdraftLimit;
  const limit = given == null ? null : check.nonNegative('overdraftLimit', given, scale);
  if (limited && limit === null && currentPolicy !== onEmpty) {
    check.note('overdraftLimit', 'REQUIRED', `${onEmpty} needs a limit.`);
  }
  if (!limited && limit?.gt(0)) {
    check.note('overdraftLimit', 'NOT_ALLOWED', `${onEmpty} takes no limit.`);
  }
  const kept = limited ? currentLimit.toString() : '0';
  return { onEmpty, overdraftLimit: limited && limit ? plain(limit) : kept };
}
