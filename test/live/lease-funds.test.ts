import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDb, type Db } from '../../src/infra/db.ts';
import { exact, plain } from '../../src/kit/decimal.ts';
import { verifyLaws } from '../../src/laws/verify.ts';
import type { Lease, LowLease } from '../../src/sdk/sdk.js';
import { eventOf, holdsOf } from '../support/holds.ts';
import { leaseOf, untilCharged } from '../support/leases.ts';
import { type Bank, HOUR_MS, openBank } from '../support/money.ts';
import { startRecordingProxy } from '../support/recording-proxy.ts';
import { until } from '../support/until.ts';
import { createRandom } from '../torture/random.ts';

// What a lease does when there is less than it wants, and when the time of its block is over.

let bank: Bank;
let holds: ReturnType<typeof holdsOf>;
let db: Db;
let who: string;
let count = 0;

beforeAll(async () => {
  bank = await openBank();
  holds = holdsOf(bank);
  db = createDb({ url: bank.api.databaseUrl, poolSize: 1, onIdleError: () => undefined });
});
afterAll(async () => {
  await db?.close();
  await bank?.stop();
});
beforeEach(async () => {
  count += 1;
  who = await bank.customer(`customer-${count}`);
  return async () => {
    const { laws } = await verifyLaws(db);
    expect(laws.filter(({ ok }) => !ok)).toEqual([]);
  };
});

const LATER = { flushEveryMs: 3_600_000 };

describe('with too little', () => {
  test('it goes on with what is left, down to the last of it, and says so once', async () => {
    await bank.grant(who, '7');
    const low: LowLease[] = [];
    const lease = await leaseOf(bank.api.url, who, { onLow: (it) => low.push(it) });
    expect(lease.tryTake('4')).toBe(true);
    lease.report(eventOf(4), '4');
    await untilCharged(lease);
    await until('the rest was set aside', async () => lease.remaining === '3');
    await until('its owner was told', async () => low.length > 0);
    expect(await holds.balance(who)).toEqual({ settled: '3', held: '3', available: '0' });
    expect(lease.tryTake('2')).toBe(true);
    lease.report(eventOf(2), '2');
    await untilCharged(lease);
    expect(lease.tryTake('1.1')).toBe(false);
    expect(lease.tryTake('1')).toBe(true);
    lease.giveBack('1');
    await bank.grant(who, '20');
    await until('it was refilled', async () => lease.remaining === '5');
    expect(low).toEqual([{ remaining: '1', available: '2' }]);
    await lease.close();
    expect(await holds.balance(who)).toEqual({ settled: '21', held: '0', available: '21' });
  });

  test('it begins with what there is, be it nothing', async () => {
    await bank.grant(who, '1.5');
    const [first, second] = [await leaseOf(bank.api.url, who), await leaseOf(bank.api.url, who)];
    expect([first.remaining, second.remaining]).toEqual(['1.5', '0']);
    expect(second.tryTake('0.1')).toBe(false);
    await bank.grant(who, '30');
    await until('there is enough for both', async () =>
      [first, second].every(({ remaining }) => remaining === '5'),
    );
    await Promise.all([first.close(), second.close()]);
    expect(await holds.balance(who)).toMatchObject({ held: '0', available: '31.5' });
  });

  test('what cannot be charged waits, and whoever closes the lease is left with it', async () => {
    await bank.grant(who, '5');
    const lease = await leaseOf(bank.api.url, who, { lowWater: '0.1' });
    expect(lease.tryTake('1')).toBe(true);
    const [dear, cheap] = [eventOf(9), eventOf(1)];
    lease.report(dear, '0.5');
    lease.report(cheap, '0.5');
    await until('the one that can be is charged', async () => lease.waiting === 1);
    expect(await lease.close()).toEqual({ released: true, unreported: [dear] });
    expect(await holds.balance(who)).toEqual({ settled: '4', held: '0', available: '4' });

    await bank.grant(who, '6');
    const again = await leaseOf(bank.api.url, who);
    again.report(dear, '0');
    await untilCharged(again);
    await again.close();
    expect(await holds.balance(who)).toEqual({ settled: '1', held: '0', available: '1' });
  });

  test('two leases never overspend what covers a part of what is wanted', async () => {
    await bank.grant(who, '40');
    const leases = await Promise.all(
      ['5', '3'].map((block) =>
        leaseOf(bank.api.url, who, { block, lowWater: '1.5', flushEveryMs: 5 }),
      ),
    );
    const seed = Math.floor(Math.random() * 2 ** 32);
    const random = createRandom(seed);
    /** Work of random cost, at most what is taken for it, until nothing more is to be had. */
    async function consume(lease: Lease): Promise<bigint> {
      let used = 0n;
      for (let denied = 0; denied < 200; ) {
        const cost = exact(`0.${String(random.between(1, 900)).padStart(3, '0')}`);
        const taken = plain(cost + exact('0.05'));
        if (lease.tryTake(taken)) {
          used += cost;
          lease.report(eventOf(plain(cost)), taken);
          denied = 0;
        } else denied += 1;
        await new Promise((resolve) => setImmediate(resolve));
      }
      await untilCharged(lease);
      return used;
    }
    const used = await Promise.all([...leases, ...leases].map(consume));
    const closed = await Promise.all(leases.map((lease) => lease.close()));
    expect(closed.flatMap(({ unreported }) => unreported)).toEqual([]);
    const left = exact('40') - used.reduce((sum, each) => sum + each);
    const rest = plain(left);
    const balance = await holds.balance(who);
    expect(balance, `seed ${seed}`).toEqual({ settled: rest, held: '0', available: rest });
    // Nobody stopped before something had been refused for want of funds.
    expect(left >= 0n && left < exact('35'), `seed ${seed}, ${rest} left`).toBe(true);
  });
});

