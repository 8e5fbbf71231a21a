import { Command } from 'commander';
import { readConfig } from '../../config.ts';
import { createLog } from '../../infra/log.ts';
import { start } from '../../main.ts';
import { orOneLine } from '../command-error.ts';
import { hearRejections } from '../hear-rejections.ts';
import { untilSignal } from '../until-signal.ts';

/** `drawdown worker` */
export function workerCommand(): Command {
  return new Command('worker')
    .description(
      'do what happens without a request (grants that come into force and expire, webhooks)',
    )
    .addHelpText('after', '\nAny number of workers may run beside each other on one database.')
    .action(orOneLine(work));
}

async function work(): Promise<void> {
  const config = readConfig();
  const log = createLog({ level: config.logLevel });
  hearRejections(log);
  const running = await start({ config, log, api: false });
  process.stdout.write('The worker is running.\n');
  await untilSignal(running.stop, running.lost);
}
