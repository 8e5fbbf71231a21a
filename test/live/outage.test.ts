import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDb, type Db } from '../../src/infra/db.ts';
import { isOutage } from '../../src/infra/outage.ts';
import { createManualClock } from '../../src/kit/clock.ts';
import { type Answer, KEY, startApi, type TestApi } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Gate, openGate } from '../support/gate.ts';
import { openWs } from '../support/ws-client.ts';

// What callers are told while the database is away: that the same request may succeed later.

const QUERY = '{ customers(first: 1) { edges { node { id } } } }';
const MUTATION = `mutation { createCustomer(input: { externalId: "acme" }) {
  ... on CreateCustomerPayload { created } ... on Error { message }
} }`;
const RETRYABLE = {
  message: 'The database cannot be reached just now; send the same request again later.',
  extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true, requestId: expect.any(String) },
};

let database: TestDatabase;
let gate: Gate;
let api: TestApi;
let admin: pg.Client;
// It stands still, so what the process knows of a key stays fresh, and operations get as far as the database.
const clock = createManualClock(new Date());

beforeAll(async () => {
  database = await createTestDatabase();
  gate = await openGate(database.url);
  api = await startApi({ databaseUrl: gate.url, clock });
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  expect((await api.ask(QUERY)).status).toBe(200);
});
afterAll(async () => {
  await api?.stop();
  await gate?.shut();
  await admin?.end();
  await database?.drop();
});

function expectRetryable({ status, data, errors }: Answer): void {
  expect(data ?? null).toBeNull();
  expect(errors).toMatchObject([RETRYABLE]);
  expect(status).toBe(503);
}

/** Runs the operations while the tables they need are locked, and breaks what they wait in. */
async function breakWhileWaiting(how: () => Promise<unknown>): Promise<Answer[]> {
  await admin.query('BEGIN; LOCK TABLE customers IN ACCESS EXCLUSIVE MODE');
  try {
    const answers = Promise.all([api.ask(QUERY), api.ask(MUTATION)]);
    let waiting = 0;
    while (waiting < 2) {
      // Within a transaction the same activity would be shown for ever.
      await admin.query('SELECT pg_stat_clear_snapshot()');
      const { rows } = await admin.query(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database()
          AND application_name = 'drawdown' AND wait_event_type = 'Lock'`,
      );
      waiting = rows.length;
    }
    await how();
    return await answers;
  } finally {
    await admin.query('ROLLBACK');
  }
}

describe('an operation', () => {
  it('is retryable when its connection was terminated', async () => {
    const answers = await breakWhileWaiting(() =>
      admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'drawdown'`),
    );
    answers.forEach(expectRetryable);
  });

  it('is retryable when its connection broke, and when none can be made', async () => {
    (await breakWhileWaiting(gate.shut)).forEach(expectRetryable);
    for (const document of [QUERY, MUTATION]) expectRetryable(await api.ask(document));
    await gate.open();
    expect((await api.ask(MUTATION)).data).toEqual({ createCustomer: { created: true } });
  });

  it('is retryable over WebSocket too', async () => {
    const socket = await openWs(`${api.url.replace('http', 'ws')}/graphql`);
    await socket.init(`Bearer ${KEY}`);
    await gate.shut();
    socket.subscribe('1', QUERY);
    const { payload } = await socket.next();
    expect(payload).toMatchObject({ data: null, errors: [RETRYABLE] });
    expect(Object.keys(payload.errors[0].extensions)).toHaveLength(3);
    await gate.open();
    await socket.close();
  });

  it('is retryable when the credential cannot be checked', async () => {
    await gate.shut();
    clock.advance(10_000);
    expectRetryable(await api.ask(QUERY));
    await gate.open();
    expect((await api.ask(QUERY)).status).toBe(200);
  });
});

describe('a database that takes nobody', () => {
  const role = `crowded_${process.pid}`;
  let crowded: Db;

  beforeAll(async () => {
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'crowded' CONNECTION LIMIT 0`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'crowded';
    crowded = createDb({ url: url.href, poolSize: 1, onIdleError: () => undefined });
  });
  afterAll(async () => {
    await crowded?.close();
    await admin.query(`DROP ROLE ${role}`);
  });

  it.each<[string, (db: Db) => Promise<unknown>]>([
    ['a statement', (db) => db.direct.query({ name: 'one', text: 'SELECT 1' }, [])],
    ['a model', (db) => db.prisma.customer.findMany()],
    ['a transaction', (db) => db.transaction((tx) => tx.prisma.customer.findMany())],
    ['a hot transaction', (db) => db.hotTransaction(async () => 1)],
  ])('is away, says %s', async (_what, ask) => {
    const error = await ask(crowded).then(
      () => null,
      (thrown) => thrown,
    );
    expect(error).not.toBeNull();
    expect(isOutage(error)).toBe(true);
  });
});

it('what the database refuses is no outage', async () => {
  const errors: unknown[] = [];
  const db = createDb({ url: database.url, poolSize: 1, onIdleError: () => undefined });
  const note = (error: unknown) => errors.push(error);
  await db.direct.query({ name: 'bad', text: 'SELECT 1/0' }, []).catch(note);
  await db.direct.query({ name: 'worse', text: 'SELECT nothing' }, []).catch(note);
  await db.prisma.customer.findMany({ where: { id: 'no uuid' } }).catch(note);
  await db.close();
  expect(errors).toHaveLength(3);
  expect(errors.filter((error) => isOutage(error))).toEqual([]);
});
