import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../src/access/viewer.ts';
import { isRefusal } from '../../src/kit/refusal.ts';
import type { LoggedEvent } from '../../src/live/event.ts';
import { KEY, setUpCalls, startApi, type TestApi } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Gate, openGate } from '../support/gate.ts';
import { settledLog } from '../support/settled-log.ts';

// Subscriptions that have begun, and are about to read for themselves, when the database goes away.

let database: TestDatabase;
let gate: Gate;
let api: TestApi;
let viewer: Viewer;
let walletId: string;
let start: string;

beforeAll(async () => {
  database = await createTestDatabase();
  gate = await openGate(database.url);
  api = await startApi({ databaseUrl: gate.url });
  start = (await api.ask('{ eventCursor }')).data.eventCursor;
  ({ walletId } = await setUpCalls(api.ask, 'acme'));
  await api.ask(`mutation { recordUsage(input: {
    customer: { externalId: "acme" }, eventId: "one", type: "api.call" }) { __typename } }`);
  const found = await api.services.access.authenticate(`Bearer ${KEY}`);
  if (isRefusal(found)) throw new Error(found.message);
  viewer = found;
});
afterAll(async () => {
  await api?.stop();
  await gate?.shut();
  await database?.drop();
});

async function* oneByOne(events: readonly LoggedEvent[]): AsyncGenerator<LoggedEvent, undefined> {
  yield* events;
}

/** Of each kind of source, the first that it tells: nothing was read for it yet. */
async function openSources(): Promise<(() => Promise<unknown>)[]> {
  const { live, usage, watchBalance } = api.services;
  const page = { after: 0, before: null, limit: 100, inverted: false };
  const events = await live.readPage(viewer, page);
  const log = await live.followLog(viewer, { after: start, types: null, customerId: null });
  const balance = await watchBalance(viewer, walletId, null);
  const tail = usage.unfold(viewer, oneByOne(events), {});
  return [
    async () => (await log?.next())?.value?.fact.type,
    async () => (await balance?.next())?.value?.version,
    async () => (await tail.next()).value?.usageEvent.eventId,
  ];
}

test('they wait until it is back, and tell what they would have told', async () => {
  await settledLog(database.url);
  const sources = await openSources();
  await gate.shut();
  const settled: unknown[] = [];
  const firsts = sources.map((next) => {
    const first = next();
    first.catch(() => undefined).finally(() => settled.push(first));
    return first;
  });
  const { errors } = await api.ask('{ eventCursor }');
  expect(errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
  expect(settled).toEqual([]);
  await gate.open();
  expect(await Promise.all(firsts)).toEqual(['customer.created', 2, 'one']);
});
