import { Command } from 'commander';
import { migrateJobs } from '../../infra/jobs.ts';
import { createLog } from '../../infra/log.ts';
import { createMigrator } from '../../infra/migrate.ts';
import type { MigrationStatus } from '../../infra/migrations.ts';
import { CommandError, orOneLine } from '../command-error.ts';
import { withDatabase } from '../with-database.ts';

interface MigrateOptions {
  readonly status?: boolean;
  readonly json?: boolean;
}

const HELP = `
Works on the database of DATABASE_URL, or on the embedded one in DRAWDOWN_DATA_DIR. A server applies
what is pending when it starts. The exit code is 1 when the database and this version do not agree.

Examples:
  $ drawdown migrate --status
  $ drawdown migrate --json`;

/** `drawdown migrate` */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('bring the tables of the database to this version')
    .option('--status', 'show what is applied and what is pending, and change nothing')
    .option('--json', 'print {"applied","pending","problem"} as one line of JSON')
    .addHelpText('after', HELP)
    .action(orOneLine(migrate));
}

async function migrate(options: MigrateOptions): Promise<void> {
  const mayCreate = !options.status;
  const { problem } = await withDatabase({ mayCreate }, async (url) => {
    const migrator = createMigrator({ url });
    const before = await migrator.status();
    const mayApply = !options.status && before.problem === null;
    if (!options.json) printBefore(before);
    const done = mayApply ? await migrator.apply() : [];
    if (mayApply) await migrateJobs(url, createLog({ level: 'warn', destination: process.stderr }));
    const after = mayApply ? await migrator.status() : before;
    if (options.json) print(JSON.stringify(after));
    else for (const name of done) print(`applied now  ${name}`);
    return after;
  });
  if (problem) throw new CommandError(problem);
}

function printBefore({ applied, pending }: MigrationStatus): void {
  for (const name of applied) print(`applied      ${name}`);
  for (const name of pending) print(`pending      ${name}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
