import { isStorable, isTooLarge, shapeProblem } from '../kit/check.ts';
import { parseInstant } from '../kit/clock.ts';
import { type Exact, parseDecimal, ZERO } from '../kit/decimal.ts';
import { type Invalid, invalid, isRefusal } from '../kit/refusal.ts';
import { outsideWindow } from '../rating/accepted-window.ts';
import { chargesOf, type RatedCharge, rateEvent } from '../rating/rate.ts';
import type { OutsideWindow, RatingRefusal } from '../rating/refusals.ts';
import { type Bill, billOf, billsOf, isPriced } from './bill.ts';
import { namesOf } from './catalogue-names.ts';
import type { DecisionReason } from './decision.ts';
import { explainConsumption, NAME_MAX } from './explain-consumption.ts';
import type { Rules } from './rules.ts';

/** What somebody would like to consume, unchecked: an event, a quantity of a metric or an amount of an asset. */
export interface ConsumptionInput {
  readonly event?: ConsumedEventInput | null | undefined;
  readonly metric?: string | null | undefined;
  readonly quantity?: unknown;
  readonly properties?: unknown;
  readonly asset?: string | null | undefined;
  readonly amount?: unknown;
}

export interface ConsumedEventInput {
  readonly type: string;
  readonly subject?: string | null | undefined;
  readonly occurredAt?: unknown;
  readonly properties?: unknown;
}

/** What it would cost, whoever consumes it. */
export type Consumption =
  | {
      readonly kind: 'COSTS';
      readonly rated: readonly RatedCharge[];
      /** The same for everybody; null where it depends on what somebody has used before. */
      readonly bills: readonly Bill[] | null;
      readonly occurredAt: Date;
    }
  | { readonly kind: 'IMPOSSIBLE'; readonly reason: DecisionReason };

/**
 * Reads and rates what somebody would like to consume. `path` is a prefix of the paths of its issues. What is
 * sound is read without asking what is wrong with it, which takes several times as long.
 */
export function readConsumption(
  input: ConsumptionInput,
  path: string,
  rules: Rules,
  now: Date,
): Consumption | Invalid {
  return (
    readEvent(input, path, rules, now) ??
    readMetric(input, path, rules, now) ??
    readAsset(input, rules, now) ??
    explainConsumption(input, path, namesOf(rules.catalogue).assets.get(input.asset ?? '')?.scale)
  );
}

/** Null when it is no event, or not a sound one; the same in the two that follow. */
function readEvent(
  { event, metric, quantity, properties: more, asset, amount }: ConsumptionInput,
  path: string,
  { catalogue }: Rules,
  now: Date,
): Consumption | Invalid | null {
  if (event == null || metric != null || quantity != null || more != null) return null;
  if (asset != null || amount != null) return null;
  const { type, subject = null, occurredAt: at = null } = event;
  const properties = readProperties(event.properties);
  const occurredAt = at === null ? now : parseInstant(at);
  if (!isName(type) || (subject !== null && !isName(subject))) return null;
  if (occurredAt === null || properties === null) return null;
  const rated =
    outsideWindow(occurredAt, now) ?? rateEvent(catalogue.book, { type, occurredAt, properties });
  return toConsumption(rated, occurredAt, (issue) => `${path}event.${issue}`);
}

function readMetric(
  { event, metric: name, quantity: raw, properties: given, asset, amount }: ConsumptionInput,
  path: string,
  { catalogue }: Rules,
  now: Date,
): Consumption | Invalid | null {
  if (name == null || event != null || asset != null || amount != null) return null;
  const quantity = readAmount(raw);
  const properties = readProperties(given);
  if (quantity === null || properties === null) return null;
  const metric = namesOf(catalogue).metrics.get(name);
  if (!metric) return { kind: 'IMPOSSIBLE', reason: 'METRIC_NOT_FOUND' };
  const of = { occurredAt: now, properties };
  const rated = quantity === ZERO ? [] : chargesOf(metric, quantity, of);
  return toConsumption(rated, now, () => `${path}quantity`);
}

function readAsset(
  { event, metric, quantity, properties, asset: name, amount: raw }: ConsumptionInput,
  { catalogue }: Rules,
  now: Date,
): Consumption | null {
  if (name == null || event != null || metric != null || quantity != null || properties != null)
    return null;
  const asset = namesOf(catalogue).assets.get(name);
  const amount = readAmount(raw, asset?.scale);
  if (amount === null) return null;
  if (!asset) return { kind: 'IMPOSSIBLE', reason: 'ASSET_NOT_FOUND' };
  return { kind: 'COSTS', rated: [], bills: [billOf(asset.id, amount)], occurredAt: now };
}

function readAmount(raw: unknown, scale?: number): Exact | null {
  const value = parseDecimal(raw, scale);
  return typeof value === 'bigint' && value >= ZERO ? value : null;
}

function readProperties(raw: unknown): Readonly<Record<string, unknown>> | null {
  if (raw == null) return NO_PROPERTIES;
  const isSound = shapeProblem(raw) === null && !isTooLarge(JSON.stringify(raw));
  return isSound ? (raw as Record<string, unknown>) : null;
}

const NO_PROPERTIES = {};

function isName(text: string): boolean {
  return text.length > 0 && text.length <= NAME_MAX && isStorable(text);
}

function toConsumption(
  rated: RatedCharge[] | RatingRefusal | OutsideWindow,
  occurredAt: Date,
  pathOf: (issue: string) => string,
): Consumption | Invalid {
  if (!isRefusal(rated)) {
    const bills = isPriced(rated) ? billsOf(rated) : null;
    return { kind: 'COSTS', rated, bills, occurredAt };
  }
  switch (rated.refusal) {
    case 'Invalid':
      return invalid(...rated.issues.map((issue) => ({ ...issue, path: pathOf(issue.path) })));
    case 'UnknownEventType':
      return { kind: 'IMPOSSIBLE', reason: 'EVENT_TYPE_UNKNOWN' };
    case 'PriceNotFound':
      return { kind: 'IMPOSSIBLE', reason: 'PRICE_NOT_FOUND' };
    case 'OutsideWindow': {
      const isOld = rated.direction === 'TOO_OLD';
      return { kind: 'IMPOSSIBLE', reason: isOld ? 'EVENT_TOO_OLD' : 'EVENT_IN_FUTURE' };
    }
  }
}
