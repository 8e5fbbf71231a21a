import { setTimeout as pause } from 'node:timers/promises';
import { createDb } from '../../src/infra/db.ts';
import { verifyLaws } from '../../src/laws/verify.ts';
import type { Answer } from '../support/api.ts';
import type { OwnPostgres } from '../support/postgres.ts';
import { askSomebody, charge } from './load.ts';
import { createRandom, type Random } from './random.ts';
import { openReceiver, type Receiver } from './receiver.ts';
import { openStage, type Stage } from './stage.ts';
import { type BalanceWitness, type LogWitness, readLog, watchBalance } from './witnesses.ts';

export interface TortureOptions {
  readonly databaseUrl: string;
  readonly seed: number;
  readonly durationMs: number;
  /** Crashes with the others when it is there for this alone; then the worker is killed as well. */
  readonly postgres: OwnPostgres | null;
  readonly say: (text: string) => void;
}

const CUSTOMERS = 8;
const CLIENTS = 6;
const LOG_READERS = 4;
const WATCHERS_EACH = 2;
/** How long everybody may take to hear the end, once all is calm. */
const SETTLE_MS = 120_000;
/** The jobs of a worker that was killed are given to another one after half a minute. */
const SETTLE_WITHOUT_WORKER_MS = 360_000;
const LOOK_MS = 100;

/**
 * A load of charges while servers and Redis are killed and subscribers come and go. Answers what was
 * wrong in the end, in sentences; nothing, if all went well.
 */
export async function torture(options: TortureOptions): Promise<string[]> {
  const { databaseUrl, seed, durationMs, postgres, say } = options;
  const random = createRandom(seed);
  // Apart from the others, whose order depends on the machine: the seed alone decides what is done when.
  const plan = createRandom(seed + 1);
  const receiver = await openReceiver(random);
  const environment = { DRAWDOWN_WEBHOOK_ALLOW_PRIVATE: '1' };
  const stage = await openStage({ databaseUrl, environment, postgres });
  try {
    const { urls } = stage;
    const ask = (query: string, variables?: object) => askSomebody(urls, random, query, variables);
    const { customers, walletIds } = await setUp(ask);
    await receiver.register(ask);
    const { eventCursor } = await ask('{ eventCursor }');
    const where = { urls, random };
    const balances = walletIds.flatMap((walletId) =>
      Array.from({ length: WATCHERS_EACH }, () => watchBalance(walletId, where)),
    );
    const logs = Array.from({ length: LOG_READERS }, () => readLog(eventCursor, where));
    try {
      const recorded = await charges(stage, options, { random, plan }, customers);
      say(`${recorded} events were recorded; now everybody may hear the end`);
      const patienceMs = postgres ? SETTLE_WITHOUT_WORKER_MS : SETTLE_MS;
      const settled = await settle(ask, balances, logs, receiver, patienceMs);
      say(`every reader saw ${logs[0]?.ids.length} events; ${receiver.count()} webhooks came`);
      return [
        ...settled,
        ...[...balances, ...logs].flatMap(({ faults }) => faults),
        ...differing(logs),
        ...receiver.outOfOrder(logs[0]?.ids ?? []),
        ...receiver.faults,
        ...(await judgeBooks(databaseUrl, recorded, logs[0]?.alerts() ?? 0)),
      ];
    } finally {
      for (const witness of [...balances, ...logs]) witness.stop();
    }
  } finally {
    await stage.close();
    await receiver.close();
    say(`seed ${seed}, ${durationMs / 1000} s`);
  }
}

type AskAnybody = (query: string, variables?: object) => Promise<Answer['data']>;

async function setUp(ask: AskAnybody) {
  await ask(`mutation {
    createAsset(input: { code: "USD", name: "US Dollar" }) { __typename }
    createBillableMetric(input: { code: "calls", name: "Calls", eventType: "api.call", aggregation: COUNT }) {
      __typename
    }
    createPrice(input: { metric: "calls", asset: "USD", unitAmount: "0.05" }) { __typename }
  }`);
  const customers = Array.from({ length: CUSTOMERS }, (_, index) => `customer-${index}`);
  const walletIds: string[] = [];
  for (const externalId of customers) {
    await ask(
      'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { __typename } }',
      { input: { externalId } },
    );
    const { grantCredit } = await ask(
      `mutation ($input: GrantCreditInput!) {
        grantCredit(input: $input) { ... on GrantCreditPayload { wallet { id } } }
      }`,
      {
        input: { customer: { externalId }, asset: 'USD', amount: '50', idempotencyKey: externalId },
      },
    );
    walletIds.push(grantCredit.wallet.id);
  }
  return { customers, walletIds };
}

