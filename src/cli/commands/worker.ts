import { Command } from 'commander';
import { readConfig } from '../../config.ts';
import { createLog } from '../../infra/log.ts';
import { start } from '../../main.ts';
import { addressFault } from '../address-fault.ts';
import { orOneLine } from '../command-error.ts';
import { hearRejections } from '../hear-rejections.ts';
import { untilSignal } from '../until-signal.ts';
import { wholeNumber } from '../whole-number.ts';

const PORT_HELP =
  'answer /livez, /readyz and /metrics there, on HOST (default: nowhere; PORT is that of the API)';

/** `drawdown worker` */
export function workerCommand(): Command {
  return new Command('worker')
    .description(
      'do what happens without a request (grants that come into force and expire, webhooks)',
    )
    .option('--port <port>', PORT_HELP, wholeNumber(0, 65_535))
    .addHelpText('after', '\nAny number of workers may run beside each other on one database.')
    .action(orOneLine(work));
}

async function work({ port }: { port?: number }): Promise<void> {
  const config = readConfig();
  const log = createLog({ level: config.logLevel });
  hearRejections(log);
  const probePort = port ?? null;
  const running = await start({ config, log, api: false, probePort }).catch((error: Error) => {
    throw addressFault({ ...config, port: port ?? 0 }, error);
  });
  process.stdout.write(`The worker is running.${running.url ? ` ${running.url}` : ''}\n`);
  await untilSignal(running.stop, running.lost);
}
