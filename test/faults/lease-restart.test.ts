import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDb } from '../../src/infra/db.ts';
import { verifyLaws } from '../../src/laws/verify.ts';
import { type Ask, setUpCalls } from '../support/api.ts';
import { type ChildApi, startChildApi } from '../support/child-api.ts';
import { createTestDatabase } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { leaseOf, untilCharged } from '../support/leases.ts';
import { until } from '../support/until.ts';

// The server goes away, as a crash and as a restart, under leases that go on deciding.

const MINUTE_MS = 60_000;

let undo: (() => Promise<unknown>)[];

beforeEach(() => {
  undo = [];
});
afterEach(async () => {
  for (const step of undo.reverse()) await step();
});

async function balanceOf(ask: Ask) {
  const { data } = await ask(
    '{ customer(ref: { externalId: "acme" }) { wallets { balance { settled held available } } } }',
  );
  return data.customer.wallets[0].balance;
}

const work = (number: number) => ({ eventId: `work-${number}`, type: 'api.call' });

test.each(['kill9', 'stop'] as const)(
  'nothing is lost or charged twice (%s)',
  {
    timeout: 2 * MINUTE_MS,
  },
  async (how) => {
    const database = await createTestDatabase();
    undo.push(database.drop);
    const port = await freePort();
    let api: ChildApi;
    async function start(): Promise<ChildApi> {
      const started = await startChildApi({ databaseUrl: database.url, port });
      undo.push(started.stop);
      return started;
    }
    api = await start();
    await setUpCalls(api.ask, 'acme', '1000');
    const trouble: string[] = [];
    const lease = await leaseOf(api.url, 'acme', {
      block: '50',
      lowWater: '25',
      flushEveryMs: 5,
      onTrouble: ({ code }) => trouble.push(code),
    });

    let used = 0;
    /** Work of a dollar each, which is done whenever the lease says so. */
    async function goOn(done: () => boolean): Promise<void> {
      await until('enough was done', async () => {
        if (!lease.tryTake('1')) return done();
        used += 1;
        lease.report(work(used), '1');
        return done();
      });
    }
    await goOn(() => used >= 100);
    await api[how]();
    const before = used;
    // The rest of the block is spent while nobody can be asked, and not a dollar more.
    await goOn(() => lease.remaining === '0');
    expect(used - before).toBeLessThanOrEqual(50);
    expect(lease.tryTake('0.01')).toBe(false);
    await until('its owner was told', async () => trouble.includes('UNREACHABLE'));

    api = await start();
    await goOn(() => used >= before + 100);
    await untilCharged(lease);
    expect(await lease.close()).toEqual({ released: true, unreported: [] });
    const left = String(1000 - used);
    expect(await balanceOf(api.ask)).toEqual({ settled: left, held: '0', available: left });
    const db = createDb({ url: database.url, poolSize: 1, onIdleError: () => undefined });
    undo.push(db.close);
    expect((await verifyLaws(db)).laws.filter(({ ok }) => !ok)).toEqual([]);
  },
);

test('who closes a lease while the server is away is left with what it had not charged', {
  timeout: MINUTE_MS,
}, async () => {
  const database = await createTestDatabase();
  undo.push(database.drop);
  const api = await startChildApi({ databaseUrl: database.url });
  undo.push(api.stop);
  await setUpCalls(api.ask, 'acme', '10');
  const lease = await leaseOf(api.url, 'acme');
  await api.kill9();
  expect(lease.tryTake('1')).toBe(true);
  lease.report(work(1), '1');
  expect(await lease.close()).toEqual({ released: false, unreported: [work(1)] });
});
