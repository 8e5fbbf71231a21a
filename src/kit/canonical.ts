import { hash } from 'node:crypto';

/** JSON with sorted keys and no white space: equal values give equal text. Of a value that is known not to be deep. */
export function canonicalJson(value: unknown): string {
  if (value === undefined) return 'null';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const record = value as Record<string, unknown>;
  const keys = Object.keys(record).sort();
  let text = '{';
  for (const key of keys) {
    if (record[key] === undefined) continue;
    if (text.length > 1) text += ',';
    text += `${JSON.stringify(key)}:${canonicalJson(record[key])}`;
  }
  return `${text}}`;
}

/** Whether a value has more levels than that: what goes through it by calling itself would not come back. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeperThan(levels - 1, each));
}

/** SHA-256 of a text, as lower-case hexadecimal. */
export function sha256Hex(text: string): string {
  return hash('sha256', text, 'hex');
}
