import { createAccess } from '../../src/access/service.ts';
import type { Viewer } from '../../src/access/viewer.ts';
import { insertDefaultRules } from '../../src/alerts/default-rules.ts';
import { createCustomers } from '../../src/customers/service.ts';
import { createDb } from '../../src/infra/db.ts';
import { createManualClock } from '../../src/kit/clock.ts';
import { isRefusal, type Refusal } from '../../src/kit/refusal.ts';
import { createTestDatabase } from '../support/database.ts';

export const START = new Date('2026-03-01T00:00:00.000Z');

/** A database of its own, and the two rooms as one or more processes would have them. */
export async function openRooms() {
  const database = await createTestDatabase();
  const clock = createManualClock(START);
  const running = new Set<() => Promise<void>>();

  /** Another process on the same database: its own pool and caches. */
  function startProcess(bootstrapKey: string | null = null) {
    const faults: unknown[] = [];
    const onFault = (error: unknown) => faults.push(error);
    const db = createDb({ url: database.url, poolSize: 8, onIdleError: onFault });
    const customers = createCustomers({ db, clock, wake: () => undefined });
    const { resolveCustomer } = customers;
    const equip = insertDefaultRules;
    const access = createAccess({ db, clock, resolveCustomer, equip, bootstrapKey, onFault });
    async function stop() {
      running.delete(stop);
      await access.settled();
      await db.close();
    }
    running.add(stop);
    return { db, access, customers, faults, stop };
  }

  const first = startProcess();

  /** An organization, and its first secret key as it would log in. */
  async function openOrganization(name: string, mode: 'LIVE' | 'TEST' = 'TEST') {
    const issued = given(
      await first.access.issueKey({ organization: name, mode, name: 'First', scopes: null }),
    );
    return { ...issued, viewer: await logIn(issued.secret) };
  }

  async function logIn(secret: string): Promise<Viewer> {
    return given(await first.access.authenticate(`Bearer ${secret}`));
  }

  return {
    ...first,
    clock,
    url: database.url,
    startProcess,
    openOrganization,
    logIn,
    async close() {
      for (const stop of running) await stop();
      await database.drop();
    },
  };
}

/** What was done, where a refusal would be a failure of the test. */
export function given<T>(outcome: T): Exclude<T, Refusal> {
  if (isRefusal(outcome)) throw new Error(`Refused: ${JSON.stringify(outcome)}`);
  return outcome as Exclude<T, Refusal>;
}

/** The paths and codes of what was wrong with an input. */
export function issuesOf(outcome: object): string[] {
  if (!('issues' in outcome)) throw new Error(`Not refused as invalid: ${JSON.stringify(outcome)}`);
  const { issues } = outcome as { issues: { path: string; code: string }[] };
  return issues.map(({ path, code }) => `${path} ${code}`);
}
