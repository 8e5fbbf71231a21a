import { parseInstant } from '../kit/clock.ts';
import { type Invalid, invalid } from '../kit/refusal.ts';

const END = parseInstant('9000-01-01T00:00:00Z');

/**
 * Why a clock may not stand there; null when it may. What is due later is computed from where it stands: ends of
 * periods and of credits that roll over go on for centuries, and must lie before the year 9999 themselves.
 */
export function tooFar(path: string, instant: Date | null): Invalid | null {
  if (!instant || !END || instant < END) return null;
  return invalid({
    path,
    code: 'OUT_OF_RANGE',
    message: 'A test clock ends before the year 9000.',
  });
}
