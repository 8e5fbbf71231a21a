import type { Viewer } from '../access/viewer.ts';
import { cardInMemory } from '../catalog/plans/card-in-memory.ts';
import type { WholeVersion } from '../catalog/plans/find-whole-version.ts';
import type { PriceBooks } from '../catalog/price-books.ts';
import type { CustomerRef } from '../customers/customer-ref.ts';
import type { Db } from '../infra/db.ts';
import { codeOf, GivenUp } from '../infra/outage.ts';
import { TAKE_SNAPSHOT } from '../infra/take-snapshot.ts';
import { type Clock, SECOND_MS } from '../kit/clock.ts';
import type { Id } from '../kit/ids.ts';
import { type Invalid, isRefusal, type NotFound, notFound } from '../kit/refusal.ts';
import type { Period } from '../metering/period.ts';
import type { Overloaded } from '../usage/refusals.ts';
import { readInput, type SimulateInput } from './read-input.ts';
import { tookTooLong } from './refusals.ts';
import type { Report } from './report.ts';
import { simulate } from './simulate.ts';
import { LATEST_TEST_TIME, TAKE_TIME } from './sql/read-frame.ts';

export type Simulations = ReturnType<typeof createSimulations>;

export interface SimulationDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly priceBooks: PriceBooks;
  readonly plans: {
    findWholeVersion(
      viewer: Viewer,
      path: string,
      name: string,
    ): Promise<WholeVersion | NotFound | Invalid>;
  };
  readonly customers: {
    resolveCustomer(viewer: Viewer, ref: CustomerRef): Promise<Id<'customer'> | NotFound>;
  };
  /** How many events one reads at the most; a million unless it is said otherwise. */
  readonly maxEvents?: number;
}

export interface Simulation extends Report {
  readonly planVersionId: string;
  readonly span: Period;
  readonly countedFrom: Date;
  readonly asOf: Date;
}

export const MAX_EVENTS = 1_000_000;

/** Each has a connection of those for what no charge waits for, and a share of the one thread that there is. */
const AT_A_TIME = 1;
const RETRY_AFTER_MS = 5 * SECOND_MS;

const LIMIT_MS = 60 * SECOND_MS;
const STATEMENT_LIMIT_MS = 30 * SECOND_MS;

/** Of PostgreSQL: a statement was ended because it took too long. */
const QUERY_CANCELED = '57014';

/** What past events would have cost on another plan. */
export function createSimulations(deps: SimulationDeps) {
  const { db, clock } = deps;
  let running = 0;
  let isClosing = false;

  async function prepare(viewer: Viewer, input: SimulateInput) {
    const question = readInput(input, await latestTime(deps, viewer));
    if (isRefusal(question)) return question;
    // Plans are not for customers' tokens, and what a draft says is nobody else's business.
    if (viewer.kind !== 'KEY') return notFound('plan', 'PlanVersion', input.plan);
    const version = await deps.plans.findWholeVersion(viewer, 'plan', input.plan);
    if (isRefusal(version)) return version;
    const { customer } = input;
    const customerId = customer ? await deps.customers.resolveCustomer(viewer, customer) : null;
    if (isRefusal(customerId)) return customerId;
    const { organizationId } = viewer;
    const catalogue = await deps.priceBooks.fresh(organizationId);
    const card = cardInMemory(version.definition, version.names);
    return { ...question, organizationId, customerId, version, card, catalogue };
  }

  async function run(
    viewer: Viewer,
    input: SimulateInput,
  ): Promise<Simulation | Invalid | NotFound> {
    const prepared = await prepare(viewer, input);
    if (isRefusal(prepared)) return prepared;
    let asOf = clock.now();
    const checkOn = () => {
      if (isClosing) throw new GivenUp('The process stops.');
      if (clock.now().getTime() - asOf.getTime() > LIMIT_MS) throw new TooLong();
    };
    const setting = { ...prepared, maxEvents: deps.maxEvents ?? MAX_EVENTS, checkOn };
    const simulated = await db.backgroundTransaction(async (tx) => {
      await tx.query(TAKE_SNAPSHOT, []);
      // The first statement that reads takes the snapshot: what was committed by now is in it.
      asOf = clock.now();
      await tx.query(TAKE_TIME, [String(STATEMENT_LIMIT_MS)]);
      return simulate(tx, setting);
    });
    if (isRefusal(simulated)) return simulated;
    const { report, countedFrom } = simulated;
    const { span, version } = prepared;
    return { ...report, planVersionId: version.id, span, countedFrom, asOf };
  }

  return {
    /** Rates past events as if every customer were on a version of a plan. Writes nothing. */
    async simulate(
      viewer: Viewer,
      input: SimulateInput,
    ): Promise<Simulation | Invalid | NotFound | Overloaded> {
      if (running >= AT_A_TIME) return { refusal: 'Overloaded', retryAfterMs: RETRY_AFTER_MS };
      running += 1;
      try {
        return await run(viewer, input);
      } catch (error) {
        if (error instanceof TooLong) return tookTooLong(LIMIT_MS);
        if (codeOf(error) === QUERY_CANCELED) return tookTooLong(STATEMENT_LIMIT_MS);
        throw error;
      } finally {
        running -= 1;
      }
    },
    /** Ends those that are running: they hold a connection that is to be closed. */
    close() {
      isClosing = true;
    },
  };
}

/** Thrown to leave a transaction whose time is over. */
class TooLong extends Error {
  override readonly name = 'TooLong';
}

/** Customers on test clocks may be ahead of the server. */
async function latestTime({ db, clock }: SimulationDeps, { organizationId }: Viewer) {
  const now = clock.now();
  const values = [organizationId];
  const [row] = await db.direct.query<{ latest: Date | null }>(LATEST_TEST_TIME, values);
  return row?.latest && row.latest > now ? row.latest : now;
}
