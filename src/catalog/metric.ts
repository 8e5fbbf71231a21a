import { type Checker, createChecker } from '../kit/check.ts';
import { plain, ZERO } from '../kit/decimal.ts';
import { fromTypeId } from '../kit/ids.ts';
import type { Invalid } from '../kit/refusal.ts';
import type { Aggregation } from '../rating/aggregation.ts';
import type { Condition, NumberRange } from '../rating/price-book.ts';
import { type ConversionFields, readConversion, type StoredConversion } from './conversion.ts';

export interface PropertyFilterInput {
  readonly property: string;
  readonly equals?: string | null | undefined;
  readonly in?: readonly string[] | null | undefined;
  readonly exists?: boolean | null | undefined;
  readonly range?: RangeFields | null | undefined;
}

/** The bounds of a number, as they are sent. */
export interface RangeFields {
  readonly gt?: unknown;
  readonly gte?: unknown;
  readonly lt?: unknown;
  readonly lte?: unknown;
}

export interface CreateBillableMetricInput {
  readonly code: string;
  readonly name?: string | null | undefined;
  readonly eventType: string;
  readonly aggregation: Aggregation;
  readonly property?: string | null | undefined;
  readonly filter?: readonly PropertyFilterInput[] | null | undefined;
  readonly conversion?: ConversionFields | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** What a metric counts, once checked. */
export interface MetricDefinition {
  readonly code: string;
  readonly name: string;
  readonly eventType: string;
  readonly aggregation: Aggregation;
  readonly property: string | null;
  readonly filter: readonly Condition[];
  readonly conversion: StoredConversion | null;
}

const MAX_CONDITIONS = 10;
const MAX_ALTERNATIVES = 100;
const MAX_NAME = 128;
const MAX_VALUE = 255;

/** Names that an event's properties can never have. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

export function readMetricDefinition(input: CreateBillableMetricInput): MetricDefinition | Invalid {
  const check = createChecker();
  const code = check.code('code', input.code);
  if (fromTypeId('metric', code)) check.note('code', 'NOT_ALLOWED', 'Must not look like an id.');
  const name = check.optionalText('name', input.name, 255) ?? code;
  const eventType = check.text('eventType', input.eventType, MAX_NAME);
  const property = readProperty(check, input);
  const conditions = input.filter ?? [];
  if (conditions.length > MAX_CONDITIONS) {
    check.note('filter', 'TOO_MANY', `At most ${MAX_CONDITIONS} conditions.`);
  }
  const filter = conditions.map((given, at) => readCondition(check, `filter.${at}`, given));
  const { aggregation } = input;
  if (input.conversion && aggregation === 'UNIQUE') {
    check.note('conversion', 'NOT_ALLOWED', 'UNIQUE counts values, and converts none.');
  }
  const conversion = input.conversion
    ? readConversion(check, 'conversion', input.conversion)
    : null;
  return check.fault() ?? { code, name, eventType, aggregation, property, filter, conversion };
}

/** A property or dimension name: text that an event's properties may have as a key. */
export function readPropertyName(check: Checker, path: string, raw: string): string {
  if (RESERVED.has(raw)) check.note(path, 'NOT_ALLOWED', 'This name is reserved.');
  return check.text(path, raw, MAX_NAME);
}

function readProperty(check: Checker, input: CreateBillableMetricInput): string | null {
  const { aggregation } = input;
  if (aggregation !== 'COUNT') {
    if (input.property != null) return readPropertyName(check, 'property', input.property);
    check.note(
      'property',
      'REQUIRED',
      `${aggregation} goes by a property of the event: say which.`,
    );
  } else if (input.property != null) {
    check.note('property', 'NOT_ALLOWED', 'COUNT counts events; only the others have a property.');
  }
  return null;
}

function readCondition(check: Checker, path: string, given: PropertyFilterInput): Condition {
  const property = readPropertyName(check, `${path}.property`, given.property);
  const set = [given.equals, given.in, given.exists, given.range].filter((value) => value != null);
  if (set.length !== 1) {
    check.note(path, 'BAD_FORMAT', 'Give exactly one of "equals", "in", "exists" and "range".');
  }
  if (given.equals != null) {
    return { property, equals: readValue(check, `${path}.equals`, given.equals) };
  }
  if (given.in != null) return { property, in: readAlternatives(check, `${path}.in`, given.in) };
  if (given.range != null)
    return { property, range: readRange(check, `${path}.range`, given.range) };
  return { property, exists: given.exists ?? true };
}

/** At least one bound, at most one at each end, and something between them. */
function readRange(check: Checker, path: string, given: RangeFields): NumberRange {
  const bounds = (['gt', 'gte', 'lt', 'lte'] as const).filter((name) => given[name] != null);
  const values = new Map(
    bounds.map((name) => [name, check.decimal(`${path}.${name}`, given[name])]),
  );
  if (bounds.length === 0) check.note(path, 'TOO_FEW', 'Give at least one of gt, gte, lt, lte.');
  if (given.gt != null && given.gte != null) check.note(path, 'NOT_ALLOWED', 'Give gt or gte.');
  if (given.lt != null && given.lte != null) check.note(path, 'NOT_ALLOWED', 'Give lt or lte.');
  const from = values.get('gt') ?? values.get('gte') ?? null;
  const to = values.get('lt') ?? values.get('lte') ?? null;
  const isClosed = given.gte != null && given.lte != null;
  if (from !== null && to !== null && (from > to || (from === to && !isClosed))) {
    check.note(path, 'OUT_OF_RANGE', 'Nothing lies between these bounds.');
  }
  return Object.fromEntries([...values].map(([name, value]) => [name, plain(value ?? ZERO)]));
}

/** An empty text is a value like any other: an event may carry one. */
function readValue(check: Checker, path: string, raw: string): string {
  return raw === '' ? raw : check.text(path, raw, MAX_VALUE);
}

function readAlternatives(check: Checker, path: string, raw: readonly string[]): string[] {
  if (raw.length === 0) check.note(path, 'TOO_FEW', 'Name at least one value.');
  if (raw.length > MAX_ALTERNATIVES) {
    check.note(path, 'TOO_MANY', `At most ${MAX_ALTERNATIVES} values.`);
    return [];
  }
  return raw.map((value, at) => readValue(check, `${path}.${at}`, value));
}
