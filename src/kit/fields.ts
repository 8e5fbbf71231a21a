import type { Checker } from './check.ts';
import type { Exact } from './decimal.ts';

/**
 * Reads an object whose shape nobody has checked, field by field; what it may not have is noted. Null is
 * the same as left out. Like the checker's, each reader answers a harmless stand-in after noting an issue.
 */
export interface Fields {
  /** The path of a field of this object, for notes of your own. */
  at(name: string): string;
  has(name: string): boolean;
  text(name: string, max: number): string;
  optionalText(name: string, max: number): string | null;
  code(name: string): string;
  optionalCode(name: string): string | null;
  codes(name: string, max: number): readonly string[];
  /** One of some words; without a fallback it must be there. */
  choice<const Word extends string>(name: string, words: readonly Word[], fallback?: Word): Word;
  flag(name: string, fallback: boolean): boolean;
  /** A whole number, also when it was written as text; without a fallback it must be there. */
  integer(name: string, from: number, to: number, fallback?: number): number;
  optionalInteger(name: string, from: number, to: number): number | null;
  positive(name: string, fallback?: string): Exact;
  optionalPositive(name: string): Exact | null;
  nonNegative(name: string, fallback?: string): Exact;
  optionalNonNegative(name: string): Exact | null;
  /** Answers an empty list when it was left out. */
  list<Item>(
    name: string,
    max: number,
    read: (path: string, raw: unknown) => Item,
  ): readonly Item[];
  optional<Part>(name: string, read: (path: string, raw: unknown) => Part): Part | null;
  /** As it came. */
  raw(name: string): unknown;
}

export function readFields(
  check: Checker,
  path: string,
  given: unknown,
  known: readonly string[],
): Fields {
  const values = valuesOf(check, path, given, known);
  const at = (name: string) => below(path, name);
  const has = (name: string) => values.get(name) != null;

  function missing<Value>(name: string, standIn: Value): Value {
    check.note(at(name), 'REQUIRED', 'Say what it is.');
    return standIn;
  }

  function string(name: string, read: (path: string, raw: string) => string): string {
    const raw = values.get(name);
    if (typeof raw === 'string') return read(at(name), raw);
    if (raw == null) return missing(name, '');
    check.note(at(name), 'BAD_FORMAT', 'Must be text.');
    return '';
  }

  function amount(name: string, fallback: string | undefined, read: Checker['positive']): Exact {
    const raw = values.get(name) ?? fallback;
    return raw === undefined ? missing(name, 0n) : (read(at(name), raw) ?? 0n);
  }

  function integer(name: string, from: number, to: number, fallback?: number): number {
    const raw = values.get(name) ?? fallback;
    if (raw === undefined) return missing(name, from);
    const isWritten = typeof raw === 'string' && /^-?[0-9]{1,15}$/.test(raw);
    return check.integer(at(name), isWritten ? Number(raw) : (raw as number), from, to);
  }

  function list<Item>(name: string, max: number, read: (path: string, raw: unknown) => Item) {
    const raw = values.get(name) ?? [];
    if (!Array.isArray(raw)) check.note(at(name), 'BAD_FORMAT', 'Must be a list.');
    else if (raw.length > max) check.note(at(name), 'TOO_MANY', `At most ${max}.`);
    else return raw.map((item, index) => read(below(at(name), String(index)), item));
    return [];
  }

  const optionally = <Value>(name: string, read: () => Value) => (has(name) ? read() : null);
  const text = (name: string, max: number) => string(name, (at, raw) => check.text(at, raw, max));
  const code = (name: string) => string(name, check.code);
  const positive = (name: string, fallback?: string) => amount(name, fallback, check.positive);
  const nonNegative = (name: string, fallback?: string) =>
    amount(name, fallback, check.nonNegative);

  return {
    at,
    has,
    text,
    optionalText: (name, max) => optionally(name, () => text(name, max)),
    code,
    optionalCode: (name) => optionally(name, () => code(name)),
    codes: (name, max) => list(name, max, (at, raw) => check.code(at, String(raw))),
    choice: (name, words, fallback) =>
      readChoice(check, at(name), words, values.get(name) ?? fallback),
    flag(name, fallback) {
      const raw = values.get(name) ?? fallback;
      if (typeof raw === 'boolean') return raw;
      check.note(at(name), 'BAD_FORMAT', 'Either true or false.');
      return fallback;
    },
    integer,
    optionalInteger: (name, from, to) => optionally(name, () => integer(name, from, to)),
    positive,
    optionalPositive: (name) => optionally(name, () => positive(name)),
    nonNegative,
    optionalNonNegative: (name) => optionally(name, () => nonNegative(name)),
    list,
    optional: (name, read) => optionally(name, () => read(at(name), values.get(name))),
    raw: (name) => values.get(name),
  };
}

/** What an object has of the known fields. */
function valuesOf(
  check: Checker,
  path: string,
  given: unknown,
  known: readonly string[],
): ReadonlyMap<string, unknown> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    check.note(path, 'BAD_FORMAT', `Must have fields: ${known.join(', ')}.`);
    return new Map();
  }
  const entries = Object.entries(given);
  for (const [name] of entries) {
    if (known.includes(name)) continue;
    const message = `There is no such field here; there are: ${known.join(', ')}.`;
    check.note(below(path, name), 'NOT_ALLOWED', message);
  }
  return new Map(entries.filter(([name]) => known.includes(name)));
}

function readChoice<Word extends string>(
  check: Checker,
  path: string,
  words: readonly Word[],
  raw: unknown,
): Word {
  const word = words.find((each) => each === raw);
  if (word !== undefined) return word;
  const oneOf = `One of ${words.join(', ')}.`;
  check.note(path, raw === undefined ? 'REQUIRED' : 'BAD_FORMAT', oneOf);
  return words[0] as Word;
}

/** The path of a field of the object at a path. */
export function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
