import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/infra/embedded-postgres.ts';
import { createLog } from '../src/infra/log.ts';
import { createMigrator } from '../src/infra/migrate.ts';
import { diffFromDatabase, diffFromEmpty } from './schema-diff.ts';

// Prints the SQL from the end of the migrations to schema.prisma, as a start for the next migration:
//   npx tsx prisma/diff.ts                 what is missing
//   npx tsx prisma/diff.ts --from-empty    everything
// Works on a PostgreSQL of its own, in a temporary folder. Foreign keys and indexes to drop are left
// out: they are decided by hand in the migrations.

async function main(fromEmpty: boolean): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'drawdown-diff-'));
  const postgres = await startEmbeddedPostgres({ dataDir, log: createLog({ level: 'silent' }) });
  try {
    if (!fromEmpty) await createMigrator({ url: postgres.url }).apply();
    const script = await (fromEmpty ? diffFromEmpty : diffFromDatabase)(postgres.url);
    process.stdout.write(script ? `${script}\n` : '-- The migrations end at schema.prisma.\n');
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

await main(process.argv.includes('--from-empty'));
