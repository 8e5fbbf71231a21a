import { setTimeout as delay } from 'node:timers/promises';
import { isOutage } from './outage.ts';

/**
 * Called with each outage that comes between somebody and what he does. Resolves when another attempt is
 * worth it, and when nobody wants one any more; throws the outage when it has lasted too long.
 */
export type Outlast = (outage: unknown) => Promise<void>;

/** How those who follow something wait for a database that is away. */
export interface WaitOut {
  /** For one who makes his attempts himself; the time begins with the first outage. */
  begin(isWanted: () => boolean): Outlast;
  /** Does it as often as an outage is in the way. Throws the outage when nobody wants it any more. */
  run<T>(work: () => Promise<T>, isWanted: () => boolean): Promise<T>;
}

/** How long an outage is waited out, in milliseconds. */
const PATIENCE_MS = 60_000;

/** Between two looks at the database, and for one of them, in milliseconds. */
const PAUSE_MS = 200;
const LOOK_MS = 5_000;

/**
 * One question to the database at a time for all who wait for it: thousands of them that tried by
 * themselves would keep busy whatever is left. `ask` fails while the database is away.
 */
export function createWaitOut(ask: () => Promise<unknown>, patienceMs = PATIENCE_MS): WaitOut {
  let looking: Promise<boolean> | null = null;
  /** One that nobody answers holds a connection, which others need: it is asked no second time meanwhile. */
  let asking: Promise<boolean> | null = null;

  function isBack(): Promise<boolean> {
    looking ??= look().finally(() => {
      looking = null;
    });
    return looking;
  }

  function question(): Promise<boolean> {
    asking ??= ask()
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        asking = null;
      });
    return asking;
  }

  /** A connection that is there may be one that nobody answers on. */
  async function look(): Promise<boolean> {
    await pause(PAUSE_MS);
    return Promise.race([question(), pause(LOOK_MS).then(() => false)]);
  }

  function begin(isWanted: () => boolean): Outlast {
    let sinceMs: number | null = null;
    return async (outage) => {
      sinceMs ??= performance.now();
      do {
        if (performance.now() - sinceMs >= patienceMs) throw outage;
      } while (!(await isBack()) && isWanted());
    };
  }

  return {
    begin,
    async run(work, isWanted) {
      const outlast = begin(isWanted);
      for (;;) {
        try {
          return await work();
        } catch (error) {
          if (!isOutage(error) || !isWanted()) throw error;
          await outlast(error);
        }
      }
    },
  };
}

function pause(ms: number): Promise<void> {
  return delay(ms, undefined, { ref: false });
}
