import { type Exact, exact, plain } from '../../kit/decimal.ts';
import { type Id, toTypeId } from '../../kit/ids.ts';
import type { OfferInput } from '../make-offer.ts';

/** Where anybody who knows the address may pay for one customer. */
export interface LinkState {
  readonly id: Id<'paymentLink'>;
  readonly organizationId: Id<'organization'>;
  readonly customerId: Id<'customer'>;
  readonly slug: string;
  /** What whoever pays reads. */
  readonly description: string;
  readonly packId: string | null;
  readonly packQuantity: number | null;
  /** What is credited, and what it is paid in; null with a pack. */
  readonly creditAssetId: string | null;
  readonly assetId: string | null;
  /** Null with a pack, and where whoever pays chooses. */
  readonly amount: Exact | null;
  /** What may be chosen; null where nothing is. */
  readonly bounds: { readonly min: Exact; readonly max: Exact } | null;
  readonly suggested: readonly Exact[];
  readonly expiresAfterDays: number | null;
  readonly walletName: string;
  /** Null: the one that is the default when somebody pays. */
  readonly providerId: string | null;
  /** Null: any number. */
  readonly maxUses: number | null;
  readonly expiresAt: Date | null;
  readonly isActive: boolean;
  readonly metadata: unknown;
}

export type LinkStanding = 'OPEN' | 'INACTIVE' | 'EXPIRED' | 'USED_UP';

/** Below it are the pages of links. */
export const PAY_PATH = '/pay/';

/** Of 128 bits that nobody can guess. */
export const SLUG = /^[A-Za-z0-9_-]{22}$/;

/** Whether somebody may pay at it now. `uses` are its payments that are made or can still be. */
export function standingOf(
  { isActive, expiresAt, maxUses }: Pick<LinkState, 'isActive' | 'expiresAt' | 'maxUses'>,
  uses: number,
  now: Date,
): LinkStanding {
  if (!isActive) return 'INACTIVE';
  if (expiresAt !== null && expiresAt <= now) return 'EXPIRED';
  return maxUses !== null && uses >= maxUses ? 'USED_UP' : 'OPEN';
}

/** What is bought at it, for an amount where that is chosen. */
export function boughtAt(link: LinkState, chosen: string | null): OfferInput {
  const { packId, packQuantity, creditAssetId, assetId, amount, expiresAfterDays } = link;
  if (packId !== null) return { pack: toTypeId('creditPack', packId), quantity: packQuantity };
  if (creditAssetId === null || assetId === null) throw new Error('A link sells nothing.');
  return {
    asset: toTypeId('asset', creditAssetId),
    currency: toTypeId('asset', assetId),
    amount: amount === null ? chosen : plain(amount),
    expiresAfterDays,
  };
}

type Numeric = { toFixed(): string };

export interface LinkRow
  extends Omit<
    LinkState,
    'id' | 'organizationId' | 'customerId' | 'amount' | 'bounds' | 'suggested'
  > {
  readonly id: string;
  readonly organizationId: string;
  readonly customerId: string;
  readonly amount: Numeric | null;
  readonly minAmount: Numeric | null;
  readonly maxAmount: Numeric | null;
  readonly suggestedAmounts: unknown;
}

export function linkState({ amount, minAmount, maxAmount, suggestedAmounts, ...row }: LinkRow) {
  const state: LinkState = {
    ...row,
    id: row.id as Id<'paymentLink'>,
    organizationId: row.organizationId as Id<'organization'>,
    customerId: row.customerId as Id<'customer'>,
    amount: amount && exact(amount),
    bounds: minAmount && maxAmount && { min: exact(minAmount), max: exact(maxAmount) },
    suggested: (suggestedAmounts as string[]).map((each) => exact(each)),
  };
  return state;
}
