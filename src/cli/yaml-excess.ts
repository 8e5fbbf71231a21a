import { CST, Lexer } from 'yaml';
import type { FileFault } from './yaml-input.ts';

/** Several times what the server takes of each section together. */
export const MAX_CHARS = 2 * 1024 * 1024;
const MAX_VALUES = 100_000;
/** Collections in brackets, one within the other. */
const MAX_FLOW = 32;
/** Of the others each level takes a column of the line, or a sign on it. */
const MAX_INDENT = 100;
const MAX_SIGNS = 32;

const SIGNS = new Set(['seq-item-ind', 'explicit-key-ind', 'map-value-ind']);

/**
 * Where a file is more than is worth reading; null when it is not. The parser takes many times the memory of a
 * file and goes down its levels by calling itself, so that this is asked of the lexemes, which come one by one.
 */
export function findExcess(text: string): FileFault | null {
  if (text.length > MAX_CHARS) return faultAt('', `A file has at most ${MAX_CHARS} characters.`);
  const counts = { flow: 0, indent: 0, signs: 0, values: 0, atLineStart: true };
  let offset = 0;
  let isValue = false;
  for (const lexeme of new Lexer().lex(text)) {
    const type: CST.TokenType | null = isValue ? null : CST.tokenType(lexeme);
    isValue = type === 'scalar';
    const message = type === null ? null : count(counts, type, lexeme);
    if (message) return faultAt(text.slice(0, offset), message);
    if (type === null || !MARKS.has(type)) offset += lexeme.length;
  }
  return null;
}

/** Lexemes that the lexer makes up: they are not in the text. */
const MARKS = new Set(['scalar', 'doc-mode', 'flow-error-end']);

interface Counts {
  flow: number;
  indent: number;
  /** On this line, outside brackets. */
  signs: number;
  values: number;
  atLineStart: boolean;
}

/** Counts a lexeme; what is too much with it. */
function count(counts: Counts, type: string, lexeme: string): string | null {
  if (type === 'newline') Object.assign(counts, { indent: 0, signs: 0, atLineStart: true });
  else if (type === 'space' && counts.atLineStart) counts.indent += lexeme.length;
  else if (type !== 'space') counts.atLineStart = false;
  if (type === 'scalar') counts.values += 1;
  if (type === 'flow-map-start' || type === 'flow-seq-start') counts.flow += 1;
  if (type === 'flow-map-end' || type === 'flow-seq-end') counts.flow -= 1;
  if (counts.flow === 0 && SIGNS.has(type)) counts.signs += 1;
  if (counts.values > MAX_VALUES) return `A file has at most ${MAX_VALUES} values.`;
  const isDeep = counts.flow > MAX_FLOW || counts.signs > MAX_SIGNS || counts.indent > MAX_INDENT;
  return isDeep ? 'Nested too deep.' : null;
}

function faultAt(before: string, message: string): FileFault {
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, message };
}
