import { randomBytes } from 'node:crypto';
import { inOrganization, type Viewer } from '../../access/viewer.ts';
import { once } from '../../infra/idempotency.ts';
import { type Checker, createChecker } from '../../kit/check.ts';
import { type Id, newId } from '../../kit/ids.ts';
import { isRefusal } from '../../kit/refusal.ts';
import { DEFAULT_WALLET } from '../../ledger/lock.ts';
import type { OfferRefusal } from '../begin-top-up.ts';
import type { SellingRoom } from '../create-top-up.ts';
import type { OfferInput } from '../make-offer.ts';
import { type Offer, paidScale } from '../offer.ts';
import { refuseCardNumbers } from '../refuse-card-numbers.ts';
import type { LinkState } from './link.ts';
import { insertLink } from './link-store.ts';

export interface CreatePaymentLinkInput extends Omit<OfferInput, 'bonus'> {
  readonly minAmount?: unknown;
  readonly maxAmount?: unknown;
  readonly suggestedAmounts?: readonly unknown[] | null | undefined;
  readonly description: string;
  readonly walletName?: string | null | undefined;
  readonly provider?: string | null | undefined;
  readonly maxUses?: number | null | undefined;
  readonly expiresAt?: unknown;
  readonly metadata?: unknown;
  readonly idempotencyKey?: string | null | undefined;
}

export interface PaymentLinkSaved {
  readonly linkId: Id<'paymentLink'>;
}

const SLUG_BYTES = 16;
const MAX_SUGGESTED = 6;
export const MOST_USES = 1_000_000;
export const MAX_DESCRIPTION = 255;

/** Makes an address at which anybody who knows it may pay for a customer. What is sold is looked up again whenever somebody does. */
export async function createPaymentLink(
  room: SellingRoom,
  viewer: Viewer,
  customerId: Id<'customer'>,
  input: CreatePaymentLinkInput,
): Promise<PaymentLinkSaved | OfferRefusal> {
  const read = readInput(room, input);
  if (isRefusal(read)) return read;
  const sold = await readSold(room, viewer, input);
  if (isRefusal(sold)) return sold;
  const row = input.provider == null ? null : await room.providers.choose(viewer, input.provider);
  if (isRefusal(row)) return row;
  const { organizationId } = viewer;
  const linkId = newId('paymentLink');
  const slug = randomBytes(SLUG_BYTES).toString('base64url');
  const providerId = row?.id ?? null;
  const own = { id: linkId, organizationId, customerId, slug, providerId, isActive: true };
  const call = {
    ...inOrganization(viewer),
    operation: 'createPaymentLink',
    input: { ...input, customerId },
  };
  return room.db.transaction((tx) =>
    once<PaymentLinkSaved>(tx, room.clock, call, async () => {
      await insertLink(tx, { ...own, ...read, ...sold }, room.clock.now());
      return { linkId };
    }),
  );
}

function readInput({ clock }: SellingRoom, input: CreatePaymentLinkInput) {
  const check = createChecker();
  const read = {
    description: check.text('description', input.description, MAX_DESCRIPTION),
    walletName: check.text('walletName', input.walletName ?? DEFAULT_WALLET, 64),
    maxUses: input.maxUses == null ? null : check.integer('maxUses', input.maxUses, 1, MOST_USES),
    expiresAt: readExpiry(check, input.expiresAt, clock.now()),
    metadata: check.object('metadata', input.metadata),
  };
  linkNames(check, input);
  // Amounts are no text, and are read as amounts.
  const {
    amount: _fixed,
    minAmount: _min,
    maxAmount: _max,
    suggestedAmounts: _some,
    ...texts
  } = input;
  refuseCardNumbers(check, { ...texts });
  return check.fault() ?? read;
}

export function readExpiry(check: Checker, raw: unknown, now: Date): Date | null {
  const at = check.instant('expiresAt', raw);
  if (at !== null && at <= now) check.note('expiresAt', 'OUT_OF_RANGE', 'It is over already.');
  return at;
}

