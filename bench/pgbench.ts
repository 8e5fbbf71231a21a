import { execFile } from 'node:child_process';
import { accessSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type pg from 'pg';

const run = promisify(execFile);

const CLIENTS = [1, 8, 32];

const TABLES = `
CREATE TABLE pgbench_wallet (id int PRIMARY KEY, balance numeric(38, 12) NOT NULL) WITH (fillfactor = 50);
CREATE TABLE pgbench_entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, wallet_id int NOT NULL,
  amount numeric(38, 12) NOT NULL, posted_at timestamptz NOT NULL);
INSERT INTO pgbench_wallet VALUES (1, 1000000);`;

/** The shortest charge there is: an entry and the new balance, in a transaction. */
const SCRIPT = `
BEGIN;
INSERT INTO pgbench_entry (wallet_id, amount, posted_at) VALUES (1, 0.0025, now());
UPDATE pgbench_wallet SET balance = balance - 0.0025 WHERE id = 1;
COMMIT;
`;

/** Transactions per second on one row, the best of 1, 8 and 32 clients. */
export type Pgbench = () => Promise<{ readonly rate: number; readonly clients: number }>;

export async function createPgbench(
  pool: pg.Pool,
  databaseUrl: string,
  seconds: number,
): Promise<Pgbench> {
  await pool.query(TABLES);
  const binary = await findPgbench();
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bench-'));
    const script = join(folder, 'charge.sql');
    await writeFile(script, SCRIPT);
    try {
      let best = { rate: 0, clients: 0 };
      for (const clients of CLIENTS) {
        const size = [`--client=${clients}`, `--jobs=${Math.min(clients, 2)}`, `--time=${seconds}`];
        const how = ['--no-vacuum', '--protocol=prepared', `--file=${script}`, databaseUrl];
        const { stdout } = await run(binary, [...size, ...how]);
        const rate = Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]);
        if (rate > best.rate) best = { rate, clients };
      }
      return best;
    } finally {
      await rm(folder, { recursive: true });
    }
  };
}

/** It does not come with the embedded PostgreSQL; one of any version speaks to it. */
async function findPgbench(): Promise<string> {
  const installed = await readdir('/usr/lib/postgresql').catch((): string[] => []);
  const candidates = installed.map((version) => `/usr/lib/postgresql/${version}/bin/pgbench`);
  const found = [...candidates, '/usr/bin/pgbench', '/usr/local/bin/pgbench'].find(exists);
  if (!found) throw new Error('Install pgbench (Debian: apt-get install -y postgresql-contrib).');
  return found;
}

function exists(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
