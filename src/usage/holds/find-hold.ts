import { toTypeId } from '../../kit/ids.ts';
import { notFound } from '../../kit/refusal.ts';
import type { HoldState } from '../../ledger/holds/hold-state.ts';
import { lapse } from '../../ledger/holds/lapse.ts';
import type { HoldClosed } from '../../ledger/refusals.ts';
import type { WalletState } from '../../ledger/wallet-state.ts';
import { timeOf } from '../../ledger/wallet-time.ts';
import type { Refused, Situation } from '../decide.ts';
import type { HoldOperation, HoldRef } from './operation.ts';

/** A hold and the wallet that it is on. */
export interface OnWallet {
  readonly hold: HoldState;
  readonly wallet: WalletState;
}

/**
 * The hold that an operation names, as it is now: also one that an operation before it has closed a moment ago.
 * Null when it is not open and was not looked for.
 */
export function findHold(operation: HoldOperation, situation: Situation): OnWallet | null {
  const wallet = situation.walletOf(operation.customerId, operation.assetId);
  if (!wallet) return null;
  if (wallet.holds !== null) lapse(wallet, wallet.holds, timeOf(wallet, situation.now));
  const { holdId } = operation;
  const hold =
    wallet.holds?.open.get(holdId) ??
    changedOf(wallet, holdId) ??
    situation.foundHold(operation)?.state ??
    null;
  return hold && { hold, wallet };
}

function changedOf({ holds }: WalletState, holdId: string): HoldState | undefined {
  for (const hold of holds?.changed ?? []) if (hold.id === holdId) return hold;
  return undefined;
}

export function isOpen({ status, isLapsed }: HoldState): boolean {
  return status === 'OPEN' && !isLapsed;
}

export function closed({ id: holdId, status }: HoldState): Refused {
  const refusal: HoldClosed = {
    refusal: 'HoldClosed',
    holdId,
    status: status === 'OPEN' ? 'EXPIRED' : status,
  };
  return { kind: 'REFUSE', refusal };
}

export function unknown({ holdId }: HoldRef, path = 'hold'): Refused {
  return { kind: 'REFUSE', refusal: notFound(path, 'Hold', toTypeId('hold', holdId)) };
}
