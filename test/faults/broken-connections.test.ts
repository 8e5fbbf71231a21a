import { EventEmitter, once } from 'node:events';
import type pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { withAdmin } from '../support/admin.ts';
import { setUpCalls } from '../support/api.ts';
import { type ChildApi, runDrawdown, startChildApi } from '../support/child-api.ts';
import { createTestDatabase } from '../support/database.ts';
import { insist } from '../support/insist.ts';

// PostgreSQL ends every connection of a process that is taking money, as a failover or an operator would.

const BREAKS = 12;
const CALLS_BETWEEN = 25;
const SPENDERS = 6;
const FUNDERS = 4;
const START = 100_000;

const OURS = `FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'drawdown'`;
/** Connections in the middle of a transaction. */
const BUSY = `SELECT pid ${OURS} AND xact_start IS NOT NULL`;
const TERMINATE = `SELECT pg_terminate_backend(pid) ${OURS}`;

let undo: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const step of undo.reverse()) await step();
  undo = [];
});

/** Charges and grants at once until told to stop; counts what was answered as done. */
function startClients(api: ChildApi) {
  const done = { charges: 0, grants: 0 };
  const progress = new EventEmitter();
  let isRunning = true;
  async function repeat(kind: keyof typeof done, call: (name: string) => Promise<void>) {
    for (let at = 0; isRunning; at += 1) {
      await call(`${at}`);
      done[kind] += 1;
      progress.emit('call');
    }
  }
  const spenders = Array.from({ length: SPENDERS }, (_, client) =>
    repeat('charges', (name) => insist.record(api, `${client}/${name}`)),
  );
  const funders = Array.from({ length: FUNDERS }, (_, client) =>
    repeat('grants', (name) => insist.grant(api, '1', `${client}/${name}`)),
  );
  const ended = Promise.all([...spenders, ...funders]);
  return {
    async untilCalls(count: number): Promise<void> {
      for (let seen = 0; seen < count; seen += 1) await once(progress, 'call');
    },
    async stop() {
      isRunning = false;
      await ended;
      return done;
    },
  };
}

/** Ends all connections in a moment in which several have begun something. */
async function breakAll(admin: pg.Client): Promise<void> {
  while (((await admin.query(BUSY)).rowCount ?? 0) < 3);
  await admin.query(TERMINATE);
}

test('a process whose connections are all ended, twelve times over, lives and loses nothing', {
  timeout: 120_000,
}, async () => {
  const database = await createTestDatabase();
  undo.push(database.drop);
  const api = await startChildApi({ databaseUrl: database.url });
  undo.push(api.stop);
  await setUpCalls(api.ask, 'acme', String(START));

  const clients = startClients(api);
  const story = withAdmin(database.url, async (admin) => {
    for (let breaks = 0; breaks < BREAKS; breaks += 1) {
      await clients.untilCalls(CALLS_BETWEEN);
      await breakAll(admin);
    }
    return clients.stop();
  });
  // A process that died would leave its clients waiting for ever.
  const { charges, grants } = (await Promise.race([story, api.ended])) as Awaited<typeof story>;

  const { data } = await api.ask(`{ customer(ref: { externalId: "acme" }) { wallets {
    balance { settled } entries(first: 1) { edges { node { sequence } } }
  } } }`);
  const [wallet] = data.customer.wallets;
  expect(wallet.balance.settled).toBe(String(START + grants - charges));
  expect(wallet.entries.edges[0].node.sequence).toBe(1 + grants + charges);
  const verdict = await runDrawdown(['verify'], { DATABASE_URL: database.url }).ended;
  expect(verdict).toMatchObject({ code: 0, stderr: '' });
  expect(await api.stop()).toBe(0);
  expect((await api.ended).stderr).toBe('');
});
