import type { Viewer } from '../access/viewer.ts';
import type { Db, Tx } from '../infra/db.ts';
import { type KeyedCall, once } from '../infra/idempotency.ts';
import type { Clock } from '../kit/clock.ts';
import type { Id } from '../kit/ids.ts';
import { type IdempotencyMismatch, type Invalid, isRefusal } from '../kit/refusal.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import { writeOutbox } from '../live/outbox.ts';
import type { Announce } from '../live/publish.ts';
import type { BurnOrder } from './burn-down.ts';
import { closePurse, openPurse } from './purse.ts';
import { isChanged, type WalletState } from './wallet-state.ts';
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
 * `decide` changes the wallet in memory and answers with ids; its refusal, which is one of the outcomes, rolls
 * everything back.
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
  ) => Promise<Outcome>,
): Promise<Outcome | IdempotencyMismatch | Invalid> {
  const { organizationId } = change.viewer;
  const { customerId, asset, walletName } = change;
  let updates: BalanceUpdate[] = [];
  const outcome = await deps.db.transaction((tx) =>
    once(tx, deps.clock, { ...change.call, organizationId }, async () => {
      const keys = { organizationId, customerId, walletName, assets: [asset] };
      const purse = await openPurse(tx, keys, deps.clock);
      const [pocket] = purse.pockets;
      if (!pocket) throw new Error('A purse was opened without the wallet that was asked for.');
      const { wallet, isOpened } = pocket;
      const decided = await decide(wallet, tx, purse.now, isOpened);
      if (!isChanged(wallet) || isRefusal(decided)) return decided;
      const closed = await closePurse(tx, purse, deps.watch);
      updates = closed.updates;
      await writeOutbox(tx, closed.told, purse.committedAt);
      return decided;
    }),
  );
  if (!isRefusal(outcome)) deps.announce(updates);
  return outcome;
}
