/** PostgreSQL's codes for a transaction that may simply be run again. */
const PASSING = new Set([
  '23505', // unique_violation: another process recorded the same event a moment ago
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available: somebody holds a wallet for too long
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
]);

/** What the driver says of a connection that is gone, which has no code of PostgreSQL. */
const GONE =
  /Connection terminated|timeout exceeded when trying to connect|not queryable|ECONNREFUSED|ECONNRESET|EPIPE/;

/**
 * Whether running the batch again may help. After a lost connection nobody knows whether it was committed;
 * running it again finds out, because what was recorded is then a duplicate.
 */
export function isPassing(error: unknown): boolean {
  const code = codeOf(error);
  if (PASSING.has(code) || code.startsWith('08')) return true;
  return error instanceof Error && GONE.test(`${code} ${error.message}`);
}

/** Classes 22 (data exception) and 23 (integrity): the statement worked, one of its rows did not. */
export function isItemFault(error: unknown): boolean {
  return /^2[23]/.test(codeOf(error));
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
