import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { createApi } from '../api.ts';
import { CommandError, orOneLine } from '../command-error.ts';
import { confirm } from '../confirm.ts';
import { applyImport, type ImportPlan, type ImportTarget, planImport } from '../import-prices.ts';
import { type PriceFile, readPriceFile } from '../litellm.ts';
import {
  checkNames,
  type Markups,
  markUp,
  readNamedPercentages,
  readPercentage,
} from '../markup.ts';
import { diffLines } from '../print-diff.ts';
import { readServerOptions, type ServerOptions, withServerOptions } from '../server-options.ts';

interface ImportOptions extends ServerOptions {
  readonly markup: string;
  readonly markupProvider?: readonly string[];
  readonly markupModel?: readonly string[];
  readonly asset: string;
  readonly rateCard: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const HELP = `
Each kind of token is counted by a metric of its own, and a token belongs to one kind only. Report usage
as events of type llm.request with the property "model" and any of: input_tokens, output_tokens,
cached_input_tokens, cache_write_tokens, audio_input_tokens, audio_output_tokens, reasoning_tokens.
Providers report totals that include the special kinds: subtract those before you send.
A model without a price for cached input or cache writes pays the input price for them, one without a
price for reasoning the output price. Audio is charged only where the file has a price for it.

Importing again with other amounts changes the rates from now on; what was charged stays charged.

Examples:
  $ drawdown prices import prices.json --markup 20%
  $ drawdown prices import prices.json --markup-provider openai=15% --markup-model gpt-4o=10% --dry-run`;

/** `drawdown prices ...` */
export function pricesCommand(): Command {
  const prices = new Command('prices').description('what usage costs');
  const command = withServerOptions(
    prices
      .command('import')
      .description('take a price book in the LiteLLM format into a rate card')
      .argument('<file>', 'JSON: { "<model>": { "input_cost_per_token": 2.5e-06, ... }, ... }'),
  );
  command
    .option('--markup <percent>', 'added to every price: 20%', '0%')
    .option('--markup-provider <name=percent>', 'instead, for one provider: openai=15%', collect)
    .option('--markup-model <name=percent>', 'instead, for one model: gpt-4o=10%', collect)
    .option('--asset <code>', 'what it is charged in; made when it is missing', 'USD')
    .option(
      '--rate-card <code>',
      'the card; "default" prices the usage of every customer, others nothing yet',
      'default',
    )
    .option('--dry-run', 'show the difference and write nothing')
    .option('--yes', 'do not ask before writing')
    .option('--json', 'print one line of JSON; does not ask')
    .addHelpText('after', HELP)
    .action(orOneLine(importPrices));
  return prices;
}

async function importPrices(path: string, options: ImportOptions): Promise<void> {
  const file = await readFileOf(path);
  const { rates, rounded } = markUp(file.models, readMarkups(options, file));
  if (rates.length === 0) throw new CommandError(`${path} has no price per token.`);
  const target = { asset: options.asset, rateCard: options.rateCard, rates };
  const api = createApi(readServerOptions(options));
  const plan = await planImport(api, target);
  const say = options.json ? () => undefined : print;
  for (const line of planLines(plan, target)) say(line);
  const write = !options.dryRun && !isDone(plan) && (await confirm('Write this?', options));
  const diff = write ? await applyImport(api, target, plan) : plan.diff;
  const report = {
    added: diff.added.length,
    changed: diff.changed.length,
    unchanged: diff.unchanged,
    skipped: file.skipped.length,
    missing: diff.missing.length,
    rounded,
    models: file.models.length,
    asset: options.asset,
    rateCard: options.rateCard,
    written: write,
    skippedModels: file.skipped,
  };
  if (options.json) print(JSON.stringify(report));
  else for (const line of reportLines(report)) print(line);
}

async function readFileOf(path: string): Promise<PriceFile> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new CommandError(`Cannot read ${path}: ${error.message}`);
  });
  const file = readPriceFile(parseJson(path, text));
  if (!file) throw new CommandError(`${path} is not a JSON object of models.`);
  return file;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${path} is not JSON: ${(error as Error).message}`);
  }
}

function readMarkups(options: ImportOptions, file: PriceFile): Markups {
  const markups = {
    general: readPercentage(options.markup),
    byProvider: readNamedPercentages(options.markupProvider ?? []),
    byModel: readNamedPercentages(options.markupModel ?? []),
  };
  checkNames(markups, file.models);
  return markups;
}

function planLines(plan: ImportPlan, target: ImportTarget): string[] {
  const lines = plan.missingMetrics.map(({ metric }) => `+ metric ${metric}`);
  if (plan.assetIsMissing) lines.unshift(`+ asset ${target.asset}`);
  return [...lines, ...diffLines(plan.diff, target.asset)];
}

function isDone({ assetIsMissing, missingMetrics, diff }: ImportPlan): boolean {
  return !assetIsMissing && missingMetrics.length + diff.added.length + diff.changed.length === 0;
}

function reportLines(report: {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly rounded: number;
  readonly models: number;
  readonly rateCard: string;
  readonly written: boolean;
  readonly skippedModels: PriceFile['skipped'];
}): string[] {
  const counts = `${report.added} added, ${report.changed} changed, ${report.unchanged} unchanged`;
  const what = `${report.models} models on rate card "${report.rateCard}"`;
  const lines = [`${report.written ? 'Written' : 'Nothing written'}: ${counts} rates of ${what}.`];
  if (report.rounded > 0)
    lines.push(`${report.rounded} rates were rounded half-even to 12 places.`);
  for (const { model, reason } of report.skippedModels) lines.push(`Skipped ${model}: ${reason}.`);
  return lines;
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
