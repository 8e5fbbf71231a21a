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

/** Of what is between two commas, or a bracket and a comma, these are nothing. */
const BLANKS = new Set(['space', 'newline', 'comment']);

const OPENING = new Set(['flow-map-start', 'flow-seq-start']);
const SIGNS = new Set(['seq-item-ind', 'explicit-key-ind', 'map-value-ind']);

/**
 * Where a file is more than is worth reading; null when it is not. The parser takes many times the memory of a
 * file and goes down its levels by calling itself, so that this is asked of the lexemes, which come one by one.
 */
export function findExcess(text: string): FileFault | null {
  if (text.length > MAX_CHARS) return faultAt('', `A file has at most ${MAX_CHARS} characters.`);
  const counts = {
    flow: 0,
    indent: 0,
    signs: 0,
    values: 0,
    atLineStart: true,
    isBlank: true,
  };
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
  /** Whether nothing has come since the last bracket or comma. */
  isBlank: boolean;
}

/** Counts a lexeme; what is too much with it. */
function count(counts: Counts, type: string, lexeme: string): string | null {
  if (type === 'newline') Object.assign(counts, { indent: 0, signs: 0, atLineStart: true });
  else if (type === 'space' && counts.atLineStart) counts.indent += lexeme.length;
  else if (type !== 'space') counts.atLineStart = false;
  if (type === 'scalar') counts.values += 1;
  if (OPENING.has(type)) counts.flow += 1;
  if (type === 'flow-map-end' || type === 'flow-seq-end') counts.flow -= 1;
  // The parser tells of each at length: a hundred thousand take it longer than anybody waits.
  if (type === 'comma' && counts.isBlank) return 'A comma that no value comes before.';
  if (type === 'comma' || OPENING.has(type)) counts.isBlank = true;
  else if (!BLANKS.has(type)) counts.isBlank = false;
  if (counts.flow === 0 && SIGNS.has(type)) counts.signs += 1;
  if (counts.values > MAX_VALUES) return `A file has at most ${MAX_VALUES} values.`;
  const isDeep = counts.flow > MAX_FLOW || counts.signs > MAX_SIGNS || counts.indent > MAX_INDENT;
  return isDeep ? 'Nested too deep.' : null;
}

function faultAt(before: string, message: string): FileFault {
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, message };
}
