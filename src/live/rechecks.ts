import type { Bus } from './bus.ts';

/** How often what is watched is compared with the database, whether or not a hint has come. */
export interface RecheckTimes {
  /**
   * In milliseconds. It bounds how long a hint that was lost with the process that should have sent it can
   * go unnoticed.
   * @default 5000
   */
  readonly recheckMs?: number;
  /**
   * The same while the bus is degraded, when nothing else tells of a change in another process.
   * @default 1000
   */
  readonly degradedRecheckMs?: number;
}

const RECHECK_MS = 5_000;
const DEGRADED_RECHECK_MS = 1_000;

/** Rechecks until it is stopped by what it returns. */
export function startRechecks(
  bus: Pick<Bus, 'isDegraded'>,
  recheck: () => Promise<void>,
  { recheckMs = RECHECK_MS, degradedRecheckMs = DEGRADED_RECHECK_MS }: RecheckTimes,
): () => void {
  const always = setInterval(() => void recheck(), recheckMs).unref();
  const whileDegraded = setInterval(() => {
    if (bus.isDegraded()) void recheck();
  }, degradedRecheckMs).unref();
  return () => {
    clearInterval(always);
    clearInterval(whileDegraded);
  };
}
