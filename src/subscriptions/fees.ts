import type {
  AddOnDefinition,
  FeeDefinition,
  PlanDefinition,
} from '../catalog/plans/definition.ts';
import { type Exact, exact, ONE, ZERO } from '../kit/decimal.ts';
import { type Share, shareOf } from './periods.ts';

export type ChargeKind = 'ONCE' | 'RECURRING' | 'SEATS' | 'PRORATION' | 'MINIMUM';

/** Something that a subscription costs besides usage, in the plan's asset. */
export interface Fee {
  readonly kind: ChargeKind;
  /** Of the fee, or `seats`, `minimum`, `change`. */
  readonly code: string;
  readonly description: string;
  /** Of what: seats, or 1. */
  readonly quantity: Exact;
  readonly amount: Exact;
  /** Of a minimum: what the entries of usage are short of it, before anything is rounded or cannot be paid. */
  readonly missing?: Exact;
}

/** What decides about the fees of a period. */
export interface FeeBasis {
  readonly definition: PlanDefinition;
  readonly seats: number;
  readonly addOns: readonly AddOnDefinition[];
}

/** What each period costs, in advance: recurring fees of the plan and of its add-ons, then further seats. */
export function recurringFees({ definition, seats, addOns }: FeeBasis): Fee[] {
  const fees = [definition, ...addOns]
    .flatMap((part) => part.fees)
    .filter(({ kind }) => kind === 'RECURRING')
    .map((fee) => feeOf(fee, seats));
  const further = furtherSeats(definition, seats);
  const amount = (definition.seats?.amount ?? ZERO) * BigInt(further);
  if (amount === ZERO) return fees;
  const quantity = exact(further);
  return [...fees, { kind: 'SEATS', code: 'seats', description: 'Seats', quantity, amount }];
}

/** What only the first period costs, of the plan or of an add-on that is taken. */
export function onceFees(parts: readonly Pick<PlanDefinition, 'fees'>[], seats: number): Fee[] {
  return parts
    .flatMap((part) => part.fees)
    .filter(({ kind }) => kind === 'ONCE')
    .map((fee) => feeOf(fee, seats));
}

export function sumOf(fees: readonly Fee[]): Exact {
  return fees.reduce((sum, { amount }) => sum + amount, ZERO);
}

/**
 * What a change costs for the rest of a period: the recurring fees that come less those that go, for the
 * share that is left. Below zero it is what comes back.
 */
export function proratedDifference(
  before: FeeBasis,
  after: FeeBasis,
  left: Share,
  scale: number,
): Exact {
  const difference = sumOf(recurringFees(after)) - sumOf(recurringFees(before));
  return shareOf(difference, left, scale);
}

/** What usage of a period is short of the commitment. */
export function trueUp(minimum: Exact | null, used: Exact): Exact {
  return minimum === null || used >= minimum ? ZERO : minimum - used;
}

function furtherSeats({ seats: terms }: PlanDefinition, seats: number): number {
  return terms === null ? 0 : Math.max(seats - terms.included, 0);
}

function feeOf({ code, name, kind, amount, perSeat }: FeeDefinition, seats: number): Fee {
  const quantity = perSeat ? seats : 1;
  return {
    kind,
    code,
    description: name,
    quantity: quantity === 1 ? ONE : exact(quantity),
    amount: amount * BigInt(quantity),
  };
}
