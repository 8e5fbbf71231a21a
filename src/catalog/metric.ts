import { type Checker, createChecker } from '../kit/check.ts';
import { fromTypeId } from '../kit/ids.ts';
import type { Invalid } from '../kit/refusal.ts';
import type { Condition } from '../rating/price-book.ts';

export type Aggregation = 'COUNT' | 'SUM';

export interface PropertyFilterInput {
  readonly property: string;
  readonly equals?: string | null | undefined;
  readonly in?: readonly string[] | null | undefined;
  readonly exists?: boolean | null | undefined;
}

export interface CreateBillableMetricInput {
  readonly code: string;
  readonly name?: string | null | undefined;
  readonly eventType: string;
  readonly aggregation: Aggregation;
  readonly property?: string | null | undefined;
  readonly filter?: readonly PropertyFilterInput[] | null | undefined;
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
  return check.fault() ?? { code, name, eventType, aggregation, property, filter };
}

/** A property or dimension name: text that an event's properties may have as a key. */
export function readPropertyName(check: Checker, path: string, raw: string): string {
  if (RESERVED.has(raw)) check.note(path, 'NOT_ALLOWED', 'This name is reserved.');
  return check.text(path, raw, MAX_NAME);
}

function readProperty(check: Checker, input: CreateBillableMetricInput): string | null {
  if (input.aggregation === 'SUM') {
    if (input.property != null) return readPropertyName(check, 'property', input.property);
    check.note('property', 'REQUIRED', 'SUM adds up a property of the event: say which.');
  } else if (input.property != null) {
    check.note('property', 'NOT_ALLOWED', 'COUNT counts events; only SUM has a property.');
  }
  return null;
}

function readCondition(check: Checker, path: string, given: PropertyFilterInput): Condition {
  const property = readPropertyName(check, `${path}.property`, given.property);
  const set = [given.equals, given.in, given.exists].filter((value) => value != null);
  if (set.length !== 1) {
    check.note(path, 'BAD_FORMAT', 'Give exactly one of "equals", "in" and "exists".');
  }
  if (given.equals != null) {
    return { property, equals: readValue(check, `${path}.equals`, given.equals) };
  }
  if (given.in != null) return { property, in: readAlternatives(check, `${path}.in`, given.in) };
  return { property, exists: given.exists ?? true };
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