describe('when the time is over', () => {
  test.each([
    ['by a capture', '1', 'EXPIRED'],
    ['by a refill, before', '4', 'CAPTURED'],
  ])(
    'on the server, as is learnt %s: it is captured late, and a new block is taken',
    async (_how, cost, status) => {
      await bank.grant(who, '20');
      const lease = await leaseOf(bank.api.url, who);
      bank.clock.advance(HOUR_MS);
      expect(lease.tryTake(cost)).toBe(true);
      lease.report(eventOf(cost), cost);
      await untilCharged(lease);
      await until('there is a new block', async () => lease.remaining === '5');
      const left = plain(exact('20') - exact(cost));
      const available = plain(exact('15') - exact(cost));
      expect(await holds.balance(who)).toEqual({ settled: left, held: '5', available });
      const { holds: placed } = await bank.look(
        who,
        'holds { edges { node { status captures { edges { node { late } } } } } }',
      );
      expect(placed.edges).toEqual([
        { node: { status: 'OPEN', captures: { edges: [] } } },
        { node: { status, captures: { edges: [{ node: { late: true } }] } } },
      ]);
      await lease.close();
    },
  );

  test('and others have spent what it had: what was used waits until it is covered', async () => {
    await bank.grant(who, '5');
    const low: LowLease[] = [];
    const lease = await leaseOf(bank.api.url, who, { onLow: (it) => low.push(it) });
    expect(lease.tryTake('4')).toBe(true);
    bank.clock.advance(HOUR_MS);
    await bank.use(who, 'use', { properties: { n: 5 } });
    lease.report(eventOf(4), '4');
    await until('its owner was told', async () => low.length > 0);
    expect(lease.waiting).toBe(1);
    expect(lease.tryTake('1')).toBe(false);
    await bank.grant(who, '20');
    await untilCharged(lease);
    await until('there is a new block', async () => lease.remaining === '5');
    await lease.close();
    expect(await holds.balance(who)).toEqual({ settled: '16', held: '0', available: '16' });
  });

  test('here: nothing is taken while the server cannot be asked, and all goes on when it can', async () => {
    await bank.grant(who, '20');
    const proxy = await startRecordingProxy(bank.api.url);
    const lease = await leaseOf(proxy.url, who, { ttlSeconds: 2, lowWater: '0.1', ...LATER });
    const letPass = proxy.keep();
    expect(lease.remaining).toBe('5');
    await until('its time is over', async () => !lease.tryTake('0'));
    expect(lease.remaining).toBe('0');
    letPass();
    await until('something can be taken', async () => lease.tryTake('5'));
    await lease.close();
    expect(await holds.balance(who)).toMatchObject({ held: '0', available: '20' });
    await proxy.stop();
  });

  test('never, for it is renewed before', async () => {
    await bank.grant(who, '20');
    const proxy = await startRecordingProxy(bank.api.url);
    const lease = await leaseOf(proxy.url, who, { ttlSeconds: 4, ...LATER });
    let isDenied = false;
    await until('it was renewed twice', async () => {
      isDenied ||= !lease.tryTake('0');
      return proxy.count('ExtendBlock') >= 2;
    });
    expect(isDenied).toBe(false);
    expect(proxy.count('PlaceBlock')).toBe(1);
    await lease.close();
    await proxy.stop();
  });

  test('because somebody else has released it: the next block pays', async () => {
    await bank.grant(who, '20');
    const proxy = await startRecordingProxy(bank.api.url);
    const lease = await leaseOf(proxy.url, who);
    const { holds: placed } = await bank.look(who, 'holds { edges { node { id } } }');
    await holds.release(placed.edges[0].node.id);
    expect(lease.tryTake('1')).toBe(true);
    lease.report(eventOf(1), '1');
    await untilCharged(lease);
    expect(proxy.count('PlaceBlock')).toBe(2);
    expect(await holds.balance(who)).toEqual({ settled: '19', held: '4', available: '15' });
    await lease.close();
    await proxy.stop();
  });
});
