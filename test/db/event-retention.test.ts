import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDb, type Db } from '../../src/infra/db.ts';
import { createManualClock, DAY_MS, HOUR_MS } from '../../src/kit/clock.ts';
import { CursorExpired, readEvents, readExtent } from '../../src/live/event-log.ts';
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