/** Notes what does not go together: a pack, an amount, or two bounds. */
function linkNames(check: Checker, input: CreatePaymentLinkInput): void {
  const { pack, amount, minAmount, maxAmount, suggestedAmounts } = input;
  const deny = (names: readonly (keyof CreatePaymentLinkInput)[], message: string) => {
    for (const name of names) if (input[name] != null) check.note(name, 'NOT_ALLOWED', message);
  };
  if (pack != null) {
    const said = ['asset', 'amount', 'currency', 'expiresAfterDays'] as const;
    deny([...said, 'minAmount', 'maxAmount', 'suggestedAmounts'], 'The pack says it.');
    return;
  }
  deny(['quantity'], 'Only of a pack.');
  if (input.asset == null) check.note('asset', 'REQUIRED', 'Say what is bought, or name a pack.');
  if (amount != null) {
    deny(['minAmount', 'maxAmount', 'suggestedAmounts'], 'The amount is fixed.');
    return;
  }
  if (minAmount == null && maxAmount == null) {
    check.note('amount', 'REQUIRED', 'Say how much, or between what whoever pays may choose.');
  } else if (minAmount == null || maxAmount == null) {
    const missing = minAmount == null ? 'minAmount' : 'maxAmount';
    check.note(missing, 'REQUIRED', 'What may be chosen has two bounds.');
  }
  if ((suggestedAmounts?.length ?? 0) > MAX_SUGGESTED) {
    check.note('suggestedAmounts', 'TOO_MANY', `At most ${MAX_SUGGESTED}.`);
  }
}

type Sold = Pick<
  LinkState,
  | 'packId'
  | 'packQuantity'
  | 'creditAssetId'
  | 'assetId'
  | 'amount'
  | 'bounds'
  | 'suggested'
  | 'expiresAfterDays'
>;

/** What is sold, as far as it can be said now: whoever pays is made the offer of that time. */
async function readSold(
  { makeOffer }: SellingRoom,
  viewer: Viewer,
  input: CreatePaymentLinkInput,
): Promise<Sold | OfferRefusal> {
  const offered = async (name: 'amount' | 'minAmount' | 'maxAmount') =>
    at(name, await makeOffer(viewer, { ...input, amount: input[name] }));
  if (input.pack != null || input.amount != null) {
    const offer = await offered('amount');
    if (isRefusal(offer)) return offer;
    const amount = offer.pack === null ? offer.amount : null;
    return { ...termsOf(offer), amount, bounds: null, suggested: [] };
  }
  const least = await offered('minAmount');
  if (isRefusal(least)) return least;
  const most = await offered('maxAmount');
  if (isRefusal(most)) return most;
  const bounds = { min: least.amount, max: most.amount };
  const suggested = readSuggested(input, least, bounds);
  if (isRefusal(suggested)) return suggested;
  return { ...termsOf(least), amount: null, bounds, suggested };
}

function termsOf({ asset, creditAsset, pack, expiresAfterDays }: Offer) {
  const isPack = pack !== null;
  return {
    packId: pack?.id ?? null,
    packQuantity: pack?.quantity ?? null,
    creditAssetId: isPack ? null : creditAsset.id,
    assetId: isPack ? null : asset.id,
    expiresAfterDays: isPack ? null : expiresAfterDays,
  };
}

function readSuggested(
  { suggestedAmounts }: CreatePaymentLinkInput,
  { asset }: Offer,
  { min, max }: NonNullable<LinkState['bounds']>,
) {
  const check = createChecker();
  if (min > max) check.note('maxAmount', 'OUT_OF_RANGE', 'Must not be below minAmount.');
  const suggested = (suggestedAmounts ?? []).map((raw, index) => {
    const path = `suggestedAmounts.${index}`;
    const amount = check.positive(path, raw, paidScale(asset));
    if (amount > 0n && (amount < min || amount > max)) {
      check.note(path, 'OUT_OF_RANGE', 'Must be within the bounds.');
    }
    return amount;
  });
  return check.fault() ?? suggested;
}

/** What is wrong with an amount is wrong with what it was called. */
function at(name: string, outcome: Offer | OfferRefusal): Offer | OfferRefusal {
  if (!isRefusal(outcome) || outcome.refusal !== 'Invalid') return outcome;
  const issues = outcome.issues.map((issue) =>
    issue.path === 'amount' ? { ...issue, path: name } : issue,
  );
  return { refusal: 'Invalid', issues };
}
