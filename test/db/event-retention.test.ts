import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDb, type Db, type Queryable } from '../../src/infra/db.ts';
import { createManualClock, DAY_MS, HOUR_MS } from '../../src/kit/clock.ts';
import {
  CursorExpired,
  placeOf,
  readEvents,
  readExtent,
  readPage,
} from '../../src/live/event-log.ts';
import { forgetOldEvents } from '../../src/live/retention.ts';
import { setUpCalls, startApi, type TestApi } from '../support/api.ts';
import { settledLog } from '../support/settled-log.ts';
import { openEventStream } from '../support/sse.ts';

const KEY = 'sk_test_the_first_organizations_key_for_tests';
const clock = createManualClock(new Date('2026-03-01T00:00:00.000Z'));

let api: TestApi;
let db: Db;
let pool: pg.Pool;
let used = 0;

beforeEach(async () => {
  clock.set(new Date('2026-03-01T00:00:00.000Z'));
  api = await startApi({ clock });
  db = createDb({ url: api.databaseUrl, poolSize: 2, onIdleError: () => undefined });
  pool = new pg.Pool({ connectionString: api.databaseUrl, max: 1 });
  await setUpCalls(api.ask, 'acme', '1000');
});
afterEach(async () => {
  await pool.end();
  await db.close();
  await api.stop();
});

async function use(externalId = 'acme') {
  used += 1;
  await api.ask(
    `mutation ($input: UsageEventInput!) { recordUsage(input: $input) { __typename } }`,
    { input: { customer: { externalId }, eventId: `use-${used}`, type: 'api.call' } },
  );
  await settledLog(api.databaseUrl);
}

async function list() {
  const { data } = await api.ask(
    '{ events(first: 100) { edges { cursor node { type sequence customer { externalId } } } } }',
  );
  return data.events.edges as { cursor: string; node: { type: string; sequence: number } }[];
}

async function forget(days = 30) {
  while (await forgetOldEvents(db.direct, clock, days));
}

const EVENTS = 'subscription ($after: String) { events(after: $after) { sequence } }';

test('what is older than the retention is forgotten, and nothing younger', async () => {
  await use();
  const old = await list();
  clock.advance(30 * DAY_MS - HOUR_MS);
  await use();
  await forget();
  expect((await list()).length).toBe(old.length + 2);
  clock.advance(2 * HOUR_MS);
  await forget();
  expect((await list()).map(({ node }) => node.type)).toEqual([
    'USAGE_RECORDED',
    'BALANCE_CHANGED',
  ]);
});

test('a cursor before what was forgotten is CURSOR_EXPIRED, one right behind it is not', async () => {
  await use();
  const old = await list();
  clock.advance(31 * DAY_MS);
  await use();
  await forget();
  const [first] = await list();
  const beforeLast = await openEventStream(api.url, EVENTS, { after: old.at(-2)?.cursor }, KEY);
  expect(await beforeLast.next()).toMatchObject({
    errors: [{ extensions: { code: 'CURSOR_EXPIRED' } }],
  });
  const last = await openEventStream(api.url, EVENTS, { after: old.at(-1)?.cursor }, KEY);
  expect(await last.next()).toEqual({ data: { events: { sequence: first?.node.sequence } } });
  await last.close();
});

