import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/kit/clock.ts';
import { exact } from '../../../src/kit/decimal.ts';
import { toTypeId } from '../../../src/kit/ids.ts';
import { createRecords } from '../../../src/payments/provider-store.ts';
import { sandboxModule } from '../../../src/payments/providers/sandbox/sandbox-module.ts';
import { openRecharging, type Recharging } from './recharging.ts';

let shop: Recharging;

beforeAll(async () => {
  shop = await openRecharging();
});

afterAll(async () => {
  expect(await shop.brokenLaw()).toBeNull();
  await shop.stop();
});

/** What a process does that charges a payment and is killed before it has stored anything of it. */
async function chargeAndDie(paymentId: string): Promise<void> {
  const { db, clock } = shop;
  const payment = await db.prisma.payment.findFirstOrThrow({ where: { id: paymentId } });
  const { organizationId, customerId, assetId, amount } = payment;
  const of = { paymentId, organizationId, customerId, assetId, amount };
  await db.prisma.paymentAttempt.create({
    data: { ...of, key: 'asked', byRule: true, at: clock.now() },
  });
  const row = await db.prisma.paymentProvider.findFirstOrThrow({ where: { kind: 'SANDBOX' } });
  const sandbox = await sandboxModule.open(row.settings as Record<string, string>, {
    clock,
    providerId: toTypeId('paymentProvider', row.id),
    records: createRecords(db, clock, row.id),
    emit: async () => undefined,
    publicUrl: shop.api.url,
    allowPrivate: true,
  });
  const charged = await sandbox.chargeMethod({
    paymentId: toTypeId('payment', paymentId),
    amount: exact('20'),
    currency: { code: 'USD', minorUnits: 2 },
    description: 'Killed.',
    payer: { id: 'nobody', name: null, email: null },
    methodToken: 'sbm_pays',
  });
  expect(charged.status).toBe('SETTLED');
}

/** A customer for whom a recharge was started; its payment. */
async function started(externalId: string) {
  await shop.funded(externalId, '10');
  await shop.rule(externalId, await shop.card(externalId, 'pays'));
  await shop.calls(externalId, 1);
  return shop.db.prisma.payment.findFirstOrThrow({
    where: { customer: { externalId }, origin: 'AUTO_RECHARGE' },
  });
}

/** Objects of the sandbox that were charged for a payment. */
async function charges(paymentId: string): Promise<number> {
  const of = { path: ['paymentId'], equals: toTypeId('payment', paymentId) };
  return shop.db.prisma.paymentProviderRecord.count({ where: { record: of } });
}

test('the job that comes again charges nothing a second time, and credits what was charged', async () => {
  const { id } = await started('ada');
  await chargeAndDie(id);
  expect(await shop.recharges('ada')).toEqual(['PENDING 20']);
  await shop.charge();
  expect(await shop.balance('ada', 'USD')).toBe('29');
  expect(await charges(id)).toBe(1);
});

test('where the job is gone too, the look at open payments repairs it, once', async () => {
  const { id } = await started('bob');
  await chargeAndDie(id);
  shop.clock.advance(2 * MINUTE_MS);
  while (await shop.payments.look());
  expect(await shop.recharges('bob')).toEqual(['SETTLED 20']);
  expect(await shop.charge()).toBe(0);
  expect(await shop.balance('bob', 'USD')).toBe('29');
  expect(await charges(id)).toBe(1);
});

test('a job that comes twice at once charges and credits once', async () => {
  const { id, customerId } = await started('eve');
  const job = { paymentId: id, customerId };
  await Promise.all([shop.payments.chargePayment(job), shop.payments.chargePayment(job)]);
  expect(await shop.balance('eve', 'USD')).toBe('29');
  expect(await charges(id)).toBe(1);
});

test('a card that was removed before it was charged is not charged', async () => {
  const { id } = await started('tom');
  await shop.db.prisma.paymentMethod.updateMany({
    where: { customer: { externalId: 'tom' } },
    data: { detachedAt: shop.clock.now() },
  });
  await shop.charge();
  expect(await shop.recharges('tom')).toEqual(['FAILED 20']);
  expect(await charges(id)).toBe(0);
});

test('what may have been charged is not called off, and is credited', async () => {
  const { id } = await started('fred');
  await chargeAndDie(id);
  const payment = toTypeId('payment', id);
  expect(await shop.mutate('cancelPayment', { payment }, 'payment { status }')).toMatchObject({
    code: 'CONFLICT',
  });
  expect(await shop.recharges('fred')).toEqual(['PENDING 20']);
  await shop.charge();
  expect(await shop.recharges('fred')).toEqual(['SETTLED 20']);
  expect(await charges(id)).toBe(1);
});

test('what was called off before anybody asked for it is not charged', async () => {
  const { id, customerId } = await started('gail');
  const payment = toTypeId('payment', id);
  await shop.given('cancelPayment', { payment }, 'payment { status }');
  await shop.payments.chargePayment({ paymentId: id, customerId });
  expect(await shop.recharges('gail')).toEqual(['CANCELED 20']);
  expect(await charges(id)).toBe(0);
});

test('what nobody knows of after a day is for people to look at', async () => {
  const { id, customerId } = await started('hugo');
  await chargeAndDie(id);
  shop.clock.advance(24 * HOUR_MS);
  await shop.payments.chargePayment({ paymentId: id, customerId });
  expect(await shop.recharges('hugo')).toEqual(['EXPIRED 20']);
  expect(await shop.mismatches()).toEqual(['CHARGE_UNKNOWN | 20 | no answer']);
});
