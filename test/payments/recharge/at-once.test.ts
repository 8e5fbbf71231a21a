import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApi, type TestApi } from '../../support/api.ts';
import { until } from '../../support/until.ts';
import { TILL_ENVIRONMENT } from '../till.ts';
import { openRecharging, type Recharging } from './recharging.ts';

// Two processes, one of them with a worker.
let shop: Recharging;
let second: TestApi;

beforeAll(async () => {
  shop = await openRecharging({ worker: true });
  const { clock, api } = shop;
  second = await startApi({
    clock,
    databaseUrl: api.databaseUrl,
    environment: TILL_ENVIRONMENT,
  });
});

afterAll(async () => {
  expect(await shop.brokenLaw()).toBeNull();
  await second.stop();
  await shop.stop();
});

/** So many calls at the same moment, a dollar each, in turns through both processes. */
async function callsAtOnce(externalId: string, count: number): Promise<void> {
  const asks = [shop.api.ask, second.ask];
  const answers = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      asks[index % 2]?.(
        'mutation ($event: UsageEventInput!) { recordUsage(input: $event) { __typename } }',
        {
          event: { eventId: `${externalId}-${index}`, type: 'api.call', customer: { externalId } },
        },
      ),
    ),
  );
  for (const answer of answers) {
    expect(answer?.data.recordUsage.__typename).toBe('UsageRecorded');
  }
}

test('fifty debits that cross at once in two processes start one recharge, which is credited', async () => {
  await shop.funded('ada', '60');
  const more = { threshold: '59.5', amount: '100', maxAmount: '1000' };
  await shop.rule('ada', await shop.card('ada', 'pays'), more);
  await callsAtOnce('ada', 50);
  await until('it is credited', async () => (await shop.balance('ada', 'USD')) === '110');
  expect(await shop.recharges('ada')).toEqual(['SETTLED 100']);
});

test('a runaway customer is charged as often as the cap says, however much comes at once', async () => {
  await shop.funded('bob', '60');
  const more = { threshold: '60', amount: '2', maxCount: 3 };
  await shop.rule('bob', await shop.card('bob', 'pays'), more);
  await callsAtOnce('bob', 50);
  await until('it is capped', async () => (await shop.stands('bob')).status === 'CAPPED');
  expect(await shop.recharges('bob')).toEqual(['SETTLED 2', 'SETTLED 2', 'SETTLED 2']);
  expect(await shop.balance('bob', 'USD')).toBe('16');
});

test('a runaway customer is charged no more money than the cap says', async () => {
  await shop.funded('eve', '60');
  const more = { threshold: '60', amount: '2', maxAmount: '5' };
  await shop.rule('eve', await shop.card('eve', 'pays'), more);
  await callsAtOnce('eve', 50);
  await until('it is capped', async () => (await shop.stands('eve')).status === 'CAPPED');
  expect(await shop.recharges('eve')).toEqual(['SETTLED 2', 'SETTLED 2']);
});

test('money that is slow is credited when it is there, and nothing is charged meanwhile', async () => {
  await shop.funded('tom', '20');
  await shop.rule('tom', await shop.card('tom', 'slow'), { threshold: '20' });
  await callsAtOnce('tom', 5);
  await until('it is promised', async () => (await shop.recharges('tom'))[0] === 'AUTHORIZED 20');
  expect(await shop.stands('tom')).toMatchObject({ status: 'IN_FLIGHT' });
  shop.clock.advance(3_000);
  await until('it is credited', async () => (await shop.balance('tom', 'USD')) === '35');
});
