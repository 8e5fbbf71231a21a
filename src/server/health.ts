import type { ServerResponse } from 'node:http';
import type { Log } from '../infra/log.ts';
import { sendJson } from './respond.ts';

/** What must work before requests may come, by name. A check that rejects has failed. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<unknown>>>;

const CHECK_TIMEOUT_MS = 2_000;

/** Answers 200 when every check passes in time, otherwise 503 and which did not; why is in the log. */
export async function answerReadiness(
  response: ServerResponse,
  checks: ReadinessChecks,
  log: Log,
): Promise<void> {
  const results = await Promise.all(
    Object.entries(checks).map(
      async ([name, check]) => [name, await verdict(name, check, log)] as const,
    ),
  );
  const ready = results.every(([, result]) => result === 'ok');
  sendJson(response, ready ? 200 : 503, { ready, checks: Object.fromEntries(results) });
}

async function verdict(
  name: string,
  check: () => Promise<unknown>,
  log: Log,
): Promise<'ok' | 'failed'> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('No answer in time.')), CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([check(), timeout]);
    return 'ok';
  } catch (error) {
    log.warn({ check: name, error }, 'A readiness check failed.');
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}
