import type { Amount, Change, RatesDiff } from './documents/import-prices.ts';
import { ListPrice } from './list-price.ts';
import { TOKEN_KINDS } from './token-kinds.ts';

const MILLION = 1_000_000;

/** New models are many on a first import; what changes is always shown in full. */
const MAX_ADDED_MODELS = 20;
const MAX_MISSING_MODELS = 20;

const LABELS: ReadonlyMap<string, string> = new Map(
  TOKEN_KINDS.map(({ metric, label }) => [metric, label]),
);

/** The diff for a person, one line a model, in amounts per million tokens. */
export function diffLines(diff: RatesDiff, asset: string): string[] {
  const added = modelLines('+', diff.added);
  const changed = modelLines('~', diff.changed);
  const missing = [...new Set(diff.missing.map(nameOf))];
  const lines = [...firstOf(added, MAX_ADDED_MODELS), ...changed];
  if (lines.length > 0) lines.unshift(`${asset} per million tokens:`);
  if (missing.length > 0) {
    const names = firstOf(missing, MAX_MISSING_MODELS).join(', ');
    lines.push(`Not in the file, and still in force: ${names}`);
  }
  return lines;
}

function modelLines(sign: string, changes: readonly Change[]): string[] {
  const byModel = new Map<string, string[]>();
  for (const change of changes) {
    const parts = byModel.get(nameOf(change)) ?? [];
    byModel.set(nameOf(change), parts);
    parts.push(`${LABELS.get(change.metric) ?? change.metric} ${amountsText(change)}`);
  }
  return [...byModel].map(([model, parts]) => `${sign} ${model}: ${parts.join(', ')}`);
}

function amountsText({ before, after }: Change): string {
  const to = after ? perMillion(after) : '';
  return before ? `${perMillion(before)} -> ${to}` : to;
}

function perMillion({ unitAmount, packageSize }: Amount): string {
  if (unitAmount === null) return 'by tiers or events';
  return new ListPrice(unitAmount).times(MILLION).div(packageSize).toFixed();
}

function nameOf({ dimensions }: Change): string {
  const { model, ...others } = dimensions;
  const rest = Object.entries(others).map(([name, value]) => `${name}=${value}`);
  return [model ?? 'any model', ...rest].join(' ');
}

function firstOf(lines: readonly string[], count: number): string[] {
  const more = lines.length - count;
  return more > 0 ? [...lines.slice(0, count), `... and ${more} more`] : [...lines];
}
