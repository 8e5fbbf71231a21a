import { setTimeout } from 'node:timers/promises';

/** Enough to sit out a restart of the server: about 30 seconds in all. */
export const MAX_RETRIES = 10;

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/** How long to wait before the given retry, counted from 0. */
export function backoffMs(retry: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** retry, LONGEST_WAIT_MS);
}

export async function pause(ms: number): Promise<void> {
  await setTimeout(ms);
}
