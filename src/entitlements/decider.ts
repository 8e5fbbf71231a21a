import { type Nows, nowIn } from '../clocks/now-of.ts';
import type { KnownCustomer } from '../customers/store.ts';
import type { Clock } from '../kit/clock.ts';
import { type Invalid, isRefusal } from '../kit/refusal.ts';
import { namesOf } from './catalogue-names.ts';
import { type Consumption, readConsumption } from './consumption.ts';
import { type Cost, costOf } from './cost.ts';
import { decide } from './decide.ts';
import { type Decision, denied, unavailable } from './decision.ts';
import type { CheckPlan } from './plan-checks.ts';
import type { Rules } from './rules.ts';
import type { Standing } from './standing.ts';
import type { SubjectCounts } from './subject-counts.ts';

/** What customers are decided on by, in the order in which they were named. */
export interface Gathered {
  /** Null for one that the viewer may not see. */
  readonly customers: readonly (KnownCustomer | null)[];
  readonly rules: Rules;
  /** Null where the database is away and nothing is known. */
  readonly standings: readonly (Standing | null)[];
  readonly subjects: SubjectCounts;
  /** Of those who go by a test clock; null where there are none. */
  readonly nows: Nows | null;
  readonly now: Date;
}

/** Decides on one check of a plan, as often as it is asked. */
export type DecideAt = (index: number, wantsAvailable: boolean) => Decision;

/** Null: the database is away, and the callers have said what to answer then. */
export function createDecider(plan: CheckPlan, gathered: Gathered | null, clock: Clock): DecideAt {
  if (gathered) return decider(plan, gathered);
  const now = clock.now();
  return (index) => unavailable(plan.onUnavailableOf(index), index, now);
}

function decider(plan: CheckPlan, gathered: Gathered): DecideAt {
  const { customers, rules, standings, subjects, nows, now: serverNow } = gathered;
  const { settlementWindowMs } = rules;
  const consumptions = readAll(plan, rules);
  const costs = createCosts(plan, rules);
  const { assets } = namesOf(rules.catalogue);
  const assetIdOf = (code: string) => assets.get(code)?.id;

  return (index, wantsAvailable) => {
    const at = plan.customerOf(index);
    const consumptionAt = plan.consumptionOf(index);
    const consumption = consumptions[consumptionAt];
    if (!consumption) throw new Error('A plan names a consumption that it does not have.');
    if (isRefusal(consumption)) {
      return denied('INPUT_INVALID', index, serverNow, consumption.issues);
    }
    const customer = customers[at];
    if (customer == null) return denied('CUSTOMER_NOT_FOUND', index, serverNow);
    const standing = standings[at];
    if (!standing) return unavailable(plan.onUnavailableOf(index), index, serverNow);
    const clockId = customer.testClockId;
    const now = nows && clockId ? nowIn(nows, clockId) : serverNow;
    const cost = costs(consumption, consumptionAt, { standing, now, clockId });
    if (isRefusal(cost)) return denied('INPUT_INVALID', index, standing.asOf, cost.issues);
    const deciding = { now, subjects, settlementWindowMs, assetIdOf, wantsAvailable };
    return decide(standing, consumption, cost, index, deciding);
  };
}

function readAll(plan: CheckPlan, { catalogue }: Rules): (Consumption | Invalid)[] {
  const { assets } = namesOf(catalogue);
  const scaleOf = (asset: string) => assets.get(asset)?.scale;
  return plan.consumptions.map((input, at) => readConsumption(input, plan.pathOf(at), scaleOf));
}

/** Whose prices, and when. */
interface Payer {
  readonly standing: Standing;
  readonly now: Date;
  readonly clockId: string | null;
}

type CostsOf = (consumption: Consumption, consumptionAt: number, payer: Payer) => Cost | Invalid;

/** A consumption is rated once for all customers who have the same prices at the same time. */
function createCosts(plan: CheckPlan, rules: Rules): CostsOf {
  const known = new Map<string, (Cost | Invalid | undefined)[]>();
  /** Of customers as they are asked about: row by row they are the same as before. */
  let last: { readonly standing: Standing; readonly costs: (Cost | Invalid | undefined)[] } | null =
    null;

  function costsAt(at: Date, { standing, clockId }: Payer): (Cost | Invalid | undefined)[] {
    const key = `${clockId ?? ''}/${standing.terms.cardsAt(at).join()}`;
    const costs = known.get(key) ?? [];
    known.set(key, costs);
    return costs;
  }

  function costsNow(payer: Payer) {
    if (last?.standing === payer.standing) return last.costs;
    const costs = costsAt(payer.now, payer);
    last = { standing: payer.standing, costs };
    return costs;
  }

  return (consumption, consumptionAt, payer) => {
    const { standing, now } = payer;
    const then = consumption.kind === 'EVENT' ? consumption.occurredAt : null;
    const costs = then === null ? costsNow(payer) : costsAt(then, payer);
    const found = costs[consumptionAt];
    if (found) return found;
    const cards = standing.terms.pricesAt(then ?? now);
    const cost = costOf(consumption, rules, cards, now, plan.pathOf(consumptionAt));
    costs[consumptionAt] = cost;
    return cost;
  };
}
