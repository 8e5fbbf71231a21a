import { canonicalJson } from '../kit/canonical.ts';

/** What a rate's usage is counted under: its dimensions as text, empty for a rate that names none. */
export function sliceOf(dimensions: Readonly<Record<string, string>>): string {
  return Object.keys(dimensions).length === 0 ? '' : canonicalJson(dimensions);
}
