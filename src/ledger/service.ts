import type { Viewer } from '../access/viewer.ts';
import { fromTypeId, type Id } from '../kit/ids.ts';
import { type AdjustBalanceInput, type AdjustTarget, adjustBalance } from './adjust-balance.ts';
import { readBalanceAt, readBalances, readUpdates, readVersions } from './balances.ts';
import type { LedgerAsset, LedgerDeps } from './change-wallet.ts';
import { applyTransitions, createGrantTransitions } from './expiry.ts';
import { type GrantCreditInput, type GrantTarget, grantCredit } from './grant-credit.ts';
import { createHoldExpiry, expireHolds } from './holds/expire-holds.ts';
import { findHold, findHoldByKey, type HoldKey } from './holds/hold-store.ts';
import {
  type OpenWalletInput,
  openWallet,
  type UpdateWalletInput,
  updateWallet,
} from './open-wallet.ts';
import * as store from './store.ts';
import { type VoidGrantInput, voidGrant } from './void-grant.ts';

export type Ledger = ReturnType<typeof createLedger>;

/** Room 3: money moves or is refused. */
export function createLedger(deps: LedgerDeps) {
  const { db, clock } = deps;
  return {
    openWallet: (
      viewer: Viewer,
      target: { customerId: Id<'customer'>; asset: LedgerAsset },
      input: OpenWalletInput,
    ) => openWallet(deps, viewer, target, input),
    updateWallet: (viewer: Viewer, input: UpdateWalletInput) => updateWallet(deps, viewer, input),
    grantCredit: (viewer: Viewer, target: GrantTarget, input: GrantCreditInput) =>
      grantCredit(deps, viewer, target, input),
    adjustBalance: (viewer: Viewer, target: AdjustTarget, input: AdjustBalanceInput) =>
      adjustBalance(deps, viewer, target, input),
    voidGrant: (viewer: Viewer, input: VoidGrantInput) => voidGrant(deps, viewer, input),
    /** Books what the server's time has done to grants; returns how many were handled. */
    applyTransitions: () => applyTransitions(deps, null),
    grantTransitions: createGrantTransitions(deps),
    /** Books holds whose time is over by the server's; returns how many were due. */
    expireHolds: () => expireHolds(deps, null),
    holdExpiry: createHoldExpiry(deps),
    /** What subscribers are told of wallets as they are now. */
    readUpdates: (walletIds: readonly string[]) => readUpdates(db.direct, clock, walletIds),
    readVersions: (customerIds: readonly string[]) => readVersions(db.direct, customerIds),
    readBalances: (walletIds: readonly string[]) => readBalances(db.direct, clock, walletIds),
    readBalanceAt: (wallet: Parameters<typeof readBalanceAt>[2], at: Date) =>
      readBalanceAt(db.direct, clock, wallet, at),
    findWallet: (viewer: Viewer, id: string, query?: object) =>
      store.findWallet(db, viewer, id, query),
    findWalletByTypeId: (viewer: Viewer, typeId: string, query?: object) => {
      const id = fromTypeId('wallet', typeId);
      return id && store.findWallet(db, viewer, id, query);
    },
    findGrant: (viewer: Viewer, id: string, query?: object) =>
      store.findGrant(db, viewer, id, query),
    findHold: (viewer: Viewer, id: string, query?: object) => findHold(db, viewer, id, query),
    findHoldByKey: (viewer: Viewer, key: HoldKey, query?: object) =>
      findHoldByKey(db, viewer, key, query),
    listEntries: (of: Parameters<typeof store.listEntries>[1], page: store.EntriesPage) =>
      store.listEntries(db, of, page),
    findAdjustment: (viewer: Viewer, id: string, query?: object) =>
      store.findAdjustment(db, viewer, id, query),
  };
}
