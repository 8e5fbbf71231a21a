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

/** Who is asked about, and what: each check is about one of the customers and one of the consumptions. */
export interface CheckPlan {
  readonly count: number;
  readonly customers: readonly CustomerRef[];
  readonly consumptions: readonly (ConsumptionInput & Pick<CanConsumeInput, 'onUnavailable'>)[];
  /** Whether every customer is asked about with every consumption; otherwise the first with the first ... */
  readonly isMatrix: boolean;
  /** The list of the input that the consumptions stand in; null for a single check. */
  readonly listedIn: 'checks' | 'consumptions' | null;
  /** What is answered when nobody can know, and the check does not say. */
  readonly onUnavailable: OnUnavailable;
}

/** Which of the customers a check is about. */
export function customerAt({ isMatrix, consumptions }: CheckPlan, index: number): number {
  return isMatrix ? Math.floor(index / consumptions.length) : index;
}

/** Which of the consumptions a check is about. */
export function consumptionAt({ isMatrix, consumptions }: CheckPlan, index: number): number {
  return isMatrix ? index % consumptions.length : index;
}

/** Where a consumption stands in the input, as a prefix of the paths of its issues. */
export function pathTo({ listedIn }: CheckPlan, consumption: number): string {
  return listedIn === null ? '' : `${listedIn}.${consumption}.`;
}

export function onUnavailableAt(plan: CheckPlan, index: number): OnUnavailable {
  return plan.consumptions[consumptionAt(plan, index)]?.onUnavailable ?? plan.onUnavailable;
}

/** How many checks that differ in both, one request takes. */
export const MAX_CHECKS = 1_000;
/** How many checks of every customer with every consumption. */
const MAX_PAIRS = 10_000;

/** A single check, whose paths begin at the input. */
export function planOne(input: CanConsumeInput): CheckPlan {
  return {
    count: 1,
    customers: [input.customer],
    consumptions: [input],
    isMatrix: false,
    listedIn: null,
    onUnavailable: 'DENY',
  };
}

/** Either a list of checks, or every customer with every consumption. */
export function planMany(input: CanConsumeManyInput): CheckPlan | Invalid {
  const { checks, customers, consumptions } = input;
  const onUnavailable = input.onUnavailable ?? 'DENY';
  if (checks != null) {
    if (customers != null || consumptions != null) return eitherOr('NOT_ALLOWED');
    if (checks.length === 0 || checks.length > MAX_CHECKS) {
      return wrongSize('checks', checks.length, MAX_CHECKS);
    }
    return {
      count: checks.length,
      customers: checks.map(({ customer }) => customer),
      consumptions: checks,
      isMatrix: false,
      listedIn: 'checks',
      onUnavailable,
    };
  }
  if (customers == null || consumptions == null) return eitherOr('REQUIRED');
  const count = customers.length * consumptions.length;
  const longest = Math.max(customers.length, consumptions.length);
  if (count === 0 || count > MAX_PAIRS || longest > MAX_CHECKS) {
    return wrongSize('customers', count, MAX_PAIRS);
  }
  const pairs = { customers, consumptions, isMatrix: true } as const;
  return { count, ...pairs, listedIn: 'consumptions', onUnavailable };
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
