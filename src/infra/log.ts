import { type DestinationStream, pino, stdSerializers, stdTimeFunctions } from 'pino';

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
 * database address, any authorization value. The finished line is scrubbed, because a list of paths
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
  return SECRETS.reduce((text, [secret, stand]) => text.replace(secret, stand), line);
}
