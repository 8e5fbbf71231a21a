import type { ServerResponse } from 'node:http';
import { createShortCache } from '../../access/short-cache.ts';
import type { Log } from '../../infra/log.ts';
import { type Clock, SECOND_MS } from '../../kit/clock.ts';
import { sendJson } from '../respond.ts';

/**
 * What must work before requests may come, by name. A check that rejects has failed; one that resolves
 * to `DEGRADED` says that something is amiss without which requests are answered all the same.
 */
export type ReadinessChecks = Readonly<Record<string, () => Promise<unknown>>>;

/** Answers 200 when no check fails in time, otherwise 503 and which did; why is in the log. */
export type AnswerReadiness = (response: ServerResponse) => Promise<void>;

type Verdict = readonly [name: string, verdict: 'ok' | typeof DEGRADED | 'failed'];

export const DEGRADED = 'DEGRADED';
const CHECK_TIMEOUT_MS = 2_000;
/** Who asks within this time of another is told the same. */
const SHARED_MS = SECOND_MS;

/** Anybody may ask, so however many do, the checks run once a second, and none beside itself. */
export function createReadiness(options: {
  readonly checks: ReadinessChecks;
  readonly clock: Clock;
  readonly log: Log;
}): AnswerReadiness {
  const { checks, clock, log } = options;
  const shared = createShortCache<readonly Verdict[]>({
    clock,
    ttlMs: SHARED_MS,
    maxEntries: 1,
    keep: () => true,
  });
  const judges = Object.entries(checks).map(([name, check]) => createJudge(name, check, log));
  const judgeAll = () => Promise.all(judges.map((judge) => judge()));

  return async (response) => {
    const verdicts = await shared.get('all', judgeAll);
    const ready = verdicts.every(([, verdict]) => verdict !== 'failed');
    sendJson(response, ready ? 200 : 503, { ready, checks: Object.fromEntries(verdicts) });
  };
}

/** A check that hangs is waited for again, not started again: each would hold another connection. */
function createJudge(name: string, check: () => Promise<unknown>, log: Log) {
  let running: Promise<unknown> | null = null;

  function run(): Promise<unknown> {
    running ??= check().finally(() => {
      running = null;
    });
    return running;
  }

  return async (): Promise<Verdict> => {
    try {
      return [name, (await inTime(run())) === DEGRADED ? DEGRADED : 'ok'];
    } catch (error) {
      log.warn({ check: name, error }, 'A readiness check failed.');
      return [name, 'failed'];
    }
  };
}

async function inTime(work: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('No answer in time.')), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
