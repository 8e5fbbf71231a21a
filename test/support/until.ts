import { setTimeout as pause } from 'node:timers/promises';

const PAUSE_MS = 5;
const MOST_MS = 90_000;

/** Asks until it is so. Throws, saying what was waited for, when it takes longer than anything here should. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const startedMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startedMs > MOST_MS) throw new Error(`Waited in vain: ${what}.`);
    await pause(PAUSE_MS);
  }
}
