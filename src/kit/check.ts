import { parseInstant } from './clock.ts';
import { type Exact, MAX_SCALE, parseDecimal } from './decimal.ts';
import { isMailAddress } from './mail-address.ts';
import { type Invalid, type Issue, type IssueCode, invalid } from './refusal.ts';

/** Metadata and event properties: at most this many keys and bytes of JSON. */
const JSON_MAX_KEYS = 50;
const JSON_MAX_BYTES = 16 * 1024;
const JSON_MAX_DEPTH = 8;
const EMAIL_MAX = 254;

/**
 * Collects what is wrong with an input, field by field. Each reader returns the parsed value, or a
 * harmless stand-in after noting the issue; ask `fault()` before you use what was read.
 */
export interface Checker {
  note(path: string, code: IssueCode, message: string): void;
  text(path: string, raw: string, max: number): string;
  optionalText(path: string, raw: string | null | undefined, max: number): string | null;
  code(path: string, raw: string): string;
  email(path: string, raw: string): string;
  /** Of any sign; null when it is none. */
  decimal(path: string, raw: unknown, scale?: number): Exact | null;
  /** Greater than zero. */
  positive(path: string, raw: unknown, scale?: number): Exact;
  /** Zero or more. */
  nonNegative(path: string, raw: unknown, scale?: number): Exact;
  /** Anything but zero. */
  nonZero(path: string, raw: unknown, scale?: number): Exact;
  instant(path: string, raw: unknown): Date | null;
  integer(path: string, raw: number, from: number, to: number): number;
  object(path: string, raw: unknown): Record<string, unknown>;
  fault(): Invalid | null;
}

const DECIMAL_MESSAGES = {
  NOT_A_DECIMAL:
    'Write a plain decimal string such as "12.5": no exponent, sign "+", spaces or words.',
  SCALE_EXCEEDED: 'More decimal places than the asset keeps; round it first, we never do.',
  OUT_OF_RANGE: 'At most 26 digits before the decimal point.',
} as const;

/** NUL and unpaired surrogates cannot be stored as text. */
export function isStorable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}

export function createChecker(): Checker {
  const issues: Issue[] = [];

  function note(path: string, code: IssueCode, message: string): void {
    issues.push({ path, code, message });
  }

  function text(path: string, raw: string, max: number): string {
    if (!isStorable(raw)) note(path, 'BAD_CHARACTER', 'NUL and unpaired surrogates are not text.');
    else if (raw.length === 0) note(path, 'TOO_SHORT', 'Must not be empty.');
    else if (raw.length > max) note(path, 'TOO_LONG', `At most ${max} characters.`);
    return raw;
  }

  function decimal(path: string, raw: unknown, scale: number): Exact | null {
    const value = parseDecimal(raw, scale);
    if (typeof value !== 'string') return value;
    note(path, value, DECIMAL_MESSAGES[value]);
    return null;
  }

  function judged(
    path: string,
    raw: unknown,
    scale: number,
    wrong: (value: Exact) => [IssueCode, string] | null,
  ): Exact {
    const value = decimal(path, raw, scale);
    const verdict = value === null ? null : wrong(value);
    if (verdict) note(path, ...verdict);
    return value as Exact;
  }

  return {
    note,
    text,
    optionalText: (path, raw, max) => (raw == null ? null : text(path, raw, max)),
    code(path, raw) {
      if (!/^[A-Za-z][A-Za-z0-9_.:-]{0,63}$/.test(raw)) {
        note(path, 'BAD_FORMAT', 'A letter, then up to 63 letters, digits or any of "_ . : -".');
      }
      return raw;
    },
    email(path, raw) {
      const known = issues.length;
      text(path, raw, EMAIL_MAX);
      if (issues.length === known && !isMailAddress(raw)) {
        note(path, 'BAD_FORMAT', 'Write an address such as "ada@example.com".');
      }
      return raw;
    },
    decimal: (path, raw, scale = MAX_SCALE) => decimal(path, raw, scale),
    positive: (path, raw, scale = MAX_SCALE) =>
      judged(path, raw, scale, (v) => (v > 0n ? null : ['NOT_POSITIVE', 'Must be above zero.'])),
    nonNegative: (path, raw, scale = MAX_SCALE) =>
      judged(path, raw, scale, (v) => (v < 0n ? ['NEGATIVE', 'Must not be below zero.'] : null)),
    nonZero: (path, raw, scale = MAX_SCALE) =>
      judged(path, raw, scale, (v) => (v === 0n ? ['NOT_ALLOWED', 'Must not be zero.'] : null)),
    instant(path, raw) {
      if (raw == null) return null;
      const value = parseInstant(raw);
      if (!value)
        note(
          path,
          'NOT_AN_INSTANT',
          'Write an RFC 3339 time such as "2026-01-31T12:00:00Z", of the years 1970 to 9998.',
        );
      return value;
    },
    integer(path, raw, from, to) {
      if (!Number.isSafeInteger(raw) || raw < from || raw > to) {
        note(path, 'OUT_OF_RANGE', `A whole number from ${from} to ${to}.`);
      }
      return raw;
    },
    object(path, raw) {
      const problem = raw == null ? null : objectProblem(raw);
      if (problem) note(path + problem.path, problem.code, problem.message);
      return problem || raw == null ? {} : (raw as Record<string, unknown>);
    },
    fault: () => (issues.length > 0 ? invalid(...issues) : null),
  };
}

