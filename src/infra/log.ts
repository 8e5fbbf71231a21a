import { type DestinationStream, pino, stdSerializers, stdTimeFunctions } from 'pino';
import { hasCardNumber, redactCardNumbers } from '../kit/card-numbers.ts';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Facts first, then a sentence. One JSON object a line on standard output. */
export interface Log {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
  /** The same log with these facts on every line. */
  child(facts: object): Log;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Where the lines go; standard output when left out. */
  readonly destination?: DestinationStream | undefined;
}

const REDACTED = '[redacted]';

/**
 * What must never reach a log, wherever in a line it stands: keys, webhook secrets, customer tokens, the password in a
 * database address, any authorization value, and what may be the number of a card. The finished line is scrubbed, because a list of paths
 * misses the next place where somebody logs an error that quotes a header.
 */
const SECRETS: readonly [RegExp, string][] = [
  [/("(?:proxy-)?authorization":)"(?:[^"\\]|\\.)*"/gi, `$1"${REDACTED}"`],
  [/\b(wh(?:sec|sk)_)[^\s"'\\,]{8,}/g, `$1${REDACTED}`],
  [/\b([sr]k_)[^\s"'\\,]{8,}/g, `$1${REDACTED}`],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, REDACTED],
  [/(:\/\/)[^\s"'/@:]*:[^\s"'/@]+@/g, `$1${REDACTED}@`],
];

export function createLog(options: LogOptions): Log {
  const settings = {
    level: options.level,
    base: null,
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: stdTimeFunctions.isoTime,
    serializers: { error: stdSerializers.err },
    hooks: { streamWrite: scrub },
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
}

/** A line without its secrets. */
function scrub(line: string): string {
  const text = SECRETS.reduce((left, [secret, stand]) => left.replace(secret, stand), line);
  return mayHaveCardNumber(text) ? withoutCardNumbers(text) : text;
}

/** Pino writes a tab as two characters, which is one that separates. */
function mayHaveCardNumber(line: string): boolean {
  return (
    hasCardNumber(line) || (line.includes('\\t') && hasCardNumber(line.replaceAll('\\t', ' ')))
  );
}

/** Rare enough to be read: a number that is no text must leave a line that is JSON still. */
function withoutCardNumbers(line: string): string {
  try {
    return `${JSON.stringify(JSON.parse(line), redacted)}\n`;
  } catch {
    return redactCardNumbers(line);
  }
}

function redacted(_name: string, value: unknown): unknown {
  if (typeof value === 'string') return redactCardNumbers(value);
  if (typeof value === 'number') return hasCardNumber(String(value)) ? REDACTED : value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [redactCardNumbers(name), item]),
  );
}
