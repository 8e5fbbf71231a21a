import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDb, type Db } from '../../src/infra/db.ts';
import { readMigrations } from '../../src/infra/migrations.ts';
import { codeOf, isOutage } from '../../src/infra/outage.ts';
import { createDatabaseChecks } from '../../src/server/probes/database-checks.ts';
import { setUpCalls, startApi, type TestApi } from '../support/api.ts';
import { type ChildApi, startChildApi } from '../support/child-api.ts';
import { type OwnPostgres, startOwnPostgres } from '../support/postgres.ts';

// Somebody else tells PostgreSQL to stop, and does not start it again.

const ONE = { name: 'one', text: 'SELECT 1 AS one' };
const RECORD = `mutation ($eventId: String!) { recordUsage(
  input: { customer: { externalId: "acme" }, eventId: $eventId, type: "api.call" }
) { __typename ... on UsageRecorded { duplicate } } }`;

describe('the embedded PostgreSQL that is stopped by somebody else', () => {
  let dataDir: string;
  let api: ChildApi;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'drawdown-stopped-'));
    api = await startChildApi({ dataDir });
  });
  afterEach(async () => {
    await api.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  function postgresPid(): number {
    const [pid] = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
    return Number(pid);
  }

  // It waits for its sessions; ends them; ends without a word.
  test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
    'ends the process with it (%s), and what was answered is there at the next start',
    async (signal) => {
      await setUpCalls(api.ask);
      const { data } = await api.ask(RECORD, { eventId: 'before' });
      expect(data.recordUsage).toEqual({ __typename: 'UsageRecorded', duplicate: false });
      const pid = postgresPid();
      process.kill(pid, signal);
      const { code, stderr } = await api.ended;
      expect(code).toBe(1);
      expect(stderr.trimEnd().split('\n')).toEqual([
        expect.stringMatching(
          new RegExp(`^drawdown: PostgreSQL \\(process ${pid}, .+ was stopped by somebody else`),
        ),
      ]);
      api = await startChildApi({ dataDir });
      expect((await api.ask(RECORD, { eventId: 'before' })).data.recordUsage.duplicate).toBe(true);
    },
  );
});

describe('a PostgreSQL that waits for its sessions to end, and refuses others', () => {
  let postgres: OwnPostgres;
  let api: TestApi;
  let admin: pg.Client;
  /** Has one connection, and may have another. */
  let db: Db;

  beforeAll(async () => {
    postgres = await startOwnPostgres();
    api = await startApi({ databaseUrl: postgres.url });
    admin = new pg.Client({ connectionString: postgres.url });
    admin.on('error', () => undefined);
    await admin.connect();
    db = createDb({ url: postgres.url, poolSize: 2, onIdleError: () => undefined });
    await db.direct.query(ONE, []);
    await postgres.refuseOthers();
  });
  afterAll(async () => {
    await api?.stop();
    await db?.close();
    await admin?.end();
    await postgres?.stop();
  });

  test('is what /readyz names, for what cannot be asked of it is no fault of the migrations', async () => {
    const checks = createDatabaseChecks(db, readMigrations());
    const why = await checks.database().catch((error) => error);
    expect([codeOf(why), isOutage(why)]).toEqual(['57P03', true]);
  });

  test('is away for whoever needs a new connection: the same request may succeed later', async () => {
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'drawdown' AND query <> $1`,
      [ONE.text],
    );
    const customers = '{ customers(first: 1) { edges { node { id } } } }';
    for (const document of [RECORD, customers, '{ eventCursor }']) {
      const { errors } = await api.ask(document, { eventId: 'while it stops' });
      expect(errors).toMatchObject([
        { extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true } },
      ]);
    }
  });

  test.each<[string, (db: Db) => Promise<unknown>]>([
    ['a statement', (db) => db.direct.query(ONE, [])],
    ['a model', (db) => db.prisma.customer.findMany()],
    ['a transaction', (db) => db.transaction((tx) => tx.prisma.customer.findMany())],
    ['a hot transaction', (db) => db.hotTransaction(async () => 1)],
  ])('is away, says %s', async (_what, ask) => {
    const full = createDb({ url: postgres.url, poolSize: 1, onIdleError: () => undefined });
    const error = await ask(full).catch((thrown) => thrown);
    await full.close();
    expect(error).toBeInstanceOf(Error);
    expect(isOutage(error)).toBe(true);
  });
});
