import { readFile, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { createApi } from '../api.ts';
import { applyCatalog } from '../apply-catalog.ts';
import { readCatalogFile } from '../catalog-file.ts';
import { catalogYaml } from '../catalog-yaml.ts';
import { orOneLine } from '../command-error.ts';
import { confirm, isAsked } from '../confirm.ts';
import {
  CATALOG_DOCUMENT,
  type CatalogApplied,
  type DocumentAnswer,
} from '../documents/catalog.ts';
import { changeLines, faultLines } from '../print-catalog.ts';
import { readServerOptions, type ServerOptions, withServerOptions } from '../server-options.ts';
import type { FileFault } from '../yaml-input.ts';

interface CatalogOptions extends ServerOptions {
  readonly publish?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const HELP = `
The file is YAML with any of the sections assets, exchangeRates, metrics, features, prices, packs and plans,
each a list. Its fields are those of createAsset, createExchangeRate, createBillableMetric, createFeature,
createPrice, saveCreditPack and savePlanDraft; those of a plan's definition stand beside its code. prices are
those of the default rate card; an exchange rate has its effectiveAt. What is not in the file stays as it is.

A file is applied whole or not at all. What is wrong with it is told with line and column.

Examples:
  $ drawdown catalog pull catalog.yaml
  $ drawdown catalog diff catalog.yaml            # exit code 1 when a push would change something
  $ drawdown catalog push catalog.yaml --publish`;

/** When the file and the server differ; what goes wrong has a code of its own there, as in diff(1). */
const DIFFERENT = 1;
const TROUBLE = 2;

/** `drawdown catalog pull|diff|push <file>` */
export function catalogCommand(): Command {
  const catalog = new Command('catalog')
    .description(
      'the catalogue as a file: assets, exchange rates, metrics, features, prices, packs and plans',
    )
    .addHelpText('after', HELP);
  withServerOptions(
    catalog
      .command('pull')
      .description('write the catalogue to a file; plans with their drafts, if they have one')
      .argument('<file>', 'where to; - is the standard output'),
  )
    .option('--yes', 'do not ask before writing over a file that differs')
    .option('--json', 'print one line of JSON; does not ask')
    .action(orOneLine(pull));
  withServerOptions(
    catalog
      .command('diff')
      .description('show what a push would change; exit code 0: nothing, 1: something, 2: trouble')
      .argument('<file>', 'the file'),
  )
    .option('--publish', 'as a push that publishes')
    .option('--json', 'print one line of JSON')
    .action(orOneLine(diff, TROUBLE));
  withServerOptions(
    catalog
      .command('push')
      .description('make the catalogue what the file says, in one transaction')
      .argument('<file>', 'the file'),
  )
    .option('--publish', 'publish the plans of the file too, not only draft them')
    .option('--yes', 'do not ask before writing')
    .option('--json', 'print one line of JSON; does not ask')
    .action(orOneLine(push));
  return catalog;
}

async function pull(path: string, options: CatalogOptions): Promise<void> {
  const api = createApi(readServerOptions(options));
  const { catalogDocument } = await api.send<DocumentAnswer>(CATALOG_DOCUMENT, {});
  const text = catalogYaml(catalogDocument);
  if (path === '-') return void process.stdout.write(text);
  const known = await readFile(path, 'utf8').catch(() => null);
  const written =
    known !== text && (known === null || (await confirm(`Write over ${path}?`, options)));
  if (written) await writeFile(path, text);
  if (options.json) print(JSON.stringify({ file: path, written }));
  else
    print(
      known === text
        ? `${path} is up to date.`
        : `${written ? 'Written' : 'Nothing written'}: ${path}`,
    );
}

async function diff(path: string, options: CatalogOptions): Promise<void> {
  const applied = await apply(path, options, true);
  if ('faults' in applied) return report(path, applied.faults, options, TROUBLE);
  show(applied, options);
  if (applied.changes.length > 0) process.exitCode = DIFFERENT;
}

async function push(path: string, options: CatalogOptions): Promise<void> {
  const planned = await apply(path, options, isAsked(options));
  if ('faults' in planned) return report(path, planned.faults, options, 1);
  show(planned, options);
  if (!isAsked(options) || planned.changes.length === 0) return;
  if (!(await confirm('Write this?', options))) return print('Nothing written.');
  const written = await apply(path, options, false);
  if ('faults' in written) return report(path, written.faults, options, 1);
  print('Written.');
}

async function apply(path: string, options: CatalogOptions, dryRun: boolean) {
  const file = await readCatalogFile(path);
  const api = createApi(readServerOptions(options));
  return applyCatalog(api, file, { publish: options.publish ?? false, dryRun });
}

function show(applied: CatalogApplied, { json }: CatalogOptions): void {
  const { changes, missing, written } = applied;
  if (json) {
    print(JSON.stringify({ changes, missing, written }));
    return;
  }
  for (const line of changeLines(applied)) print(line);
  if (changes.length === 0) print('Nothing to do: it is so already.');
  else if (written) print('Written.');
}

/** What is wrong with the file, which then changed nothing. */
function report(
  path: string,
  faults: readonly FileFault[],
  { json }: CatalogOptions,
  exitCode: number,
): void {
  if (json) print(JSON.stringify({ faults }));
  else process.stderr.write(`${faultLines(path, faults).join('\n')}\n`);
  process.stderr.write(`drawdown: ${path} was not applied: nothing was changed.\n`);
  process.exitCode = exitCode;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
