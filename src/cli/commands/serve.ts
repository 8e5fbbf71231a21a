import { Command } from 'commander';
import { readConfig } from '../../config.ts';
import { createLog } from '../../infra/log.ts';
import { start } from '../../main.ts';
import { addressFault } from '../address-fault.ts';
import { orOneLine } from '../command-error.ts';
import { startDemo } from '../demo.ts';
import { hearRejections } from '../hear-rejections.ts';
import { untilSignal } from '../until-signal.ts';

const HELP = `
Without DATABASE_URL, PostgreSQL runs inside the data folder (DRAWDOWN_DATA_DIR, ./.drawdown). On an empty
database the first organization is made, in TEST mode, and its secret key is printed once.

Environment: PORT (4000), HOST (127.0.0.1), DATABASE_URL, REDIS_URL, DRAWDOWN_DATA_DIR,
DRAWDOWN_BOOTSTRAP_KEY, DRAWDOWN_ALLOWED_ORIGINS, DRAWDOWN_EVENT_RETENTION_DAYS,
DRAWDOWN_WEBHOOK_PORTS, DRAWDOWN_WEBHOOK_ALLOW_PRIVATE, DRAWDOWN_SMTP_URL, DRAWDOWN_MAIL_FROM, LOG_LEVEL.`;

/** `drawdown serve` */
export function serveCommand(): Command {
  return new Command('serve')
    .description('start the API and the worker in one process')
    .option('--no-worker', 'answer requests only; run `drawdown worker` elsewhere')
    .option('--demo', 'add a demo organization with simulated traffic')
    .addHelpText('after', HELP)
    .action(orOneLine(serve));
}

/** `drawdown demo` */
export function demoCommand(): Command {
  return new Command('demo')
    .description('serve, with a demo organization and simulated traffic')
    .addHelpText('after', HELP)
    .action(orOneLine(() => serve({ worker: true, demo: true })));
}

async function serve(options: { worker: boolean; demo?: boolean }): Promise<void> {
  const config = readConfig();
  const log = createLog({ level: config.logLevel });
  hearRejections(log);
  const running = await start({ config, log, worker: options.worker }).catch((error: Error) => {
    throw addressFault(config, error);
  });
  const { url } = running;
  // A key that the operator chose is known to them; one that was made is shown now and never again.
  const shown = running.firstKey === config.bootstrapKey ? null : running.firstKey;
  process.stdout.write(readyText(url ?? '', shown));
  try {
    const demo = options.demo ? await startDemo({ running, log }) : null;
    await untilSignal(async () => {
      await demo?.stop();
      await running.stop();
    }, running.lost);
  } catch (error) {
    await running.stop();
    throw error;
  }
}

function readyText(url: string, key: string | null): string {
  const links = `\nDrawdown is ready.\n  GraphQL   ${url}/graphql\n  GraphiQL  ${url}/graphiql`;
  if (key === null) return `${links}\n\n`;
  return `${links}#key=${key}\n\n  Your secret key, shown only this once:\n  ${key}\n\n`;
}
