/**
 * A refusal is a value: an operation that says no returns one, with the facts, and writes nothing.
 * Each room lists its own in `refusals.ts`; here are those that every room can give.
 */
export interface Refusal<Name extends string = string> {
  readonly refusal: Name;
}

export function isRefusal<T>(value: T): value is Extract<T, Refusal> {
  return typeof value === 'object' && value !== null && 'refusal' in value;
}

/** One thing wrong with the input: where (dotted path below `input`), what kind, and in words. */
export interface Issue {
  readonly path: string;
  readonly code: IssueCode;
  readonly message: string;
}

export type IssueCode =
  | 'REQUIRED'
  | 'NOT_A_DECIMAL'
  | 'NOT_POSITIVE'
  | 'NEGATIVE'
  | 'SCALE_EXCEEDED'
  | 'OUT_OF_RANGE'
  | 'NOT_AN_INSTANT'
  | 'TOO_SHORT'
  | 'TOO_LONG'
  | 'TOO_LARGE'
  | 'TOO_FEW'
  | 'TOO_MANY'
  | 'BAD_CHARACTER'
  | 'BAD_FORMAT'
  | 'NOT_ALLOWED'
  | 'CARD_NUMBER'
  | 'EVENT_TOO_OLD'
  | 'EVENT_IN_FUTURE';

export interface Invalid extends Refusal<'Invalid'> {
  readonly issues: readonly Issue[];
}

/** Nothing by that name is visible to the caller; another organization's object answers the same. */
export interface NotFound extends Refusal<'NotFound'> {
  readonly path: string;
  readonly what: string;
  readonly given: string;
}

/** The name is taken by something that differs from what was asked for. */
export interface Conflict extends Refusal<'Conflict'> {
  readonly path: string;
  readonly message: string;
}

/** The idempotency key was used before with other content; `field` is the first that differs. */
export interface IdempotencyMismatch extends Refusal<'IdempotencyMismatch'> {
  readonly key: string;
  readonly field: string;
}

export type CommonRefusal = Invalid | NotFound | Conflict | IdempotencyMismatch;

export function invalid(...issues: Issue[]): Invalid {
  return { refusal: 'Invalid', issues };
}

/** Issues as one text; those of the whole input have no path. */
export function wordsOf(issues: readonly Issue[]): string {
  return issues
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join(' ');
}

export function notFound(path: string, what: string, given: string): NotFound {
  return { refusal: 'NotFound', path, what, given };
}

export function conflict(path: string, message: string): Conflict {
  return { refusal: 'Conflict', path, message };
}

export function idempotencyMismatch(key: string, field: string): IdempotencyMismatch {
  return { refusal: 'IdempotencyMismatch', key, field };
}
