/** One line of the table: what the product did, what it is compared with, and what is asked of it. */
export interface Line {
  readonly scenario: string;
  readonly measure: string;
  readonly value: string;
  /** What the value is divided by, with its own value; empty where nothing is compared. */
  readonly against: string;
  /** The median of the rounds, and their range; empty where nothing is compared. */
  readonly ratio: string;
  readonly target: string;
}

const HEADINGS = ['scenario', 'measure', 'value', 'against', 'ratio (range)', 'target'];

export function toTable(lines: readonly Line[]): string {
  const rows = lines.map((line) => [
    line.scenario,
    line.measure,
    line.value,
    line.against,
    line.ratio,
    line.target,
  ]);
  return [HEADINGS, HEADINGS.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = quantile(sorted, 0.5);
  // Of an even number the middle two are averaged: the upper one alone would flatter us.
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[sorted.length / 2 - 1] ?? upper)) / 2;
}

/** Of values that are sorted already. */
export function quantile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new Error('Nothing was measured.');
  return value;
}

/** `0.42 (0.40 to 0.45)` of rounds that were measured side by side. */
export function ratios(values: readonly number[], bases: readonly number[]): string {
  const each = values.map((value, round) => value / (bases[round] ?? Number.NaN));
  const [low, high] = [Math.min(...each), Math.max(...each)];
  return `**${short(median(each))}** (${short(low)} to ${short(high)})`;
}

export function perSecond(rates: readonly number[], what: string): string {
  return `${Math.round(median(rates)).toLocaleString('en')} ${what}/s`;
}

function short(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}
