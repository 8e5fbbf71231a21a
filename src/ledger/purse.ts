import type { Tx } from '../infra/db.ts';
import { type Clock, SECOND_MS } from '../kit/clock.ts';
import { type Exact, ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import type { Told } from '../live/event.ts';
import type { LedgerAsset } from './change-wallet.ts';
import { lapse } from './holds/lapse.ts';
import { lockWallets } from './lock.ts';
import { post } from './post.ts';
import { insertWallet } from './store.ts';
import { toldOf } from './tell.ts';
import { balanceOf, type GrantState, isChanged, type WalletState } from './wallet-state.ts';
import { timeOf } from './wallet-time.ts';
import type { Watch } from './watch.ts';

/** One wallet of a purse, as it was when the purse was opened. */
export interface Pocket {
  readonly asset: LedgerAsset;
  readonly wallet: WalletState;
  readonly isOpened: boolean;
  readonly settledBefore: Exact;
  /** When each of its grants was to expire. */
  readonly endsBefore: ReadonlyMap<GrantState, Date | null>;
}

/** Wallets of one customer, locked, to be changed together in a transaction that the caller has opened. */
export interface Purse {
  readonly pockets: readonly Pocket[];
  /** By the customer's time. Behind the locks: whoever held them before has booked at an earlier one. */
  readonly now: Date;
  /** By the server's time, for the event log. */
  readonly committedAt: Date;
}

export interface PurseKeys {
  readonly organizationId: string;
  readonly customerId: Id<'customer'>;
  readonly walletName: string;
  /** Each once. */
  readonly assets: readonly LedgerAsset[];
}

/** Opens the wallets that are missing, and locks them all. */
export async function openPurse(
  tx: Tx,
  { organizationId, customerId, walletName, assets }: PurseKeys,
  clock: Clock,
): Promise<Purse> {
  const sorted = [...assets].sort((a, b) => (a.id < b.id ? -1 : 1));
  const keys = sorted.map(({ id }) => ({
    customerId,
    assetId: id as Id<'asset'>,
    name: walletName,
  }));
  const opened = new Set<string>();
  for (const key of keys) {
    if (await insertWallet(tx, organizationId, key, clock.now())) opened.add(key.assetId);
  }
  const settlementWindowMs = await readSettlementWindow(tx, organizationId);
  const assetOf = new Map(sorted.map((asset) => [asset.id, asset]));
  const wallets = await lockWallets(tx, keys, ({ assetId }) => ({
    burnOrder: known(assetOf.get(assetId)).burnOrder,
    settlementWindowMs,
  }));
  if (wallets.length !== keys.length) throw new Error('A wallet vanished from its transaction.');
  const committedAt = clock.now();
  const now = wallets[0] ? timeOf(wallets[0], committedAt) : committedAt;
  const pockets = wallets.map((wallet): Pocket => {
    const isOpened = opened.has(wallet.assetId);
    if (isOpened) wallet.facts.push({ type: 'wallet.opened', walletId: wallet.id });
    if (wallet.holds !== null) lapse(wallet, wallet.holds, now);
    return {
      asset: known(assetOf.get(wallet.assetId)),
      wallet,
      isOpened,
      settledBefore: balanceOf(wallet, now).settled,
      endsBefore: new Map(wallet.grants.map((grant) => [grant, grant.expiresAt])),
    };
  });
  return { pockets, now, committedAt };
}

/** What there is to tell of a purse that was closed: in the log, and to subscribers after the commit. */
export interface Closed {
  readonly told: readonly Told[];
  readonly updates: BalanceUpdate[];
}

/** Writes what was decided about the wallets, all of it at once, and evaluates their alert rules. */
export async function closePurse(tx: Tx, { pockets, now }: Purse, watch: Watch): Promise<Closed> {
  const touched = pockets.filter(isTouched);
  const idle = pockets.filter((pocket) => pocket.isOpened && !isTouched(pocket));
  const posted = post(
    tx,
    touched.map(({ wallet }) => wallet),
    now,
  );
  await posted.written;
  const settledOf = [...posted.settled, ...idle.map(() => ZERO)];
  const watched = [...touched, ...idle];
  await watch(
    tx,
    watched.map(({ wallet, isOpened, settledBefore, endsBefore }, index) => {
      const settled = settledOf[index] ?? ZERO;
      const grantsToJudge = wallet.grants.filter(
        (grant) => endsBefore.get(grant) !== grant.expiresAt,
      );
      return { wallet, settled, isCredit: settled > settledBefore, isOpened, grantsToJudge };
    }),
    now,
  );
  const told = toldOf(
    watched.map(({ wallet }) => wallet),
    posted.updates,
  );
  return { told, updates: posted.updates };
}

/** Something was booked, or time was told to have changed what it may spend. */
export function isTouched({ wallet, isOpened }: Pocket): boolean {
  return isChanged(wallet) || wallet.facts.length > Number(isOpened);
}

async function readSettlementWindow(tx: Tx, organizationId: string): Promise<number> {
  const { settlementWindowSeconds } = await tx.prisma.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { settlementWindowSeconds: true },
  });
  return settlementWindowSeconds * SECOND_MS;
}

function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('A wallet counts an asset that was not asked for.');
  return value;
}