const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String) {
  events(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor } pageInfo { hasNextPage hasPreviousPage }
  }
}`;
const expired = (message: string) => ({
  data: null,
  errors: [
    {
      message: `${message} Read the state anew, and go on from now.`,
      path: ['events'],
      extensions: { code: 'CURSOR_EXPIRED' },
    },
  ],
});

/** No token lives as long as the log is kept. */
async function tokenOfNow(): Promise<string> {
  const { data } = await api.ask(
    `mutation { createCustomerToken(input: { customer: { externalId: "acme" } }) {
      ... on CreateCustomerTokenPayload { token } } }`,
  );
  return data.createCustomerToken.token;
}

test.each([
  ['key', 'log', async () => KEY],
  ['customer token', 'part', tokenOfNow],
])('a page after such a cursor is judged alike, with a %s', async (_, order, credential) => {
  const page = async (variables: object) => api.ask(PAGE, variables, await credential());
  const cursorsOf = async (variables: object) =>
    (await page(variables)).data.events.edges.map((edge: { cursor: string }) => edge.cursor);
  const cursorOf = (place: number) => Buffer.from(`${order}.${place}`).toString('base64url');
  // What is about somebody else, so that positions are not sequences.
  await api.ask('mutation { createCustomer(input: { externalId: "other" }) { __typename } }');
  await use();
  const old: string[] = await cursorsOf({ first: 100 });
  clock.advance(31 * DAY_MS);
  await use();
  await forget();
  const kept: string[] = await cursorsOf({ first: 100 });
  expect(kept).toEqual([old.length + 1, old.length + 2].map(cursorOf));
  for (const after of [cursorOf(0), old.at(0), old.at(-2)]) {
    const answer = expired('Events after this cursor were forgotten.');
    expect(await page({ first: 1, after })).toMatchObject(answer);
  }
  expect(await cursorsOf({ first: 5, after: old.at(-1) })).toEqual(kept);
  expect(await cursorsOf({ first: 5, after: kept[0] })).toEqual([kept[1]]);
  expect(await cursorsOf({ first: 5, after: kept[1] })).toEqual([]);
  const ahead = cursorOf(old.length + 3);
  const answer = expired('The log does not reach this cursor.');
  expect(await page({ first: 5, after: ahead })).toMatchObject(answer);
  // Backwards a page ends where the log does.
  expect(await cursorsOf({ last: 5, before: kept[1] })).toEqual([kept[0]]);
  expect(await cursorsOf({ last: 5, before: old.at(-2) })).toEqual([]);
  expect(await cursorsOf({ last: 5, before: ahead })).toEqual(kept);
});

test('what is forgotten while a page is read is told, or the page is whole', async () => {
  await use();
  const scope = await scopeOf();
  clock.advance(31 * DAY_MS);
  await use();
  const { last } = await readExtent(db.direct, scope);
  const outcomes: unknown[] = [];
  for (const moment of [1, 0]) {
    let statements = 0;
    const racing: Queryable = {
      async query(statement, values) {
        if (statements === moment) await forget();
        statements += 1;
        return db.direct.query(statement, values);
      },
    };
    const all = { after: 0, before: null, limit: 100, inverted: false };
    const read = readPage(racing, scope, all).then((events) =>
      events.map((event) => placeOf(scope, event)),
    );
    outcomes.push(await read.catch((error) => error.name));
  }
  expect(outcomes).toEqual([Array.from({ length: last }, (_, at) => at + 1), 'CursorExpired']);
});

test('the sequence of a customer goes on where it was when all its events were forgotten', async () => {
  await use();
  const last = (await list()).at(-1)?.node.sequence as number;
  clock.advance(31 * DAY_MS);
  await forget();
  expect(await list()).toEqual([]);
  await use();
  expect((await list()).map(({ node }) => node.sequence)).toEqual([last + 1, last + 2]);
});

test('a mark never goes back, however many forget at a time', async () => {
  for (let day = 0; day < 20; day += 1) await use();
  clock.advance(31 * DAY_MS);
  await Promise.all(Array.from({ length: 5 }, () => forget()));
  const { rows } = await pool.query(
    `SELECT l.forgotten_position = l.last_position AS all_forgotten,
      (SELECT max(forgotten_sequence) FROM customers)::int AS sequence FROM event_logs l`,
  );
  expect(rows).toEqual([{ all_forgotten: true, sequence: expect.any(Number) }]);
  await use();
  expect((await list()).map(({ node }) => node.sequence)).toEqual([
    rows[0].sequence + 1,
    rows[0].sequence + 2,
  ]);
});

test('a reader is told when what it has not read yet is forgotten, and when the log lost its end', async () => {
  await use();
  const scope = await scopeOf();
  const extent = await readExtent(db.direct, scope);
  clock.advance(31 * DAY_MS);
  await forget();
  await expect(readEvents(db.direct, scope, 0, 10)).rejects.toThrow(CursorExpired);
  expect(await readEvents(db.direct, scope, extent.last, 10)).toEqual([]);
  await expect(readEvents(db.direct, scope, extent.last + 1, 10)).rejects.toThrow(CursorExpired);
});

async function scopeOf() {
  const { rows } = await pool.query('SELECT organization_id FROM event_logs');
  return { organizationId: rows[0].organization_id as string, customerId: null };
}
