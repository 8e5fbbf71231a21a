import { execFile } from 'node:child_process';
import { accessSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type pg from 'pg';

const run = promisify(execFile);

const CLIENTS = [1, 8, 32];

/** What is run, and on what. */
export interface Workload {
  readonly tables: string;
  readonly script: string;
}

const WALLET = `
CREATE TABLE pgbench_wallet (id int PRIMARY KEY, balance numeric(38, 12) NOT NULL) WITH (fillfactor = 50);
CREATE TABLE pgbench_entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, wallet_id int NOT NULL,
  amount numeric(38, 12) NOT NULL, posted_at timestamptz NOT NULL);
INSERT INTO pgbench_wallet VALUES (1, 1000000);`;

/** The shortest charge there is: an entry and the new balance, in a transaction. */
const CHARGE: Workload = {
  tables: WALLET,
  script: `
BEGIN;
INSERT INTO pgbench_entry (wallet_id, amount, posted_at) VALUES (1, 0.0025, now());
UPDATE pgbench_wallet SET balance = balance - 0.0025 WHERE id = 1;
COMMIT;
`,
};

/** The shortest hold there is: one transaction sets it aside, another closes it and charges what was used. */
export const HOLD: Workload = {
  tables: `${WALLET}
ALTER TABLE pgbench_wallet ADD COLUMN held numeric(38, 12) NOT NULL DEFAULT 0;
CREATE TABLE pgbench_hold (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, wallet_id int NOT NULL,
  amount numeric(38, 12) NOT NULL, open boolean NOT NULL, expires_at timestamptz NOT NULL) WITH (fillfactor = 70);`,
  script: `
BEGIN;
UPDATE pgbench_wallet SET held = held + 0.0025 WHERE id = 1;
INSERT INTO pgbench_hold (wallet_id, amount, open, expires_at)
  VALUES (1, 0.0025, true, now() + interval '15 minutes') RETURNING id AS hold \\gset
COMMIT;
BEGIN;
UPDATE pgbench_wallet SET held = held - 0.0025, balance = balance - 0.0025 WHERE id = 1;
UPDATE pgbench_hold SET open = false WHERE id = :hold;
INSERT INTO pgbench_entry (wallet_id, amount, posted_at) VALUES (1, 0.0025, now());
COMMIT;
`,
};

/** Runs of the script per second on one row, the best of 1, 8 and 32 clients. */
export type Pgbench = () => Promise<{ readonly rate: number; readonly clients: number }>;

export async function createPgbench(
  pool: pg.Pool,
  databaseUrl: string,
  seconds: number,
  { tables, script }: Workload = CHARGE,
): Promise<Pgbench> {
  await pool.query(tables);
  const binary = await findPgbench();
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bench-'));
    const file = join(folder, 'script.sql');
    await writeFile(file, script);
    try {
      let best = { rate: 0, clients: 0 };
      for (const clients of CLIENTS) {
        const size = [`--client=${clients}`, `--jobs=${Math.min(clients, 2)}`, `--time=${seconds}`];
        const how = ['--no-vacuum', '--protocol=prepared', `--file=${file}`, databaseUrl];
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
