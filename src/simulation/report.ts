import { type Exact, ZERO } from '../kit/decimal.ts';
import { groupBy } from '../kit/group-by.ts';
import type { Id } from '../kit/ids.ts';
import type { Invalid } from '../kit/refusal.ts';
import type { PriceNotFound, RatingRefusal } from '../rating/refusals.ts';
import { createLargest, type Largest } from './largest.ts';
import { createTally, type Line, type Tally } from './tally.ts';

/** What everything cost in one asset, and what it would cost. */
export interface AssetTotal {
  readonly assetId: Id<'asset'>;
  readonly actual: Exact;
  readonly simulated: Exact;
  readonly metrics: readonly Line[];
  /** Those with the largest difference, up or down. */
  readonly customers: readonly CustomerTotal[];
  readonly customersLeftOut: number;
}

/** The same of one customer. */
export interface CustomerTotal {
  readonly customerId: Id<'customer'>;
  readonly actual: Exact;
  readonly simulated: Exact;
}

/** Events that could not be rated, and a few of them. */
export interface Unrated {
  readonly reason: RatingRefusal['refusal'];
  events: number;
  /** The first of each kind. */
  readonly examples: UnratedExample[];
}

export interface UnratedExample {
  readonly usageEventId: Id<'usageEvent'>;
  readonly refusal: RatingRefusal;
}

export interface Report {
  /** How many events were rated. */
  readonly events: number;
  readonly unrated: readonly Unrated[];
  readonly totals: readonly AssetTotal[];
}

/** What a simulation comes to, customer by customer: it keeps no more of them than it tells. */
export interface ReportBuilder {
  rated(): void;
  unrated(usageEventId: Id<'usageEvent'>, refusal: RatingRefusal): void;
  add(customerId: Id<'customer'>, tally: Tally): void;
  done(): Report;
}

export const MAX_EXAMPLES = 5;

export function createReport(topCustomers: number): ReportBuilder {
  const all = createTally();
  const customersOf = new Map<string, Largest<CustomerTotal>>();
  const unrated = new Map<string, Unrated>();
  let events = 0;

  function rank(assetId: string, total: CustomerTotal): void {
    const largest = customersOf.get(assetId) ?? createLargest(topCustomers, byDifference);
    customersOf.set(assetId, largest);
    largest.add(total);
  }

  return {
    rated() {
      events += 1;
    },
    unrated(usageEventId, refusal) {
      const reason = refusal.refusal;
      const group = unrated.get(reason) ?? { reason, events: 0, examples: [] };
      unrated.set(reason, group);
      group.events += 1;
      const isKnown = group.examples.some((each) => kindOf(each.refusal) === kindOf(refusal));
      if (!isKnown && group.examples.length < MAX_EXAMPLES) {
        group.examples.push({ usageEventId, refusal });
      }
    },
    add(customerId, tally) {
      for (const [assetId, lines] of byAsset(tally)) {
        rank(assetId, { customerId, ...sumOf(lines) });
        for (const { metricId, assetId: id, quantity, actual, simulated } of lines) {
          const line = all.line(metricId, id);
          line.quantity += quantity;
          line.actual += actual;
          line.simulated += simulated;
        }
      }
    },
    done: () => ({
      events,
      unrated: [...unrated.values()],
      totals: [...byAsset(all)].map(([assetId, metrics]) => ({
        assetId,
        ...sumOf(metrics),
        metrics,
        customers: customersOf.get(assetId)?.items() ?? [],
        customersLeftOut: customersOf.get(assetId)?.leftOut() ?? 0,
      })),
    }),
  };
}

function byAsset(tally: Tally): Map<Id<'asset'>, Line[]> {
  return groupBy([...tally.lines()].sort(inOrder), ({ assetId }) => assetId);
}

/** In the order in which assets and metrics were created. */
function inOrder(a: Line, b: Line): number {
  return a.assetId + a.metricId < b.assetId + b.metricId ? -1 : 1;
}

function sumOf(lines: readonly Line[]): { actual: Exact; simulated: Exact } {
  return lines.reduce(
    (sum, line) => ({
      actual: sum.actual + line.actual,
      simulated: sum.simulated + line.simulated,
    }),
    { actual: ZERO, simulated: ZERO },
  );
}

function byDifference(a: CustomerTotal, b: CustomerTotal): number {
  const [left, right] = [sizeOf(a), sizeOf(b)];
  if (left !== right) return left > right ? -1 : 1;
  return a.customerId < b.customerId ? -1 : 1;
}

function sizeOf({ actual, simulated }: CustomerTotal): Exact {
  const difference = simulated - actual;
  return difference < ZERO ? -difference : difference;
}

/** What is wrong, without what is only of one event. */
function kindOf(refusal: RatingRefusal): string {
  switch (refusal.refusal) {
    case 'UnknownEventType':
      return refusal.type;
    case 'PriceNotFound':
      return pricelessKind(refusal);
    case 'Invalid':
      return issueKinds(refusal);
  }
}

function pricelessKind({ metricCode, dimensions }: PriceNotFound): string {
  return `${metricCode} ${JSON.stringify(dimensions)}`;
}

function issueKinds({ issues }: Invalid): string {
  return issues.map(({ path, code }) => `${path} ${code}`).join();
}
