import { type Nows, nowIn } from '../clocks/now-of.ts';
import type { KnownCustomer } from '../customers/store.ts';
import type { Clock } from '../kit/clock.ts';
import { type Invalid, isRefusal } from '../kit/refusal.ts';
import { cardPrices } from '../subscriptions/card-prices.ts';
import { namesOf } from './catalogue-names.ts';
import { type Consumption, readConsumption } from './consumption.ts';
import { type Cost, costOf } from './cost.ts';
import { decide } from './decide.ts';
import { type Decision, denied, unavailable } from './decision.ts';
import {
  type CheckPlan,
  consumptionAt,
  customerAt,
  onUnavailableAt,
  pathTo,
} from './plan-checks.ts';
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

/** What the checks of one request are decided with. */
export interface Decider {
  readonly plan: CheckPlan;
  /** Null: the database is away, and the callers have said what to answer then. */
  readonly gathered: Gathered | null;
  readonly now: Date;
  /** Those of the plan, in order. */
  readonly consumptions: readonly (Consumption | Invalid)[];
  readonly costs: Costs;
}

type CostsOfAll = (Cost | Invalid | undefined)[];

/** What consumptions cost: each is rated once for all customers who have the same prices at the same time. */
interface Costs {
  readonly byPrices: Map<string, CostsOfAll>;
  /** Of customers as they are asked about: row by row they are the same as before. */
  last: { readonly standing: Standing; readonly costs: CostsOfAll } | null;
}

const NOTHING_READ: Decider['consumptions'] = [];

export function openDecider(plan: CheckPlan, gathered: Gathered | null, clock: Clock): Decider {
  return {
    plan,
    gathered,
    now: gathered?.now ?? clock.now(),
    consumptions: gathered ? readAll(plan, gathered.rules) : NOTHING_READ,
    costs: { byPrices: new Map(), last: null },
  };
}

function readAll(plan: CheckPlan, { catalogue }: Rules): (Consumption | Invalid)[] {
  const names = namesOf(catalogue);
  const read: (Consumption | Invalid)[] = [];
  for (const [at, input] of plan.consumptions.entries()) {
    read.push(readConsumption(input, pathTo(plan, at), names));
  }
  return read;
}

/** Decides on one check of a plan, as often as it is asked. */
export function decideAt(decider: Decider, index: number, wantsAvailable: boolean): Decision {
  const { plan, gathered, now: serverNow } = decider;
  if (!gathered) return unavailable(onUnavailableAt(plan, index), index, serverNow);
  const at = customerAt(plan, index);
  const consumption = decider.consumptions[consumptionAt(plan, index)];
  if (!consumption) throw new Error('A plan names a consumption that it does not have.');
  if (isRefusal(consumption)) return denied('INPUT_INVALID', index, serverNow, consumption.issues);
  const customer = gathered.customers[at];
  if (customer == null) return denied('CUSTOMER_NOT_FOUND', index, serverNow);
  const standing = gathered.standings[at];
  if (!standing) return unavailable(onUnavailableAt(plan, index), index, serverNow);
  const { nows, subjects, rules } = gathered;
  const clockId = customer.testClockId;
  const now = nows && clockId ? nowIn(nows, clockId) : serverNow;
  const cost = costAt(decider, index, consumption, { standing, now, clockId }, rules);
  if (isRefusal(cost)) return denied('INPUT_INVALID', index, standing.asOf, cost.issues);
  const { settlementWindowMs } = rules;
  const { assets } = namesOf(rules.catalogue);
  const deciding = { now, subjects, settlementWindowMs, assets, wantsAvailable };
  return decide(standing, consumption, cost, index, deciding);
}

/** Whose prices, and when. */
interface Payer {
  readonly standing: Standing;
  readonly now: Date;
  readonly clockId: string | null;
}

function costAt(
  { plan, costs }: Decider,
  index: number,
  consumption: Consumption,
  payer: Payer,
  rules: Rules,
): Cost | Invalid {
  const { standing, now } = payer;
  const at = consumptionAt(plan, index);
  const then = consumption.kind === 'EVENT' ? consumption.occurredAt : null;
  const known = then === null ? costsNow(costs, payer) : costsAt(costs, then, payer);
  const found = known[at];
  if (found) return found;
  const cards = cardPrices(then ?? now, rules.catalogue, standing.terms);
  const cost = costOf(consumption, rules, cards, now, pathTo(plan, at));
  known[at] = cost;
  return cost;
}

function costsNow(costs: Costs, payer: Payer): CostsOfAll {
  const { last } = costs;
  if (last?.standing === payer.standing) return last.costs;
  const found = costsAt(costs, payer.now, payer);
  costs.last = { standing: payer.standing, costs: found };
  return found;
}

function costsAt({ byPrices }: Costs, at: Date, { standing, clockId }: Payer): CostsOfAll {
  const key = `${clockId ?? ''}/${standing.terms.cardsAt(at).join()}`;
  const found = byPrices.get(key);
  if (found) return found;
  const costs: CostsOfAll = [];
  byPrices.set(key, costs);
  return costs;
}
