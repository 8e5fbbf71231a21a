/** PostgreSQL's codes for a transaction that lost a race and may simply be run again. */
const PASSING = new Set([
  '23505', // unique_violation: another process recorded the same event a moment ago
  '40001', // serialization_failure
  '40P01', // deadlock_detected
]);

export function isPassing(error: unknown): boolean {
  return PASSING.has(codeOf(error));
}

/** Classes 22 (data exception) and 23 (integrity): the statement worked, one of its rows did not. */
export function isItemFault(error: unknown): boolean {
  return /^2[23]/.test(codeOf(error));
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
