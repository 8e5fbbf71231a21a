import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Viewer } from '../../src/access/viewer.ts';
import { createDb, type Db } from '../../src/infra/db.ts';
import { createMetrics } from '../../src/infra/metrics.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { type BalanceHub, createBalanceHub } from '../../src/live/balance-hub.ts';
import { createLocalBus } from '../../src/live/local-bus.ts';
import { createServices, type Services } from '../../src/services.ts';
import { silentLog } from '../live/harness.ts';
import { KEY, setUpCalls } from '../support/api.ts';
import { type ChildApi, startChildApi } from '../support/child-api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { settledLog } from '../support/settled-log.ts';
import { writersGone } from '../support/writers-gone.ts';

// A process commits and dies before it has told anybody: the others find what it has left. Here nobody
// else hears what it says, for the two have no Redis between them.

const NEVER_MS = 3_600_000;

let database: TestDatabase;
let dying: ChildApi;
let db: Db;
let services: Services;
let hub: BalanceHub;
let numbering: pg.Client;

beforeEach(async () => {
  database = await createTestDatabase();
  dying = await startChildApi({ databaseUrl: database.url, worker: false });
  db = createDb({ url: database.url, poolSize: 4, onIdleError: () => undefined });
  openSurvivor();
  numbering = new pg.Client({ connectionString: database.url });
  await numbering.connect();
}, 60_000);
afterEach(async () => {
  await numbering?.end();
  hub?.close();
  await services?.close();
  await db?.close();
  await dying?.stop();
  await database?.drop();
});

/** What a process has that lives on, but that its subscribers hear of nothing by comparing. */
function openSurvivor(): void {
  const common = { bus: createLocalBus({ log: silentLog }), log: silentLog };
  const metrics = createMetrics();
  services = createServices({
    ...common,
    db,
    clock: systemClock,
    metrics,
    bootstrapKey: null,
    webhooks: { allowPrivate: false, ports: [] },
    sendMail: null,
    payments: { cipher: null, publicUrl: () => 'http://127.0.0.1', allowPrivate: true },
  });
  const { readVersions, readUpdates } = services.ledger;
  const never = { recheckMs: NEVER_MS, degradedRecheckMs: NEVER_MS };
  hub = createBalanceHub({
    ...common,
    ...never,
    waitOut: db.waitOut,
    metrics: createMetrics(),
    readVersions,
    readUpdates,
  });
}

async function viewerOfKey(): Promise<Viewer> {
  const viewer = await services.access.authenticate(`Bearer ${KEY}`);
  if ('refusal' in viewer) throw new Error('The key is not known.');
  return viewer;
}

function given<T>(value: T | null): T {
  if (value === null) throw new Error('There is no such thing.');
  return value;
}

test('subscribers of the balance and of the log hear of a change whose process was killed', {
  timeout: 60_000,
}, async () => {
  const { walletId: typeId } = await setUpCalls(dying.ask);
  const viewer = await viewerOfKey();
  const wallet = given(await services.ledger.findWalletByTypeId(viewer, typeId));
  const { id: walletId, organizationId, customerId } = wallet;
  // Nobody numbers until the process is dead; what it said before is in the log.
  await numbering.query(`SELECT pg_advisory_lock(hashtext('drawdown.sequencer'))`);
  const balances = hub.watchBalance({ organizationId, customerId, walletId });
  const version = (await balances.next()).value?.version;
  const wanted = { after: null, types: ['usage.recorded' as const], customerId: null };
  const events = given(await services.live.followLog(viewer, wanted));
  const { data } = await dying.ask(
    `mutation { recordUsage(input: { customer: { externalId: "acme" }, eventId: "last words", type: "api.call" }) {
      __typename } }`,
  );
  expect(data.recordUsage.__typename).toBe('UsageRecorded');
  await dying.kill9();
  await writersGone(database.url);
  await numbering.query(`SELECT pg_advisory_unlock(hashtext('drawdown.sequencer'))`);
  await settledLog(database.url, services.sequencer.pass);
  expect((await events.next()).value?.fact).toMatchObject({ type: 'usage.recorded' });
  expect((await balances.next()).value).toMatchObject({
    walletId,
    version: Number(version) + 1,
    balance: { available: '9' },
    cause: 'USAGE',
  });
  await events.return?.();
  await balances.return?.();
});
