import type { CatalogApplied, CatalogChange, CatalogName } from './documents/catalog.ts';
import type { FileFault } from './yaml-input.ts';

const SIGNS: Readonly<Record<CatalogChange['action'], string>> = {
  CREATE: '+',
  CHANGE: '~',
  PUBLISH: '^',
};
const MAX_MISSING = 20;

/** What a push does, one line for each thing and one for each place that changes. */
export function changeLines({ changes, missing }: CatalogApplied): string[] {
  const lines = changes.flatMap((change) => [
    `${SIGNS[change.action]} ${wordsOf(change)}${change.action === 'PUBLISH' ? ': publish' : ''}`,
    ...change.differences.map(
      ({ path, before, after }) => `    ${path}: ${valueText(before)} -> ${valueText(after)}`,
    ),
  ]);
  if (missing.length === 0) return lines;
  const names = missing.slice(0, MAX_MISSING).map(wordsOf);
  if (missing.length > MAX_MISSING) names.push(`... and ${missing.length - MAX_MISSING} more`);
  return [...lines, `Not in the file, and left as they are: ${names.join(', ')}`];
}

/** `catalog.yaml:12:5: There is no field "fee" here; ...` */
export function faultLines(file: string, faults: readonly FileFault[]): string[] {
  return faults.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
}

function wordsOf({ noun, name }: CatalogName): string {
  return `${noun.toLowerCase().replaceAll('_', ' ')} ${name}`;
}

function valueText(value: unknown): string {
  if (value === null) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
