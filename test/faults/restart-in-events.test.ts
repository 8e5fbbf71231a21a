import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { KEY, setUpCalls } from '../support/api.ts';
import { type ChildApi, startChildApi } from '../support/child-api.ts';
import { type OwnPostgres, startOwnPostgres } from '../support/postgres.ts';
import { settledLog } from '../support/settled-log.ts';
import { openEventStream } from '../support/sse.ts';
import { openWs, type ServerMessage } from '../support/ws-client.ts';

// PostgreSQL crashes while events are being executed for subscribers whose selections read beside the event.

let postgres: OwnPostgres;
let api: ChildApi;
let walletId: string;
let start: string;
const closes: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  postgres = await startOwnPostgres();
  api = await startChildApi({ databaseUrl: postgres.url });
  start = (await api.ask('{ eventCursor }')).data.eventCursor;
  ({ walletId } = await setUpCalls(api.ask, 'acme', '1000000'));
});
afterEach(async () => {
  await Promise.all(closes.splice(0).map((close) => close()));
});
afterAll(async () => {
  await api?.stop();
  await postgres?.stop();
});

/** One subscription: the data of its next result, which is whole or fails the test. */
interface Reader {
  next(): Promise<ServerMessage['payload']>;
}

async function overWs(query: string, variables: object = {}): Promise<Reader> {
  const socket = await openWs(`${api.url.replace('http', 'ws')}/graphql`);
  closes.push(socket.close);
  await socket.init(`Bearer ${KEY}`);
  socket.subscribe('1', query, variables);
  return { next: async () => whole(await socket.next()) };
}

async function overSse(query: string, variables: object = {}): Promise<Reader> {
  const stream = await openEventStream(api.url, query, variables, KEY);
  closes.push(stream.close);
  return { next: async () => whole({ type: 'next', payload: await stream.next() }) };
}

function whole(message: ServerMessage): ServerMessage['payload'] {
  expect(message).toMatchObject({ type: 'next', payload: { data: expect.anything() } });
  expect(message.payload).not.toHaveProperty('errors');
  return message.payload.data;
}

/** As often as it takes; an event that was recorded before the crash is a duplicate after it. */
async function charge(eventId: string): Promise<void> {
  for (;;) {
    const { data } = await api
      .ask('mutation ($input: UsageEventInput!) { recordUsage(input: $input) { __typename } }', {
        input: { customer: { externalId: 'acme' }, eventId, type: 'api.call' },
      })
      .catch(() => ({ data: null }));
    if (data?.recordUsage.__typename === 'UsageRecorded') return;
  }
}

async function readiness(): Promise<number> {
  return (await fetch(`${api.url}/readyz`)).status;
}

/** Until as many subscriptions are open, by their gauges. */
async function untilOpen(counts: Readonly<Record<string, number>>): Promise<void> {
  const lines = Object.entries(counts).map(([name, count]) => `drawdown_${name} ${count}\n`);
  for (let metrics = ''; !lines.every((line) => metrics.includes(line)); ) {
    metrics = await (await fetch(`${api.url}/metrics`)).text();
  }
}

/** Keeps everybody from reading this table; the crash ends it. */
async function lock(table: string) {
  const admin = new pg.Client({ connectionString: postgres.url });
  admin.on('error', () => undefined);
  await admin.connect();
  await admin.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  return {
    /** Until so many wait to read it. */
    async untilWaiting(count: number): Promise<void> {
      for (let waiting = 0; waiting < count; ) {
        await admin.query('SELECT pg_stat_clear_snapshot()');
        const { rows } = await admin.query(
          `SELECT pid FROM pg_stat_activity
            WHERE application_name = 'drawdown' AND wait_event_type = 'Lock'`,
        );
        waiting = rows.length;
      }
    },
  };
}

const EVENTS = `subscription ($after: String) { events(after: $after) {
  id customer { name } ... on BalanceChangedEvent { version wallet { id customer { name } } }
  ... on UsageRecordedEvent { usageEvents { eventId customer { name } } } } }`;
