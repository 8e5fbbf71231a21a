import { type Nows, nowIn } from '../clocks/now-of.ts';
import type { KnownCustomer } from '../customers/store.ts';
import type { Clock } from '../kit/clock.ts';
import { type Invalid, isRefusal } from '../kit/refusal.ts';
import type { PeriodOf } from '../metering/period.ts';
import { type Consumption, readConsumption } from './consumption.ts';
import { decide } from './decide.ts';
import { type Decision, denied, unavailable } from './decision.ts';
import type { CheckPlan } from './plan-checks.ts';
import type { Rules } from './rules.ts';
import type { Standing } from './standing.ts';

/** What customers are decided on by, in the order in which they were named. */
export interface Gathered {
  /** Null for one that the viewer may not see. */
  readonly customers: readonly (KnownCustomer | null)[];
  readonly rules: Rules;
  /** Null where the database is away and nothing is known. */
  readonly standings: readonly (Standing | null)[];
  /** Of those who go by a test clock; null where there are none. */
  readonly nows: Nows | null;
  readonly now: Date;
  readonly periodOf: PeriodOf;
}

/** Decides on one check of a plan, as often as it is asked. */
export type DecideAt = (index: number, wantsAvailable: boolean) => Decision;

/** Null: the database is away, and the callers have said what to answer then. */
export function createDecider(plan: CheckPlan, gathered: Gathered | null, clock: Clock): DecideAt {
  if (gathered) return decider(plan, gathered);
  const now = clock.now();
  return (index) => unavailable(plan.onUnavailableOf(index), index, now);
}

/** Consumptions are read and rated once, for all customers who go by the same time. */
function decider(plan: CheckPlan, gathered: Gathered): DecideAt {
  const { customers, rules, standings, nows, now: serverNow, periodOf } = gathered;
  const readBy = new Map<string | null, (Consumption | Invalid | undefined)[]>();

  function read(at: number, clockId: string | null, now: Date): Consumption | Invalid {
    const known = readBy.get(clockId) ?? [];
    const found = known[at];
    if (found) return found;
    const input = plan.consumptions[at];
    if (!input) throw new Error('A plan names a consumption that it does not have.');
    const consumption = readConsumption(input, plan.pathOf(at), rules, now);
    known[at] = consumption;
    readBy.set(clockId, known);
    return consumption;
  }

  return (index, wantsAvailable) => {
    const at = plan.customerOf(index);
    const customer = customers[at];
    const clockId = customer?.testClockId ?? null;
    const now = nows && clockId ? nowIn(nows, clockId) : serverNow;
    const consumption = read(plan.consumptionOf(index), clockId, now);
    if (isRefusal(consumption)) {
      return denied('INPUT_INVALID', index, serverNow, consumption.issues);
    }
    if (customer == null) return denied('CUSTOMER_NOT_FOUND', index, serverNow);
    const standing = standings[at];
    if (!standing) return unavailable(plan.onUnavailableOf(index), index, serverNow);
    const { settlementWindowMs } = rules;
    const deciding = { now, settlementWindowMs, periodOf, wantsAvailable };
    return decide(standing, consumption, index, deciding);
  };
}
