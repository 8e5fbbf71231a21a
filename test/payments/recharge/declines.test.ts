import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/kit/clock.ts';
import { openRecharging, type Recharging } from './recharging.ts';

let shop: Recharging;

beforeAll(async () => {
  shop = await openRecharging();
});

afterAll(async () => {
  expect(await shop.brokenLaw()).toBeNull();
  await shop.stop();
});

/** A customer whose card was declined once. */
async function declined(externalId: string): Promise<void> {
  await shop.funded(externalId, '10');
  await shop.rule(externalId, await shop.card(externalId, 'declined'));
  await shop.calls(externalId, 1);
  await shop.charge();
}

/** Once more, an hour later. */
async function declinedAgain(): Promise<void> {
  shop.clock.advance(HOUR_MS);
  await shop.lookAround();
  await shop.charge();
}

test('a decline is followed by another attempt after an hour, and by none before', async () => {
  await declined('ada');
  expect(await shop.stands('ada')).toMatchObject({
    status: 'WAITING',
    reason: 'DECLINED',
    failures: 1,
    nextAt: new Date(shop.clock.now().getTime() + HOUR_MS).toISOString(),
  });
  await shop.calls('ada', 3);
  shop.clock.advance(59 * MINUTE_MS);
  await shop.lookAround();
  expect(await shop.recharges('ada')).toEqual(['FAILED 20']);
  shop.clock.advance(MINUTE_MS);
  await shop.lookAround();
  expect(await shop.recharges('ada')).toEqual(['FAILED 20', 'PENDING 20']);
  await shop.charge();
  expect(await shop.told('ada')).toEqual([
    'started',
    'declined CARD_DECLINED CHECK_METHOD',
    'started',
    'declined CARD_DECLINED CHECK_METHOD',
  ]);
});

test('three in a row suspend the rule; the same card does not help, and another one does', async () => {
  await declined('bob');
  await declinedAgain();
  await declinedAgain();
  const suspended = { status: 'SUSPENDED', reason: 'CARD_DECLINED', failures: 3, nextAt: null };
  expect(await shop.stands('bob')).toMatchObject(suspended);
  expect((await shop.told('bob')).slice(-2)).toEqual([
    'declined CARD_DECLINED CHECK_METHOD',
    'suspended CARD_DECLINED CHANGE_METHOD',
  ]);
  shop.clock.advance(48 * HOUR_MS);
  await shop.lookAround();
  expect(await shop.charge()).toBe(0);

  const same = await shop.card('bob', 'pays', 'declined');
  expect(await shop.rule('bob', same)).toMatchObject(suspended);
  expect(await shop.charge()).toBe(0);

  const other = await shop.card('bob', 'slow');
  expect(await shop.rule('bob', other)).toMatchObject({ status: 'IN_FLIGHT', failures: 0 });
});

test('money forgets what was declined before', async () => {
  await declined('eve');
  await declinedAgain();
  expect(await shop.stands('eve')).toMatchObject({ failures: 2 });
  // The bank has come round: it is the same card.
  await shop.rule('eve', await shop.card('eve', 'pays', 'declined'));
  shop.clock.advance(HOUR_MS);
  await shop.lookAround();
  await shop.charge();
  expect(await shop.stands('eve')).toMatchObject({ status: 'ARMED', failures: 0 });
  expect(await shop.balance('eve', 'USD')).toBe('29');
});

test('a card that asks for its owner blocks another attempt, and its payment says where', async () => {
  await shop.funded('tom', '10');
  await shop.rule('tom', await shop.card('tom', 'needs_confirmation'));
  await shop.calls('tom', 1);
  await shop.charge();
  const { customer } = await shop.run(
    `{ customer(ref: { externalId: "tom" }) { payments(first: 1) { edges { node { status actionUrl } } } } }`,
  );
  expect(customer.payments.edges[0].node).toEqual({
    status: 'PENDING',
    actionUrl: expect.stringContaining('/sandbox/checkout/'),
  });
  shop.clock.advance(2 * HOUR_MS);
  await shop.lookAround();
  expect(await shop.stands('tom')).toMatchObject({ status: 'IN_FLIGHT' });
  shop.clock.advance(24 * HOUR_MS);
  while (await shop.payments.look());
  expect(await shop.recharges('tom')).toEqual(['EXPIRED 20']);
  expect(await shop.stands('tom')).toMatchObject({ status: 'WAITING', failures: 1 });
});

test('a charge beyond what may be paid in a day is not made, and counts as no decline', async () => {
  const limits = (dailyAmounts: object[] | null) =>
    shop.given('updatePaymentSettings', { limits: { dailyAmounts } }, 'organization { id }');
  await limits([{ currency: 'USD', amount: '30' }]);
  await shop.funded('limited', '10');
  await shop.rule('limited', await shop.card('limited', 'pays'));
  await shop.calls('limited', 1);
  await shop.charge();
  expect(await shop.recharges('limited')).toEqual(['SETTLED 20']);
  await shop.calls('limited', 25);
  await shop.charge();
  expect(await shop.recharges('limited')).toEqual(['SETTLED 20', 'CANCELED 20']);
  expect(await shop.stands('limited')).toMatchObject({
    status: 'WAITING',
    failures: 0,
    nextAt: new Date(shop.clock.now().getTime() + HOUR_MS).toISOString(),
  });
  expect((await shop.told('limited')).at(-1)).toBe('declined PAYMENT_LIMIT');
  await limits(null);
  shop.clock.advance(HOUR_MS);
  await shop.lookAround();
  await shop.charge();
  expect((await shop.recharges('limited')).at(-1)).toBe('SETTLED 20');
});
