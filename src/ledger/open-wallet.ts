import type { Viewer } from '../access/viewer.ts';
import { nowOf } from '../clocks/now-of.ts';
import type { Tx } from '../infra/db.ts';
import { once } from '../infra/idempotency.ts';
import { type Checker, createChecker } from '../kit/check.ts';
import { plain, ZERO } from '../kit/decimal.ts';
import { fromTypeId, type Id } from '../kit/ids.ts';
import { type CommonRefusal, type Invalid, notFound } from '../kit/refusal.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import { writeOutbox } from '../live/outbox.ts';
import { readUpdates } from './balances.ts';
import type { LedgerAsset, LedgerDeps } from './change-wallet.ts';
import { DEFAULT_WALLET, lockRows, type WalletKey } from './lock.ts';
import { lockToLook } from './lock-to-look.ts';
import { findWalletByKey, findWalletWithAsset, insertWallet } from './store.ts';
import { balanceChanged, toldOf } from './tell.ts';
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
  const policy = readPolicy(check, input, target.asset.scale, 'BLOCK', '0');
  const fault = check.fault();
  if (fault) return fault;

  const key = { customerId: target.customerId, assetId: target.asset.id as Id<'asset'>, name };
  const { organizationId } = viewer;
  const content = { ...input, customerId: target.customerId, assetId: target.asset.id };
  const outcome = await deps.db.transaction((tx) =>
    once<Opened>(
      tx,
      deps.clock,
      { organizationId, operation: 'openWallet', input: content },
      async () => {
        const now = deps.clock.now();
        const created = await insertWallet(tx, organizationId, key, now);
        const wallet = await findWalletByKey(tx, key);
        const walletId = wallet.id as Id<'wallet'>;
        if (created) {
          await tx.prisma.wallet.update({ where: { id_customerId: wallet }, data: policy });
          await watchOpened(deps, tx, key, now);
        }
        return { walletId, created };
      },
    ),
  );
  if ('created' in outcome)
    deps.announce(await readUpdates(deps.db.direct, deps.clock, [outcome.walletId]));
  return outcome;
}

/** The same as for a wallet that is opened by its first grant. */
async function watchOpened(deps: LedgerDeps, tx: Tx, key: WalletKey, now: Date): Promise<void> {
  const wallets = await lockToLook(tx, [key]);
  const watched = wallets.map((wallet) => {
    wallet.facts.push({ type: 'wallet.opened', walletId: wallet.id });
    return { wallet, settled: ZERO, isCredit: false, isOpened: true, grantsToJudge: [] };
  });
  await deps.watch(tx, watched, now);
  await writeOutbox(tx, toldOf(wallets, []), now);
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
  const { organizationId } = viewer;
  const key = {
    customerId: stored.customerId as Id<'customer'>,
    assetId: stored.assetId as Id<'asset'>,
    name: stored.name,
  };
  let updates: BalanceUpdate[] = [];
  const outcome = await deps.db.transaction((tx) =>
    once<{ walletId: Id<'wallet'> } | Invalid>(
      tx,
      deps.clock,
      { organizationId, operation: 'updateWallet', input },
      async () => {
        // What is left out stays as it is once nobody else can change it.
        const [row] = await lockRows(tx, [key]);
        if (!row) throw new Error('A wallet that was found is gone.');
        const check = createChecker();
        const onEmpty = row.on_empty as OnEmpty;
        const policy = readPolicy(check, input, stored.asset.scale, onEmpty, row.overdraft_limit);
        const fault = check.fault();
        if (fault) return fault;
        const committedAt = deps.clock.now();
        const updatedAt = await nowOf(tx, deps.clock, row.test_clock_id);
        await tx.prisma.wallet.update({
          where: { id_customerId: { id: walletId, customerId: key.customerId } },
          data: {
            ...policy,
            policySequence: BigInt(row.last_sequence),
            version: { increment: 1 },
            updatedAt,
          },
        });
        updates = (await readUpdates(tx, deps.clock, [walletId])).map((update) => ({
          ...update,
          cause: 'POLICY',
        }));
        const fact = { type: 'wallet.updated' as const, walletId };
        const told = { organizationId, customerId: key.customerId, fact };
        await writeOutbox(tx, [told, ...updates.map(balanceChanged)], committedAt);
        return { walletId };
      },
    ),
  );
  if ('walletId' in outcome) deps.announce(updates);
  return outcome;
}

function readPolicy(
  check: Checker,
  input: WalletPolicyInput,
  scale: number,
  currentPolicy: OnEmpty,
  currentLimit: string,
) {
  const onEmpty = input.onEmpty ?? currentPolicy;
  const limited = onEmpty === 'OVERDRAFT' || onEmpty === 'THROTTLE';
  const given = input.overdraftLimit;
  const limit = given == null ? null : check.nonNegative('overdraftLimit', given, scale);
  if (limited && limit === null && currentPolicy !== onEmpty) {
    check.note('overdraftLimit', 'REQUIRED', `${onEmpty} needs a limit.`);
  }
  if (!limited && limit !== null && limit > ZERO) {
    check.note('overdraftLimit', 'NOT_ALLOWED', `${onEmpty} takes no limit.`);
  }
  const kept = limited ? currentLimit : '0';
  return { onEmpty, overdraftLimit: limited && limit !== null ? plain(limit) : kept };
}
