import { canonicalJson } from '../kit/canonical.ts';
import type { Checker } from '../kit/check.ts';
import { readPropertyName } from './metric.ts';

/** `{ dimension: value }`, sorted by name; a dimension that is absent matches every value. */
export type Dimensions = Readonly<Record<string, string>>;

/** Two rates of a price are for the same usage when their keys are equal. */
export function dimensionsKey(dimensions: unknown): string {
  return canonicalJson(dimensions);
}

const MAX_DIMENSIONS = 10;
const MAX_VALUE = 255;

/** They are part of a unique key, whose entries must stay below a third of a database page. */
const MAX_BYTES = 1024;

/** Written out, so that a caller may say "any" in place of leaving the dimension out. */
const ANY = '*';

/** Reads `{ name: value }`. `*` is dropped: it means the same as an absent dimension. */
export function readDimensions(check: Checker, path: string, raw: unknown): Dimensions {
  if (raw == null) return {};
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    check.note(path, 'BAD_FORMAT', 'Must be a JSON object such as {"model": "gpt-4o"}.');
    return {};
  }
  const entries = Object.entries(raw);
  if (entries.length > MAX_DIMENSIONS) {
    check.note(path, 'TOO_MANY', `At most ${MAX_DIMENSIONS} dimensions.`);
    return {};
  }
  for (const [name, value] of entries) readDimension(check, path, name, value);
  if (entries.some(([, value]) => typeof value !== 'string')) return {};
  const named = entries.filter(([, value]) => value !== ANY).sort(([a], [b]) => (a < b ? -1 : 1));
  const dimensions = Object.fromEntries(named) as Dimensions;
  if (Buffer.byteLength(dimensionsKey(dimensions)) > MAX_BYTES) {
    check.note(path, 'TOO_LARGE', `At most ${MAX_BYTES} bytes of JSON.`);
  }
  return dimensions;
}

function readDimension(check: Checker, path: string, name: string, value: unknown): void {
  const below = `${path}.${name}`;
  readPropertyName(check, below, name);
  if (typeof value !== 'string') check.note(below, 'BAD_FORMAT', 'A dimension is a string.');
  else check.text(below, value, MAX_VALUE);
}
