import { checkImports } from './house-imports.ts';
import { checkShape, checkWords } from './house-words.ts';
import type { SourceFile } from './source-text.ts';

/** What the file does against the rules of the house: one sentence each, with the way to repair it. */
export function checkHouse(file: SourceFile): string[] {
  return [...checkImports(file), ...checkWords(file), ...checkShape(file)];
}
