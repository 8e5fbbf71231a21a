import type { Viewer } from '../access/viewer.ts';
import type { Db, Tx } from '../infra/db.ts';
import { type KeyedCall, once } from '../infra/idempotency.ts';
import { type Clock, SECOND_MS } from '../kit/clock.ts';
import type { Id } from '../kit/ids.ts';
import { isRefusal, type Refusal } from '../kit/refusal.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import { writeOutbox } from '../live/outbox.ts';
import type { Announce } from '../live/publish.ts';
import type { BurnOrder } from './burn-down.ts';
import { lockWallets, type WalletKey } from './lock.ts';
import { post } from './post.ts';
import { insertWallet } from './store.ts';
import { toldOf } from './tell.ts';
import { balanceOf, type WalletState } from './wallet-state.ts';
import { timeOf } from './wallet-time.ts';
import type { Watch } from './watch.ts';

export interface LedgerDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly announce: Announce;
  /** Evaluates the alert rules of wallets that were changed. */
  readonly watch: Watch;
}

/** The part of an asset that the ledger goes by. */
export interface LedgerAsset {
  readonly id: string;
  readonly code: string;
  readonly scale: number;
  readonly burnOrder: BurnOrder;
}

export interface WalletChange {
  readonly viewer: Viewer;
  readonly call: Omit<KeyedCall, 'organizationId'>;
  readonly customerId: Id<'customer'>;
  readonly asset: LedgerAsset;
  readonly walletName: string;
}

/**
 * The shape of every change to one wallet: open it if it is missing, lock it, decide, post, evaluate its
 * alert rules, commit, tell.
 * `decide` changes the wallet in memory and answers with ids; its refusal rolls everything back.
 */
export async function changeWallet<Outcome extends object>(
  deps: LedgerDeps,
  change: WalletChange,
  decide: (
    wallet: WalletState,
    tx: Tx,
    /** By the customer's time. */
    now: Date,
    /** Whether the wallet is opened by this change: after a refusal there is none. */
    opened: boolean,
  ) => Promise<Outcome | Refusal>,
): Promise<Outcome | Refusal> {
  const { organizationId } = change.viewer;
  let updates: BalanceUpdate[] = [];
  const outcome = await deps.db.transaction((tx) =>
    once<Outcome | Refusal>(tx, deps.clock, { ...change.call, organizationId }, async () => {
      const key = {
        customerId: change.customerId,
        assetId: change.asset.id as Id<'asset'>,
        name: change.walletName,
      };
      const opened = await insertWallet(tx, organizationId, key, deps.clock.now());
      const wallet = await lockOne(tx, organizationId, key, change.asset.burnOrder);
      if (opened) wallet.facts.push({ type: 'wallet.opened', walletId: wallet.id });
      // Behind the lock: whoever held it before us has booked at an earlier time.
      const committedAt = deps.clock.now();
      const now = timeOf(wallet, committedAt);
      const before = balanceOf(wallet, now).settled;
      const known = new Set(wallet.grants);
      const decided = await decide(wallet, tx, now, opened);
      if (wallet.postings.length === 0 || isRefusal(decided)) return decided;
      const posted = post(tx, [wallet], now);
      await posted.written;
      updates = posted.updates;
      const [settled = before] = posted.settled;
      const grantsToJudge = wallet.grants.filter((grant) => !known.has(grant));
      const isCredit = settled > before;
      await deps.watch(tx, [{ wallet, settled, isCredit, isOpened: opened, grantsToJudge }], now);
      await writeOutbox(tx, toldOf([wallet], updates), committedAt);
      return decided;
    }),
  );
  if (!isRefusal(outcome)) deps.announce(updates);
  return outcome;
}

async function lockOne(
  tx: Tx,
  organizationId: string,
  key: WalletKey,
  burnOrder: BurnOrder,
): Promise<WalletState> {
  const { settlementWindowSeconds } = await tx.prisma.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { settlementWindowSeconds: true },
  });
  const rules = { burnOrder, settlementWindowMs: settlementWindowSeconds * SECOND_MS };
  const [wallet] = await lockWallets(tx, [key], () => rules);
  if (!wallet) throw new Error('A wallet vanished within the transaction that opened it.');
  return wallet;
}
