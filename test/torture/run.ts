import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { databaseUrl, withAdmin } from '../support/admin.ts';
import { startOwnPostgres } from '../support/postgres.ts';
import { torture } from './torture.ts';

const { values: flags } = parseArgs({
  options: {
    seed: { type: 'string', default: `${randomBytes(4).readUInt32BE()}` },
    seconds: { type: 'string', default: '60' },
    help: { type: 'boolean', default: false },
  },
});

const USAGE = `npm run torture -- [--seed N] [--seconds N]

Two servers, a worker, PostgreSQL and Redis under a load of charges, while each is killed and started again
and subscribers come and go. The seconds (60) are those of the load; then everybody may hear the end, which takes
a while, because the jobs of a worker that was killed wait half a minute for another one. Exits with 1 and says what was wrong, if anything was.`;

/** The whole torture on a PostgreSQL of its own; the exit code. */
async function run(): Promise<number> {
  const postgres = await startOwnPostgres();
  const name = `torture_${randomBytes(4).toString('hex')}`;
  try {
    await withAdmin(postgres.url, (admin) => admin.query(`CREATE DATABASE ${name}`));
    const faults = await torture({
      databaseUrl: databaseUrl(postgres.url, name),
      seed: Number(flags.seed),
      durationMs: Number(flags.seconds) * 1000,
      postgres,
      say: (text) => console.log(text),
    });
    for (const fault of faults.slice(0, 20)) console.error(`WRONG: ${fault}`);
    console.log(faults.length === 0 ? 'Nothing was wrong.' : `${faults.length} things were wrong.`);
    return faults.length === 0 ? 0 : 1;
  } finally {
    await withAdmin(postgres.url, (admin) =>
      admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
    );
    await postgres.stop();
  }
}

if (flags.help) console.log(USAGE);
else process.exitCode = await run();
