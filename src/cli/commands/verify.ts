import { Command } from 'commander';
import { createDb } from '../../infra/db.ts';
import { createMigrator } from '../../infra/migrate.ts';
import { type LawReport, type LawsReport, verifyLaws } from '../../laws/verify.ts';
import { CommandError, orOneLine } from '../command-error.ts';
import { withDatabase } from '../with-database.ts';

interface VerifyOptions {
  readonly json?: boolean;
}

const HELP = `
Works on the database of DATABASE_URL, or on the embedded one in DRAWDOWN_DATA_DIR, also while a
server runs on it: everything is read from one snapshot, nothing is written or locked. The exit code
is 1 when a law is broken.

Examples:
  $ drawdown verify
  $ drawdown verify --json`;

/** `drawdown verify` */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('check the laws of the ledger on everything that is stored')
    .option('--json', 'print {"ok","laws"} as one line of JSON')
    .addHelpText('after', HELP)
    .action(orOneLine(verify));
}

async function verify(options: VerifyOptions): Promise<void> {
  const report = await withDatabase({ mayCreate: false }, verifyDatabase);
  if (options.json) print(JSON.stringify(report));
  else for (const law of report.laws) print(lineOf(law));
  const broken = report.laws.find((law) => !law.ok);
  if (broken) throw new CommandError(`Law ${broken.number} is broken. ${broken.violation}`);
}

function lineOf({ ok, number, name, checked, counted, violation }: LawReport): string {
  const line = `${ok ? '✓' : '✗'} ${number}. ${name}`;
  return ok ? `${line} (${checked} ${counted})` : `${line}\n     ${violation}`;
}

async function verifyDatabase(url: string): Promise<LawsReport> {
  const { pending, problem } = await createMigrator({ url }).status();
  if (problem) throw new CommandError(problem);
  if (pending.length > 0) {
    throw new CommandError(`Run "drawdown migrate" first: ${pending.join(', ')} is not applied.`);
  }
  const db = createDb({ url, poolSize: 1, onIdleError: () => undefined });
  try {
    return await verifyLaws(db);
  } finally {
    await db.close();
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
