import { rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/infra/embedded-postgres.ts';
import { createLog } from '../src/infra/log.ts';
import { createMigrator } from '../src/infra/migrate.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import type { Sizes } from './sizes.ts';
import { buildWorld, type World } from './world.ts';

/** PostgreSQL for one run of the benchmarks. */
export interface Lab {
  readonly postgresVersion: string;
  readonly sizes: Sizes;
  /** Runs `work` on a new database with a server of its own, and takes both away afterwards. */
  withBench<T>(work: (bench: Bench) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** What one scenario works with. */
export interface Bench {
  readonly databaseUrl: string;
  /** For preparing and for what the product is compared with. */
  readonly pool: pg.Pool;
  readonly server: ServerProcess;
  /** One more process of the same product, to be stopped by whoever started it. */
  startAnother(redisUrl: string): Promise<ServerProcess>;
  readonly key: string;
  readonly world: World;
  readonly sizes: Sizes;
}

export interface LabOptions {
  readonly sizes: Sizes;
  readonly profileDir: string | null;
}

const KEY = `sk_test_${'bench'.repeat(8)}`;
/** Beside the project's own data: a temporary folder may lie in memory, where fsync costs nothing. */
const DATA_FOLDER = '.drawdown';

/** With the times of its commits, which are known only of a server that was started so. */
async function startPostgres(dataDir: string): Promise<EmbeddedPostgres> {
  const options = { dataDir, log: createLog({ level: 'fatal' }) };
  const first = await startEmbeddedPostgres(options);
  const admin = new pg.Client({ connectionString: first.url });
  await admin.connect();
  await admin.query('ALTER SYSTEM SET track_commit_timestamp = on');
  await admin.end();
  await first.stop();
  return startEmbeddedPostgres(options);
}

export async function openLab({ sizes, profileDir }: LabOptions): Promise<Lab> {
  await mkdir(DATA_FOLDER, { recursive: true });
  const dataDir = await mkdtemp(join(DATA_FOLDER, 'bench-'));
  const postgres = await startPostgres(dataDir);
  const admin = new pg.Pool({ connectionString: postgres.url, max: 1 });
  admin.on('error', () => undefined);
  const [version] = (await admin.query('SHOW server_version')).rows;
  let count = 0;

  async function withBench<T>(work: (bench: Bench) => Promise<T>): Promise<T> {
    count += 1;
    const name = `bench_${count}`;
    await admin.query(`CREATE DATABASE ${name}`);
    const databaseUrl = postgres.url.replace(/[^/]+$/, name);
    await createMigrator({ url: databaseUrl }).apply();
    const startAnother = (redisUrl?: string) =>
      startServerProcess({ databaseUrl, key: KEY, profileDir, redisUrl });
    const server = await startAnother();
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 16 });
    // Connections that are still saying goodbye may be ended by the DROP DATABASE below.
    pool.on('error', () => undefined);
    try {
      const world = await buildWorld({
        pool,
        url: server.url,
        key: KEY,
        customers: sizes.customers,
      });
      return await work({ databaseUrl, pool, server, startAnother, key: KEY, world, sizes });
    } finally {
      await pool.end();
      await server.stop();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    }
  }

  return {
    postgresVersion: version.server_version,
    sizes,
    withBench,
    async close() {
      await admin.end();
      await postgres.stop();
      // Last of all: what watches the server looks into its log once more when it has ended.
      process.once('exit', () => rmSync(dataDir, { recursive: true, force: true }));
    },
  };
}