/** Charges until the torment is over; how many events were recorded. */
async function charges(
  stage: Stage,
  { durationMs, say }: TortureOptions,
  { random, plan }: { random: Random; plan: Random },
  customers: readonly string[],
): Promise<number> {
  let isOver = false;
  const clients = Array.from({ length: CLIENTS }, (_, index) =>
    charge(`client-${index}`, { urls: stage.urls, random, customers, isOver: () => isOver }),
  );
  await stage.torment(durationMs, plan, say);
  isOver = true;
  const counts = await Promise.all(clients);
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Waits until everybody has heard the end; who has not is named. */
async function settle(
  ask: AskAnybody,
  balances: readonly BalanceWitness[],
  logs: readonly LogWitness[],
  receiver: Receiver,
  patienceMs: number,
): Promise<string[]> {
  let late: string[] = [];
  for (let waited = 0; waited < patienceMs; waited += LOOK_MS) {
    late = [...(await whoIsLate(ask, balances, logs)), ...receiver.missing(logs[0]?.ids ?? [])];
    if (late.length === 0) return [];
    await pause(LOOK_MS);
  }
  return late;
}

async function whoIsLate(
  ask: AskAnybody,
  balances: readonly BalanceWitness[],
  logs: readonly LogWitness[],
): Promise<string[]> {
  const { eventCursor } = await ask('{ eventCursor }');
  const { nodes } = await ask(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Wallet { id version balance { available } } } }',
    { ids: [...new Set(balances.map(({ walletId }) => walletId))] },
  );
  const states = new Map<string, string>(
    nodes.map((it: { id: string; version: number; balance: { available: string } }) => [
      it.id,
      `${it.version} ${it.balance.available}`,
    ]),
  );
  return [
    ...balances
      .filter((witness) => witness.last() !== states.get(witness.walletId))
      .map((it) => `${it.walletId} is ${states.get(it.walletId)}, a watcher has ${it.last()}`),
    ...logs
      .filter((witness) => witness.cursor() !== eventCursor)
      .map((it) => `the log ends at ${eventCursor}, a reader has come to ${it.cursor()}`),
  ];
}

function differing([first, ...others]: readonly LogWitness[]): string[] {
  const expected = first?.ids.join();
  const repeated = first && new Set(first.ids).size !== first.ids.length;
  return [
    ...(repeated ? ['a reader was told an event twice'] : []),
    ...others
      .filter((witness) => witness.ids.join() !== expected)
      .map(() => 'two readers were told different events'),
  ];
}

/** What is stored, against the laws, what the clients were told, and what the readers saw. */
async function judgeBooks(
  databaseUrl: string,
  recorded: number,
  alerts: number,
): Promise<string[]> {
  const db = createDb({ url: databaseUrl, poolSize: 2, onIdleError: () => undefined });
  try {
    const { laws } = await verifyLaws(db);
    const faults = laws
      .filter((law) => !law.ok)
      .map((law) => `law ${law.number}: ${law.violation}`);
    const [stored] = await db.direct.query<{ events: number; alerts: number }>(COUNTS, []);
    if (stored?.events !== recorded) {
      faults.push(`${stored?.events} events are stored, clients were told of ${recorded}`);
    }
    if (stored?.alerts !== alerts) {
      faults.push(`${stored?.alerts} alerts were raised, readers were told of ${alerts}`);
    }
    return faults;
  } finally {
    await db.close();
  }
}

const COUNTS = {
  name: 'torture.counts',
  text: `SELECT (SELECT count(*) FROM usage_events)::int AS events,
    (SELECT count(*) FROM alerts WHERE told)::int AS alerts`,
};
