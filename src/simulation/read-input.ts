import type { CustomerRef } from '../customers/customer-ref.ts';
import { createChecker } from '../kit/check.ts';
import { DAY_MS, fromEpochMs } from '../kit/clock.ts';
import type { Invalid } from '../kit/refusal.ts';
import type { Period } from '../metering/period.ts';

export interface SimulateInput {
  /** The TypeID of a version, or the code or TypeID of a plan. */
  readonly plan: string;
  /** Whose events; everybody's when it is left out. */
  readonly customer?: CustomerRef | null | undefined;
  readonly from: unknown;
  readonly to?: unknown;
  readonly topCustomers?: number | null | undefined;
}

/** What is asked, once its form was checked. */
export interface Question {
  readonly span: Period;
  readonly topCustomers: number;
}

/** A year, or one that leaps. */
export const MAX_DAYS = 366;
export const MAX_TOP_CUSTOMERS = 100;
const TOP_CUSTOMERS = 10;

/** `latest` is the latest time that it is for anybody. */
export function readInput(input: SimulateInput, latest: Date): Question | Invalid {
  const check = createChecker();
  const start = check.instant('from', input.from);
  const end = check.instant('to', input.to) ?? latest;
  const topCustomers = input.topCustomers ?? TOP_CUSTOMERS;
  check.integer('topCustomers', topCustomers, 0, MAX_TOP_CUSTOMERS);
  if (input.from == null) check.note('from', 'REQUIRED', 'Say from when on.');
  if (end > latest) {
    const message = 'Must not be in the future: leave it out for everything up to now.';
    check.note('to', 'OUT_OF_RANGE', message);
  }
  if (start && end <= start) check.note('to', 'OUT_OF_RANGE', 'Must be after "from".');
  if (start && start < fromEpochMs(end.getTime() - MAX_DAYS * DAY_MS)) {
    check.note('from', 'OUT_OF_RANGE', `At most ${MAX_DAYS} days before "to".`);
  }
  const fault = check.fault();
  if (fault || !start) return fault as Invalid;
  return { span: { start, end }, topCustomers };
}
