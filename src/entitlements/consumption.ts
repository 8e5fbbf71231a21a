import { isStorable, isTooLarge, shapeProblem } from '../kit/check.ts';
import { parseInstant } from '../kit/clock.ts';
import { type Exact, ONE, parseDecimal, ZERO } from '../kit/decimal.ts';
import type { Invalid } from '../kit/refusal.ts';
import type { CatalogueNames } from './catalogue-names.ts';
import { explainConsumption, NAME_MAX } from './explain-consumption.ts';

/** What somebody would like to consume, unchecked: an event, a metric, an asset or a feature. */
export interface ConsumptionInput {
  readonly event?: ConsumedEventInput | null | undefined;
  readonly metric?: string | null | undefined;
  readonly quantity?: unknown;
  readonly properties?: unknown;
  readonly asset?: string | null | undefined;
  readonly amount?: unknown;
  readonly feature?: string | null | undefined;
  readonly subject?: string | null | undefined;
}

export interface ConsumedEventInput {
  readonly type: string;
  readonly subject?: string | null | undefined;
  readonly occurredAt?: unknown;
  readonly properties?: unknown;
}

type Properties = Readonly<Record<string, unknown>>;

/** The same once it is known to be well formed. Null times are now. */
export type Consumption =
  | {
      readonly kind: 'EVENT';
      readonly type: string;
      readonly occurredAt: Date | null;
      readonly properties: Properties;
    }
  | {
      readonly kind: 'METRIC';
      readonly metric: string;
      readonly quantity: Exact;
      readonly properties: Properties;
    }
  | { readonly kind: 'ASSET'; readonly asset: string; readonly amount: Exact }
  | {
      readonly kind: 'FEATURE';
      readonly feature: string;
      readonly quantity: Exact;
      readonly subject: string | null;
      readonly properties: Properties;
    };

/**
 * Reads what somebody would like to consume. `path` is a prefix of the paths of its issues. What is sound is
 * read without asking what is wrong with it, which takes several times as long.
 */
export function readConsumption(
  input: ConsumptionInput,
  path: string,
  { assets }: Pick<CatalogueNames, 'assets'>,
): Consumption | Invalid {
  const scale = assets.get(input.asset ?? '')?.scale;
  return (
    readFeature(input) ??
    readEvent(input) ??
    readMetric(input) ??
    readAsset(input, scale) ??
    explainConsumption(input, path, scale)
  );
}

/** Null when it is no feature, or not soundly asked for; the same in the three that follow. */
function readFeature(input: ConsumptionInput): Consumption | null {
  const { feature, event, metric, asset, amount, quantity: raw, subject = null } = input;
  if (feature == null || event != null || metric != null) return null;
  if (asset != null || amount != null) return null;
  const quantity = raw == null ? ONE : readAmount(raw);
  const properties = readProperties(input.properties);
  if (quantity === null || properties === null) return null;
  if (subject !== null && !isName(subject)) return null;
  return { kind: 'FEATURE', feature, quantity, subject, properties };
}

function readEvent(input: ConsumptionInput): Consumption | null {
  const { event, metric, quantity, properties: more, asset, amount } = input;
  if (input.feature != null || input.subject != null) return null;
  if (event == null || metric != null || quantity != null || more != null) return null;
  if (asset != null || amount != null) return null;
  const { type, subject = null, occurredAt: at = null } = event;
  const properties = readProperties(event.properties);
  const occurredAt = at === null ? null : parseInstant(at);
  if (!isName(type) || (subject !== null && !isName(subject))) return null;
  if ((occurredAt === null && at !== null) || properties === null) return null;
  return { kind: 'EVENT', type, occurredAt, properties };
}

function readMetric(input: ConsumptionInput): Consumption | null {
  const { event, metric, quantity: raw, properties: given, asset, amount } = input;
  if (metric == null || event != null || asset != null || amount != null) return null;
  if (input.feature != null || input.subject != null) return null;
  const quantity = readAmount(raw);
  const properties = readProperties(given);
  if (quantity === null || properties === null) return null;
  return { kind: 'METRIC', metric, quantity, properties };
}

function readAsset(input: ConsumptionInput, scale: number | undefined): Consumption | null {
  const { event, metric, quantity, properties, asset, amount: raw } = input;
  if (asset == null || event != null || metric != null) return null;
  if (quantity != null || properties != null) return null;
  if (input.feature != null || input.subject != null) return null;
  const amount = readAmount(raw, scale);
  return amount === null ? null : { kind: 'ASSET', asset, amount };
}

function readAmount(raw: unknown, scale?: number): Exact | null {
  const value = parseDecimal(raw, scale);
  return typeof value === 'bigint' && value >= ZERO ? value : null;
}

const NO_PROPERTIES: Properties = {};

function readProperties(raw: unknown): Properties | null {
  if (raw == null) return NO_PROPERTIES;
  const isSound = shapeProblem(raw) === null && !isTooLarge(JSON.stringify(raw));
  return isSound ? (raw as Record<string, unknown>) : null;
}

function isName(text: string): boolean {
  return text.length > 0 && text.length <= NAME_MAX && isStorable(text);
}
