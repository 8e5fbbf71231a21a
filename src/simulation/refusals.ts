import { type Invalid, invalid } from '../kit/refusal.ts';

/** More than one simulation may be asked to read. */
export function tooManyEvents(limit: number): Invalid {
  const message = `More than ${limit.toLocaleString('en')} events would have to be rated: ask for a shorter span, or for one customer.`;
  return invalid({ path: 'from', code: 'TOO_MANY', message });
}

export function tookTooLong(limitMs: number): Invalid {
  const message = `It took more than ${limitMs / 1_000} seconds: ask for a shorter span, or for one customer.`;
  return invalid({ path: 'from', code: 'TOO_LARGE', message });
}
