import type { Id } from '../kit/ids.ts';
import type { WalletState } from '../ledger/wallet-state.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';

/** What a customer has, as one snapshot of the database showed it. It is replaced, never changed. */
export interface Standing {
  readonly customerId: Id<'customer'>;
  readonly organizationId: Id<'organization'>;
  /** Those that usage draws on, with their open grants. */
  readonly wallets: readonly WalletState[];
  /** The versions of all its wallets, by id. */
  readonly versions: ReadonlyMap<string, number>;
  /** When it was read, or last found to be what is stored: the time before that was asked. */
  asOf: Date;
  /** The same on a clock that only goes forward. */
  confirmedMs: number;
  /** When somebody last asked for it, on that clock. */
  askedMs: number;
}

type Versions = Pick<Standing, 'versions'>;

/** Whether an update tells of something that the standing does not show. One that makes no sense does. */
export function isNewer({ versions }: Versions, update: Partial<BalanceUpdate>): boolean {
  const known = versions.get(update.walletId ?? '') ?? -1;
  return !(typeof update.version === 'number' && update.version <= known);
}

/** Whether these are all its wallets, at the versions that it was read with. */
export function isAt(
  { versions }: Versions,
  stored: readonly { readonly walletId: string; readonly version: number }[],
): boolean {
  return (
    stored.length === versions.size &&
    stored.every(({ walletId, version }) => versions.get(walletId) === version)
  );
}
