/** Codes of PostgreSQL, Node and Prisma for a database that cannot be reached, or takes nobody now. */
const OUTAGE = new Set([
  '53300', // too_many_connections
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'P1001', // cannot be reached
  'P1002', // was reached, and did not answer in time
  'P1008', // no answer in time
  'P1017', // closed the connection
  'P2024', // no connection became free in time
  'P2028', // a transaction could not begin in time, or lost its connection
  'P2037', // too many connections
]);

/** What the driver says of a connection that is gone or was not to be had; it gives these no code. */
const GONE = /Connection terminated|timeout exceeded when trying to connect|not queryable/;

/** Deeper than errors are nested, in case one is its own cause. */
const MAX_DEPTH = 5;

/** What a process that stops waits for no longer. Nobody knows whether it was done. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

/** deadlock_detected: one of two transactions was ended. */
const DEADLOCK = '40P01';
/** The same, as Prisma tells it. */
const PRISMA_CONFLICT = 'P2034';
/** lock_not_available: somebody held what it wanted for too long. */
const LOCK_TIMEOUT = '55P03';

/** Whether the database was away, or the process did not wait for it, so that the same request may succeed later without a change. */
export function isOutage(error: unknown): boolean {
  return isOfKind(error, (each, code) => {
    if (each instanceof GivenUp) return true;
    // Class 08 is connection_exception.
    if (OUTAGE.has(code) || /^08\w{3}$/.test(code)) return true;
    return code === '' && each instanceof Error && GONE.test(each.message);
  });
}

/** Whether a transaction met another one, so that nothing was done and the same may succeed a moment later. */
export function isInTheWay(error: unknown): boolean {
  return isOfKind(
    error,
    (each, code) => isDeadlocked(each, code) || says(each, LOCK_TIMEOUT, code),
  );
}

export function isDeadlock(error: unknown): boolean {
  return isOfKind(error, isDeadlocked);
}

function isDeadlocked(error: object, code: string): boolean {
  return code === PRISMA_CONFLICT || says(error, DEADLOCK, code);
}

/** Prisma's driver keeps PostgreSQL's code beside its own. */
function says(error: object, wanted: string, code: string): boolean {
  return code === wanted || ('originalCode' in error && error.originalCode === wanted);
}

/** Whether an error, or one that caused it, is of a kind. */
function isOfKind(
  error: unknown,
  isIt: (error: object, code: string) => boolean,
  depth = 0,
): boolean {
  if (typeof error !== 'object' || error === null || depth > MAX_DEPTH) return false;
  return (
    isIt(error, codeOf(error)) || causesOf(error).some((cause) => isOfKind(cause, isIt, depth + 1))
  );
}

/** The code of PostgreSQL, Node or Prisma; empty when there is none. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/**
 * Prisma keeps what its driver said in `meta`, the driver keeps what PostgreSQL said as its cause, and an error
 * of GraphQL keeps what a resolver threw.
 */
function causesOf(error: { cause?: unknown; meta?: unknown; originalError?: unknown }): unknown[] {
  const { meta } = error;
  const fromDriver =
    typeof meta === 'object' && meta !== null && 'driverAdapterError' in meta
      ? meta.driverAdapterError
      : null;
  return [error.cause, fromDriver, error.originalError];
}