/** What is wrong with a JSON object that came from outside; null when it may be stored. */
function objectProblem(raw: unknown): Issue | null {
  const problem = shapeProblem(raw);
  if (problem) return problem;
  if (!isTooLarge(JSON.stringify(raw))) return null;
  return { path: '', code: 'TOO_LARGE', message: `At most ${JSON_MAX_BYTES} bytes of JSON.` };
}

/** Whether the JSON text of an object is more than we keep. */
export function isTooLarge(json: string): boolean {
  // No character takes more than three bytes for each unit of its length, so most texts need no count.
  return json.length * 3 > JSON_MAX_BYTES && Buffer.byteLength(json) > JSON_MAX_BYTES;
}

/** What is wrong with a JSON object apart from its size. */
export function shapeProblem(raw: unknown): Issue | null {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return { path: '', code: 'BAD_FORMAT', message: 'Must be a JSON object.' };
  }
  if (Object.keys(raw).length > JSON_MAX_KEYS) {
    return { path: '', code: 'TOO_MANY', message: `At most ${JSON_MAX_KEYS} keys.` };
  }
  return valueProblem('', raw, 0);
}

function valueProblem(path: string, value: unknown, depth: number): Issue | null {
  switch (typeof value) {
    case 'string':
      return isStorable(value)
        ? null
        : { path, code: 'BAD_CHARACTER', message: 'NUL and unpaired surrogates are not text.' };
    case 'number':
      if (isExact(value)) return null;
      return {
        path,
        code: 'OUT_OF_RANGE',
        message: 'The number is not exact in JSON; send it as a decimal string.',
      };
    case 'object':
      return value === null ? null : nestedProblem(path, value, depth);
    default:
      return null;
  }
}

/** So many digits of a decimal come back from a double as they went in; of more, some are made up. */
const DOUBLE_DIGITS = 15;

/** Whether a number is what was written: whole and safe, or short enough to be the only one it can be. */
function isExact(value: number): boolean {
  if (Number.isInteger(value)) return Number.isSafeInteger(value);
  return Number.isFinite(value) && significantDigits(value) <= DOUBLE_DIGITS;
}

/** Of a number that is not whole, so that its last digit is none of the zeros that do not count. */
function significantDigits(value: number): number {
  const [digits = ''] = String(value).split('e');
  return digits.replace(/[-.]/g, '').replace(/^0+/, '').length;
}

function nestedProblem(path: string, value: object, depth: number): Issue | null {
  if (depth >= JSON_MAX_DEPTH) {
    return { path, code: 'TOO_LARGE', message: `At most ${JSON_MAX_DEPTH} levels deep.` };
  }
  for (const [key, item] of Object.entries(value)) {
    const below = `${path}.${key}`;
    if (!isStorable(key) || key.length === 0 || key.length > 128) {
      return { path, code: 'BAD_CHARACTER', message: 'A key must be 1 to 128 characters of text.' };
    }
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
      return { path: below, code: 'NOT_ALLOWED', message: 'This key name is reserved.' };
    }
    const problem = valueProblem(below, item, depth + 1);
    if (problem) return problem;
  }
  return null;
}
