import { type Checker, createChecker } from '../kit/check.ts';
import { type Exact, ZERO } from '../kit/decimal.ts';
import { type Invalid, invalid, isRefusal } from '../kit/refusal.ts';
import type { Owed } from '../ledger/charge.ts';
import { outsideWindow } from '../rating/accepted-window.ts';
import { chargesOf, type RatedCharge, rateEvent } from '../rating/rate.ts';
import type { OutsideWindow, RatingRefusal } from '../rating/refusals.ts';
import { type Bill, billsOf, usageOwed } from './bill.ts';
import { namesOf } from './catalogue-names.ts';
import type { DecisionReason } from './decision.ts';
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
  | { readonly kind: 'COSTS'; readonly bills: readonly Bill[]; readonly occurredAt: Date }
  | { readonly kind: 'IMPOSSIBLE'; readonly reason: DecisionReason };

const NAME_MAX = 255;

/** Reads and rates what somebody would like to consume. `path` is a prefix of the paths of its issues. */
export function readConsumption(
  input: ConsumptionInput,
  path: string,
  rules: Rules,
  now: Date,
): Consumption | Invalid {
  const given = (['event', 'metric', 'asset'] as const).filter((name) => input[name] != null);
  const [kind, ...more] = given;
  if (!kind || more.length > 0) return notOne(path, given);
  const check = createChecker();
  refuseOthers(check, input, kind, path);
  const read = READERS[kind](check, input, path, rules, now);
  return check.fault() ?? read;
}

type Reader = (
  check: Checker,
  input: ConsumptionInput,
  path: string,
  rules: Rules,
  now: Date,
) => Consumption | Invalid;

const READERS = { event: readEvent, metric: readMetric, asset: readAsset } satisfies Record<
  string,
  Reader
>;

/** What goes with each of the three. */
const COMPANIONS = { event: [], metric: ['quantity', 'properties'], asset: ['amount'] } as const;

function notOne(path: string, given: readonly string[]): Invalid {
  return invalid({
    path: path.replace(/\.$/, ''),
    code: given.length === 0 ? 'REQUIRED' : 'NOT_ALLOWED',
    message: 'Give exactly one of "event", "metric" and "asset".',
  });
}

function refuseOthers(
  check: Checker,
  input: ConsumptionInput,
  kind: keyof typeof COMPANIONS,
  path: string,
): void {
  const companions: readonly string[] = COMPANIONS[kind];
  for (const name of ['quantity', 'properties', 'amount'] as const) {
    if (input[name] == null || companions.includes(name)) continue;
    check.note(path + name, 'NOT_ALLOWED', `This does not go with "${kind}".`);
  }
}

function readEvent(
  check: Checker,
  { event }: ConsumptionInput,
  path: string,
  { catalogue }: Rules,
  now: Date,
): Consumption | Invalid {
  const { type, subject, occurredAt: at, properties } = event as ConsumedEventInput;
  const below = `${path}event.`;
  check.text(`${below}type`, type, NAME_MAX);
  check.optionalText(`${below}subject`, subject, NAME_MAX);
  const occurredAt = check.instant(`${below}occurredAt`, at) ?? now;
  const read = check.object(`${below}properties`, properties);
  const fault = check.fault();
  if (fault) return fault;
  const rated =
    outsideWindow(occurredAt, now) ??
    rateEvent(catalogue.book, { type, occurredAt, properties: read });
  return toConsumption(rated, occurredAt, (issue) => below + issue);
}

function readMetric(
  check: Checker,
  { metric: name, quantity: raw, properties }: ConsumptionInput,
  path: string,
  { catalogue }: Rules,
  now: Date,
): Consumption | Invalid {
  if (raw == null) check.note(`${path}quantity`, 'REQUIRED', 'Say how much of the metric.');
  const quantity = raw == null ? ZERO : check.nonNegative(`${path}quantity`, raw);
  const read = check.object(`${path}properties`, properties);
  const fault = check.fault();
  if (fault) return fault;
  const metric = namesOf(catalogue).metrics.get(name ?? '');
  if (!metric) return { kind: 'IMPOSSIBLE', reason: 'METRIC_NOT_FOUND' };
  const event = { occurredAt: now, properties: read };
  const rated = quantity === ZERO ? [] : chargesOf(metric, quantity, event);
  return toConsumption(rated, now, () => `${path}quantity`);
}

function readAsset(
  check: Checker,
  { asset: name, amount: raw }: ConsumptionInput,
  path: string,
  { catalogue }: Rules,
  now: Date,
): Consumption | Invalid {
  const asset = namesOf(catalogue).assets.get(name ?? '');
  if (raw == null) check.note(`${path}amount`, 'REQUIRED', 'Say how much of the asset.');
  const amount: Exact = raw == null ? ZERO : check.nonNegative(`${path}amount`, raw, asset?.scale);
  if (!asset) return { kind: 'IMPOSSIBLE', reason: 'ASSET_NOT_FOUND' };
  const owed: Owed[] = [usageOwed(amount, null)];
  return { kind: 'COSTS', bills: [{ assetId: asset.id, owed, required: amount }], occurredAt: now };
}

function toConsumption(
  rated: RatedCharge[] | RatingRefusal | OutsideWindow,
  occurredAt: Date,
  pathOf: (issue: string) => string,
): Consumption | Invalid {
  if (!isRefusal(rated)) return { kind: 'COSTS', bills: billsOf(rated), occurredAt };
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
