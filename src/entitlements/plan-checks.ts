import type { CustomerRef } from '../customers/customer-ref.ts';
import { type Invalid, invalid } from '../kit/refusal.ts';
import type { ConsumptionInput } from './consumption.ts';
import type { OnUnavailable } from './decision.ts';

export interface CanConsumeInput extends ConsumptionInput {
  readonly customer: CustomerRef;
  readonly onUnavailable?: OnUnavailable | null | undefined;
}

export interface CanConsumeManyInput {
  readonly checks?: readonly CanConsumeInput[] | null | undefined;
  readonly customers?: readonly CustomerRef[] | null | undefined;
  readonly consumptions?: readonly ConsumptionInput[] | null | undefined;
  readonly onUnavailable?: OnUnavailable | null | undefined;
}

/** Who is asked about, and what: check `index` is about one of the customers and one of the consumptions. */
export interface CheckPlan {
  readonly count: number;
  readonly customers: readonly CustomerRef[];
  readonly consumptions: readonly ConsumptionInput[];
  /** Where a consumption stands in the input, as a prefix of the paths of its issues. */
  pathOf(consumption: number): string;
  customerOf(index: number): number;
  consumptionOf(index: number): number;
  onUnavailableOf(index: number): OnUnavailable;
}

/** How many checks that differ in both, one request takes. */
export const MAX_CHECKS = 1_000;
/** How many checks of every customer with every consumption. */
const MAX_PAIRS = 10_000;

/** A single check, whose paths begin at the input. */
export function planOne(input: CanConsumeInput): CheckPlan {
  return { ...planList([input], 'DENY'), pathOf: () => '' };
}

/** Either a list of checks, or every customer with every consumption. */
export function planMany(input: CanConsumeManyInput): CheckPlan | Invalid {
  const { checks, customers, consumptions } = input;
  const otherwise = input.onUnavailable ?? 'DENY';
  if (checks != null) {
    if (customers != null || consumptions != null) return eitherOr('NOT_ALLOWED');
    if (checks.length === 0 || checks.length > MAX_CHECKS) {
      return wrongSize('checks', checks.length, MAX_CHECKS);
    }
    return planList(checks, otherwise);
  }
  if (customers == null || consumptions == null) return eitherOr('REQUIRED');
  const count = customers.length * consumptions.length;
  const longest = Math.max(customers.length, consumptions.length);
  if (count === 0 || count > MAX_PAIRS || longest > MAX_CHECKS) {
    return wrongSize('customers', count, MAX_PAIRS);
  }
  return {
    count,
    customers,
    consumptions,
    pathOf: (consumption) => `consumptions.${consumption}.`,
    customerOf: (index) => Math.floor(index / consumptions.length),
    consumptionOf: (index) => index % consumptions.length,
    onUnavailableOf: () => otherwise,
  };
}

function planList(checks: readonly CanConsumeInput[], otherwise: OnUnavailable): CheckPlan {
  return {
    count: checks.length,
    customers: checks.map(({ customer }) => customer),
    consumptions: checks,
    pathOf: (consumption) => `checks.${consumption}.`,
    customerOf: (index) => index,
    consumptionOf: (index) => index,
    onUnavailableOf: (index) => checks[index]?.onUnavailable ?? otherwise,
  };
}

function eitherOr(code: 'REQUIRED' | 'NOT_ALLOWED'): Invalid {
  const message = 'Give either "checks", or both "customers" and "consumptions".';
  return invalid({ path: 'checks', code, message });
}

function wrongSize(path: string, count: number, max: number): Invalid {
  const code = count === 0 ? 'TOO_FEW' : 'TOO_MANY';
  const each = path === 'checks' ? '' : ` of at most ${MAX_CHECKS} customers and consumptions each`;
  return invalid({ path, code, message: `Send 1 to ${max} checks${each}; these are ${count}.` });
}