const BALANCE = `subscription ($id: ID!) { balanceChanged(walletId: $id) {
  version wallet { customer { name } } } }`;

test('an event whose execution the crash ends is executed again, and told whole', async () => {
  for (const eventId of ['one', 'two', 'three']) await charge(eventId);
  await settledLog(postgres.url);
  const customers = await lock('customers');
  const logs = await Promise.all([
    overWs(EVENTS, { after: start }),
    overWs(EVENTS, { after: start }),
    overSse(EVENTS, { after: start }),
  ]);
  const balances = await Promise.all([
    overWs(BALANCE, { id: walletId }),
    overSse(BALANCE, { id: walletId }),
  ]);
  // Whoever has not subscribed yet would be refused.
  await untilOpen({ log_readers: logs.length, balance_watchers: balances.length });
  // Of those who ask for the same over WebSocket one may execute, and the other one wait for it.
  await customers.untilWaiting(4);
  await postgres.crash();
  await postgres.recover();
  await charge('four');

  const { data } = await api.ask(
    `query ($id: ID!) { events(last: 100) { edges { node { id } } } wallet(id: $id) { version } }`,
    { id: walletId },
  );
  const ids = data.events.edges.map(({ node }: { node: { id: string } }) => node.id);
  for (const log of logs) {
    const told: string[] = [];
    while (told.at(-1) !== ids.at(-1)) told.push((await log.next()).events.id);
    expect(told).toEqual(ids);
  }
  for (const balance of balances) {
    let version = -1;
    while (version < data.wallet.version) ({ version } = (await balance.next()).balanceChanged);
  }
});

const TAIL = `subscription { usageRecorded(customer: { externalId: "acme" }) {
  eventId customer { name } charges { amount } } }`;

/** What it is told until then, by their ids. */
async function hear(tail: Reader, last: string): Promise<string[]> {
  const told: string[] = [];
  while (told.at(-1) !== last) told.push((await tail.next()).usageRecorded.eventId);
  return told;
}

/** Tails that have begun: each has been told of a charge. */
async function openTails(): Promise<Reader[]> {
  const tails = [await overWs(TAIL), await overWs(TAIL), await overSse(TAIL)];
  let isHeard = false;
  const begun = Promise.all(tails.map((tail) => tail.next())).then(() => {
    isHeard = true;
  });
  const prefix = `before-${crypto.randomUUID()}`;
  for (let number = 0; !isHeard; number += 1) await charge(`${prefix}-${number}`);
  await begun;
  return tails;
}

test('a live tail goes on behind a crash that ends what it reads of an event', async () => {
  const tails = await openTails();
  // What an event cost is read with its rates, which charging knows by heart.
  const rates = await lock('rates');
  await charge('locked');
  await rates.untilWaiting(1);
  await postgres.crash();
  await postgres.recover();
  for (const tail of tails) {
    let told = (await tail.next()).usageRecorded;
    while (told.eventId.startsWith('before')) told = (await tail.next()).usageRecorded;
    expect(told).toMatchObject({ eventId: 'locked', charges: [{ amount: '1' }] });
  }
});

test('a live tail goes on behind a crash under load, with each event once', async () => {
  const tails = await openTails();
  let isOver = false;
  const charged: string[] = [];
  async function chargeOn(worker: number): Promise<void> {
    for (let number = 0; !isOver; number += 1) {
      await charge(`${worker}-${number}`);
      charged.push(`${worker}-${number}`);
    }
  }
  const charging = Promise.all([0, 1, 2, 3].map(chargeOn));
  for (let crash = 0; crash < 3; crash += 1) {
    const before = charged.length;
    while (charged.length < before + 40) await readiness();
    await postgres.crash();
    await postgres.recover();
  }
  isOver = true;
  await charging;
  await charge('last');

  for (const tail of tails) {
    const told = (await hear(tail, 'last')).filter((eventId) => !eventId.startsWith('before'));
    expect(told.sort()).toEqual([...charged, 'last'].sort());
  }
});
