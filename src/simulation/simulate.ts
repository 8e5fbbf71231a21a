import type { CardInMemory } from '../catalog/plans/card-in-memory.ts';
import type { WholeVersion } from '../catalog/plans/find-whole-version.ts';
import type { CatalogueSnapshot } from '../catalog/snapshot.ts';
import type { Queryable } from '../infra/db.ts';
import { exact } from '../kit/decimal.ts';
import { groupBy } from '../kit/group-by.ts';
import type { Id } from '../kit/ids.ts';
import { type Invalid, isRefusal } from '../kit/refusal.ts';
import type { CountingTerms } from '../subscriptions/terms.ts';
import { countedFrom, isAnythingCounted } from './counted-from.ts';
import type { PastEvent, Took } from './past-event.ts';
import { countEvents, openPastEvents } from './past-events.ts';
import type { Question } from './read-input.ts';
import { tooManyEvents } from './refusals.ts';
import { createReplay, type Replay, type ReplayRules } from './replay.ts';
import { createReport, type Report } from './report.ts';
import { readSimulatedTerms, type SimulatedPlan } from './simulated-terms.ts';
import { type GivenBackRow, READ_GIVEN_BACK } from './sql/read-frame.ts';
import { createTally, type Tally } from './tally.ts';

/** Everything that a simulation goes by but the events themselves. */
export interface Setting extends Question {
  readonly organizationId: Id<'organization'>;
  readonly customerId: Id<'customer'> | null;
  readonly version: WholeVersion;
  readonly card: CardInMemory;
  readonly catalogue: CatalogueSnapshot;
  readonly maxEvents: number;
  /** Called between two pages; throws what ends the simulation. */
  readonly checkOn: () => void;
}

export interface Simulated {
  readonly report: Report;
  /** Events from here on were counted. */
  readonly countedFrom: Date;
}

/** Rates past events again, on one snapshot of the database, and says what they come to. */
export async function simulate(tx: Queryable, setting: Setting): Promise<Simulated | Invalid> {
  const { organizationId, customerId, span, catalogue, card, version, maxEvents } = setting;
  const { interval: unit, intervalCount: count } = version.definition;
  const plan: SimulatedPlan = {
    cardId: card.id,
    interval: { unit, count },
    anchor: { at: span.start, timeZone: 'UTC' },
  };
  const framed = { organizationId, customerId, interval: plan.interval, span };
  const start = isAnythingCounted(catalogue.book, card.prices)
    ? await countedFrom(tx, framed)
    : span.start;
  const asked = { organizationId, customerId, occurred: { start, end: span.end } };
  if ((await countEvents(tx, asked, maxEvents + 1)) > maxEvents) return tooManyEvents(maxEvents);
  const books = createBooks(setting, await readGivenBack(tx, setting));
  const nextPage = await openPastEvents(tx, asked);
  for (let page = await nextPage(); page.length > 0; ) {
    setting.checkOn();
    const customerIds = new Set(page.map((event) => event.customerId));
    const terms = readSimulatedTerms(tx, plan, [...customerIds].filter(books.isAnother));
    const following = nextPage();
    const known = await terms;
    for (const event of page) books.take(event, known);
    page = await following;
  }
  return { report: books.done(), countedFrom: start };
}

interface Current {
  readonly customerId: Id<'customer'>;
  readonly tally: Tally;
  readonly replay: Replay;
}

/** The report as it grows, with the one customer whose events are being read. */
function createBooks(setting: Setting, givenBack: Map<string, GivenBackRow[]>) {
  const rules = rulesOf(setting);
  const report = createReport(setting.topCustomers);
  let current: Current | null = null;

  function open(customerId: Id<'customer'>, terms: CountingTerms | undefined): Current {
    if (!terms) throw new Error('The terms of a customer were not read.');
    const tally = createTally();
    return { customerId, tally, replay: createReplay(rules, terms, tally) };
  }

  function close(): void {
    if (!current) return;
    const { customerId, tally, replay } = current;
    replay.close();
    takeGivenBack(tally, givenBack.get(customerId) ?? []);
    givenBack.delete(customerId);
    report.add(customerId, tally);
    current = null;
  }

  return {
    isAnother: (customerId: string) => current?.customerId !== customerId,
    take(event: PastEvent, terms: ReadonlyMap<string, CountingTerms>) {
      if (current?.customerId !== event.customerId) {
        close();
        current = open(event.customerId, terms.get(event.customerId));
      }
      const outcome = current.replay.take(event);
      if (outcome === 'RATED') report.rated();
      else if (isRefusal(outcome)) report.unrated(event.id, outcome);
    },
    done(): Report {
      close();
      for (const [customerId, rows] of givenBack) {
        const tally = createTally();
        takeGivenBack(tally, rows);
        report.add(customerId as Id<'customer'>, tally);
      }
      return report.done();
    },
  };
}

function rulesOf({ organizationId, catalogue, card, span }: Setting): ReplayRules {
  const sold = new Map<string, Omit<Took, 'amount'>>();
  for (const { id: metricId, prices } of [...catalogue.book.metricsByEventType.values()].flat()) {
    for (const { countedAs, assetId } of [...prices, ...(card.prices.get(metricId) ?? [])]) {
      sold.set(countedAs, { metricId, assetId });
    }
  }
  return { organizationId, book: catalogue.book, cards: [card.prices], span, sold };
}

/** What was given back when periods ended in the span, by customer. */
async function readGivenBack(
  tx: Queryable,
  { organizationId, customerId, span }: Setting,
): Promise<Map<string, GivenBackRow[]>> {
  const values = [organizationId, customerId, span.start, span.end];
  const rows = await tx.query<GivenBackRow>(READ_GIVEN_BACK, values);
  return groupBy(rows, (row) => row.customer_id);
}

function takeGivenBack(tally: Tally, rows: readonly GivenBackRow[]): void {
  for (const { metric_id, asset_id, amount } of rows) {
    const line = tally.line(metric_id as Id<'metric'>, asset_id as Id<'asset'>);
    line.actual -= exact(amount);
  }
}
