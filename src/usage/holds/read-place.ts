import type { CatalogueSnapshot, SnapshotAsset } from '../../catalog/snapshot.ts';
import type { CustomerRef } from '../../customers/customer-ref.ts';
import type { KnownCustomer } from '../../customers/store.ts';
import { fieldHashes } from '../../infra/idempotency.ts';
import { type Checker, createChecker } from '../../kit/check.ts';
import { DAY_MS, SECOND_MS } from '../../kit/clock.ts';
import { fromTypeId, type Id, newId } from '../../kit/ids.ts';
import { type Invalid, invalid, isRefusal, type NotFound, notFound } from '../../kit/refusal.ts';
import { findMetric } from '../../rating/estimate.ts';
import type { IndexedMetric, IndexedPrice } from '../../rating/price-book.ts';
import type { RatingRefusal } from '../../rating/refusals.ts';
import type { RatingRules } from '../candidate.ts';
import { rateOf } from './estimate-amount.ts';
import type { PlaceHold, RatedEstimate } from './operation.ts';
import type { PlaceRefusal } from './outcome.ts';

/** What `placeHold` was asked for; decimals and objects are not checked yet. */
export interface PlaceHoldInput {
  readonly customer: CustomerRef;
  readonly asset?: string | null | undefined;
  readonly amount?: unknown;
  readonly metric?: string | null | undefined;
  readonly quantity?: unknown;
  readonly properties?: unknown;
  readonly ttlSeconds?: number | null | undefined;
  readonly maxCaptures?: number | null | undefined;
  readonly description?: string | null | undefined;
  readonly metadata?: unknown;
  readonly idempotencyKey?: string | null | undefined;
}

const DEFAULT_TTL_SECONDS = 900;
const MAX_TTL_SECONDS = DAY_MS / SECOND_MS;
const MAX_CAPTURES = 1_000_000;

/** Reads what to hold, and rates what it was estimated to be. */
export function readPlace(
  organizationId: Id<'organization'>,
  { id: customerId, testClockId }: KnownCustomer,
  input: PlaceHoldInput,
  rules: RatingRules,
  /** By the customer's time. */
  now: Date,
): PlaceHold | PlaceRefusal {
  const { catalogue } = rules;
  const check = createChecker();
  const common = readCommon(check, input);
  const hasAmount = input.metric == null && readAmount(check, input);
  const metric = metricOf(catalogue, input);
  if (metric === undefined) return notFound('metric', 'BillableMetric', input.metric ?? '');
  const expected = metric && { ...readQuantity(check, input), metricId: metric.id };
  const owner = { organizationId, customerId };
  const estimate = () => expected && rateOf(owner, expected, rules, now);
  const asset = assetOf(catalogue, input, metric && pricesOf(metric, rules, now));
  if (asset === null) return check.fault() ?? unpricedOf(estimate());
  if (isRefusal(asset)) return check.fault() ?? asset;
  const amount = hasAmount ? check.positive('amount', input.amount, asset.scale) : null;
  const fault = check.fault();
  if (fault) return fault;
  const { ttlMs, maxCaptures, ...terms } = common;
  return {
    kind: 'PLACE',
    holdId: newId('hold'),
    ...owner,
    testClockId,
    assetId: asset.id,
    amount,
    metric: metric && { id: metric.id, code: metric.code },
    estimate: estimate(),
    ttlMs,
    maxCaptures,
    terms: {
      ...terms,
      testClockId,
      quantity: expected?.quantity ?? null,
      content: terms.idempotencyKey === null ? {} : contentOf(input, customerId),
    },
  };
}

function readCommon(check: Checker, input: PlaceHoldInput) {
  const { idempotencyKey, maxCaptures } = input;
  return {
    ttlMs: readTtl(check, input.ttlSeconds ?? DEFAULT_TTL_SECONDS),
    maxCaptures:
      maxCaptures == null ? null : check.integer('maxCaptures', maxCaptures, 1, MAX_CAPTURES),
    idempotencyKey: check.optionalText('idempotencyKey', idempotencyKey, 255),
    description: check.optionalText('description', input.description, 500),
    metadata: check.object('metadata', input.metadata),
  };
}

export function readTtl(check: Checker, seconds: number): number {
  return check.integer('ttlSeconds', seconds, 1, MAX_TTL_SECONDS) * SECOND_MS;
}

/** Either an amount of an asset, or a quantity of a metric. Whether an amount is said. */
function readAmount(check: Checker, input: PlaceHoldInput): boolean {
  if (input.amount == null) {
    check.note('amount', 'REQUIRED', 'Say an amount of an asset, or a quantity of a metric.');
  }
  for (const field of ['quantity', 'properties'] as const) {
    if (input[field] != null) check.note(field, 'NOT_ALLOWED', 'Goes with a metric only.');
  }
  return input.amount != null;
}

function readQuantity(check: Checker, input: PlaceHoldInput) {
  if (input.amount != null) {
    check.note('amount', 'NOT_ALLOWED', 'Is rated from the quantity when a metric is given.');
  }
  return {
    quantity: check.positive('quantity', input.quantity),
    properties: check.object('properties', input.properties),
  };
}

/** The metric that is named; null when none is, undefined when there is none of that name. */
function metricOf(
  { book }: CatalogueSnapshot,
  { metric: given }: PlaceHoldInput,
): IndexedMetric | null | undefined {
  return given == null ? null : findMetric(book, fromTypeId('metric', given) ?? given);
}

/** What prices the metric for this customer: the first card that has it. */
function pricesOf(metric: IndexedMetric, rules: RatingRules, at: Date): readonly IndexedPrice[] {
  const card = rules.terms.pricesAt(at).find((it) => it.has(metric.id));
  return card?.get(metric.id) ?? metric.prices;
}

/** The asset that is named, or the only one that the metric is priced in; null when nothing prices it. */
function assetOf(
  { assets }: CatalogueSnapshot,
  { asset: given }: PlaceHoldInput,
  prices: readonly IndexedPrice[] | null,
): SnapshotAsset | NotFound | Invalid | null {
  if (given != null) {
    const id = fromTypeId('asset', given);
    for (const asset of assets.values()) {
      if (asset.id === id || asset.code === given) return asset;
    }
    return notFound('asset', 'Asset', given);
  }
  if (prices?.length === 0) return null;
  const ids = new Set(prices?.map(({ assetId }) => assetId));
  const [only] = ids;
  const asset = ids.size === 1 && only ? assets.get(only) : undefined;
  if (asset) return asset;
  const message =
    ids.size > 1 ? 'The metric is priced in several assets: say in which.' : 'Say what to hold.';
  return invalid({ path: 'asset', code: 'REQUIRED', message });
}

/** Why an estimate by a metric that nothing prices has no cost. */
function unpricedOf(estimate: RatedEstimate | null): RatingRefusal {
  if (!estimate || !isRefusal(estimate.rated)) throw new Error('What nothing prices was rated.');
  return estimate.rated;
}

function contentOf(
  { idempotencyKey: _, customer: __, ...input }: PlaceHoldInput,
  customer: string,
) {
  return fieldHashes({ ...input, customer });
}
