import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { parseDecimal, plain, ZERO } from '../../kit/decimal.ts';
import { createApi } from '../api.ts';
import { CommandError, orOneLine } from '../command-error.ts';
import { chunk } from '../rates-diff.ts';
import { ensureCustomer, findAssetOf, prefund } from '../replay-target.ts';
import { sendEvents } from '../send-events.ts';
import { readServerOptions, type ServerOptions, withServerOptions } from '../server-options.ts';
import { count, emptyTally, type Tally } from '../tally.ts';
import { fileHash, readTrace, toEvent } from '../trace.ts';
import { wholeNumber } from '../whole-number.ts';

interface ReplayOptions extends ServerOptions {
  readonly model: string;
  readonly customer?: string;
  readonly prefund?: string;
  readonly asset?: string;
  readonly batch: number;
  readonly concurrency: number;
  readonly json?: boolean;
}

const HELP = `
The file is a CSV with the columns TIMESTAMP, ContextTokens and GeneratedTokens, as in the Azure LLM
inference traces. Each row is sent as one event of type llm.request with the properties model,
input_tokens and output_tokens. The timestamps are not sent: a trace is usually older than the 35 days
that the server accepts, so its events count as occurring when they arrive.

An event's id is made of the row number and the file's SHA-256. Replaying the same file for the same
customer, also after an interruption, charges nothing twice; the total covers the events that had been
recorded before. The prefund is booked once for a file, customer and amount. Without --customer and
--prefund a customer named "replay" is credited with 1000.

The exit code is 1 when an event was refused.

Examples:
  $ drawdown replay trace.csv
  $ drawdown replay trace.csv --model gpt-4o --customer acme --prefund 200`;

/** Who a replay charges when nobody was named, and with what; it never credits a customer of yours. */
const TRIAL_CUSTOMER = 'replay';
const TRIAL_PREFUND = '1000';

/** `drawdown replay <trace.csv>` */
export function replayCommand(): Command {
  const command = new Command('replay')
    .description('send the requests of a recorded trace as usage')
    .argument('<trace.csv>', 'the trace')
    .option('--model <name>', 'the model whose prices apply', 'gpt-4o')
    .option('--customer <externalId>', 'who is charged; made when missing (default: "replay")')
    .option('--prefund <amount>', 'credit the customer with this much first, once', readAmount)
    .option(
      '--asset <code>',
      'which asset to prefund and to add up, if the model is charged in several',
    )
    .option('--batch <count>', 'events in a request, 1 to 1000', wholeNumber(1, 1_000), 100)
    .option('--concurrency <count>', 'requests at once, 1 to 64', wholeNumber(1, 64), 4)
    .option('--json', 'print one line of JSON');
  return withServerOptions(command).addHelpText('after', HELP).action(orOneLine(replay));
}

async function replay(path: string, options: ReplayOptions): Promise<void> {
  const started = performance.now();
  const bytes = await readFile(path).catch((error: Error) => {
    throw new CommandError(`Cannot read ${path}: ${error.message}`);
  });
  const rows = readTrace(bytes.toString('utf8'));
  const hash = fileHash(bytes);
  const { model, customer = TRIAL_CUSTOMER } = options;
  const amount = options.prefund ?? (options.customer === undefined ? TRIAL_PREFUND : null);
  const api = createApi(readServerOptions(options));
  const asset = await findAssetOf(api, model, options.asset);
  await ensureCustomer(api, customer);
  if (amount !== null) await prefund(api, { customer, asset, amount, hash });
  const events = rows.map((row) => toEvent(row, { hash, model, customer }));
  const tally = emptyTally();
  await sendEvents(api, chunk(events, options.batch), {
    concurrency: options.concurrency,
    onOutcome: (outcome) => count(tally, outcome, asset),
  });
  const seconds = Math.round(performance.now() - started) / 1_000;
  report(tally, { events: events.length, asset, seconds }, options.json ?? false);
}

function report(
  { recorded, duplicates, refused, total, firstRefusal }: Tally,
  { events, asset, seconds }: { events: number; asset: string; seconds: number },
  json: boolean,
): void {
  const result = { events, recorded, duplicates, refused, total: plain(total), asset, seconds };
  const text = `${events} events in ${seconds} s: ${recorded} recorded, ${duplicates} duplicates, ${refused} refused. Total ${result.total} ${asset}.`;
  process.stdout.write(`${json ? JSON.stringify(result) : text}\n`);
  if (refused === 0) return;
  process.stderr.write(`drawdown: ${refused} events were refused; the first: ${firstRefusal}\n`);
  process.exitCode = 1;
}

/** Canonical, so that 200 and 200.0 are the same prefund. */
function readAmount(text: string): string {
  const amount = parseDecimal(text);
  if (typeof amount !== 'string' && amount > ZERO) return plain(amount);
  throw new InvalidArgumentError('A plain decimal above zero, such as 200 or 12.5.');
}
