import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromTypeId } from '../../src/kit/ids.ts';
import { withClient } from '../support/stored-organization.ts';
import { until } from '../support/until.ts';
import { openTill, type Till } from './till.ts';

let till: Till;

beforeAll(async () => {
  till = await openTill({ worker: true });
  await till.provider('wire', { manual: {} });
  await publish('pro', { interval: 'MONTH', asset: 'USD', fees: [{ code: 'base', amount: '30' }] });
  await publish('max', { interval: 'MONTH', asset: 'USD', fees: [{ code: 'base', amount: '90' }] });
  await publish('yearly', {
    interval: 'YEAR',
    asset: 'USD',
    fees: [{ code: 'base', amount: '300' }],
  });
});
afterAll(async () => {
  await till?.stop();
});

async function publish(code: string, definition: object) {
  await till.given('savePlanDraft', { code, name: code, definition }, 'version { id }');
  await till.given('publishPlan', { plan: code }, 'version { id }');
}

async function subscribe(externalId: string, more: object) {
  const customer = { externalId };
  const input = { customer, ...more };
  return (await till.given('createSubscription', input, 'subscription { id }')).subscription.id;
}

async function grant(externalId: string, amount: string) {
  const input = { customer: { externalId }, asset: 'USD', amount, purpose: 'PAID' };
  await till.given('grantCredit', input, 'grant { id }');
}

async function read(id: string) {
  const document = `query ($id: ID!) { subscription(id: $id) { status seats plan { code } } }`;
  return (await till.run(document, { id })).subscription;
}

const stands = (id: string, status: string) =>
  until(`it is ${status}`, async () => (await read(id)).status === status);

const pay = (subscription: string, more: object = {}) =>
  till.mutate('payForSubscription', { subscription, ...more });

const change = async (payment: string) =>
  (await till.payment(payment, 'change { status failure }')).change;

describe('A subscription that waits for money', () => {
  it('to be prefunded is asked for what has not come, and begins once that is there', async () => {
    const ada = await till.customer('ada');
    const id = await subscribe(ada, { plan: 'pro', prefundAmount: '50' });
    await grant(ada, '20');
    const { payment } = await pay(id);
    expect(payment).toMatchObject({ origin: 'SUBSCRIPTION', amount: '30', description: 'pro' });
    expect((await read(id)).status).toBe('PENDING');
    await till.confirm(payment.id, 'one');
    await stands(id, 'ACTIVE');
    expect(await till.balance(ada, 'USD')).toBe('20');
    expect(await pay(id)).toMatchObject({ code: 'CONFLICT', path: 'subscription' });
    expect(await till.brokenLaw()).toBeNull();
  });

  it('that prefunds less than it costs is asked for what it costs', async () => {
    const bob = await till.customer('bob');
    const id = await subscribe(bob, { plan: 'pro', prefundAmount: '10' });
    const { payment } = await pay(id);
    expect(payment.amount).toBe('30');
  });

  it('is asked for the period that it could not pay, and renews once that is paid', async () => {
    const cy = await till.customer('cy');
    await grant(cy, '312.5');
    const id = await subscribe(cy, { plan: 'yearly' });
    till.clock.advance(366 * 86_400_000);
    await stands(id, 'PAST_DUE');
    const input = { idempotencyKey: 'year two' };
    const { payment } = await pay(id, input);
    expect(payment.amount).toBe('287.5');
    await till.confirm(payment.id, 'two');
    await stands(id, 'ACTIVE');
    expect(await till.balance(cy, 'USD')).toBe('0');
    // The same call is answered the same, though nothing is missing any more.
    expect((await pay(id, input)).payment.id).toBe(payment.id);
    expect(await till.brokenLaw()).toBeNull();
  });
});

describe('A change of a subscription that is paid for', () => {
  it('is asked for beyond the balance, and made once when all of it is there', async () => {
    const dee = await till.customer('dee');
    await grant(dee, '40');
    const id = await subscribe(dee, { plan: 'pro' });
    const { payment } = await pay(id, { change: { plan: 'max' } });
    // At once it is 60 for the whole period, and 10 are there.
    expect(payment).toMatchObject({ amount: '50', description: 'Change to max' });
    await till.confirm(payment.id, 'half', { amount: '20' });
    expect(await change(payment.id)).toEqual({ status: 'WAITING', failure: null });
    expect((await read(id)).plan.code).toBe('pro');
    await till.confirm(payment.id, 'rest', { amount: '30' });
    await until('it is made', async () => (await change(payment.id)).status === 'APPLIED');
    expect((await read(id)).plan.code).toBe('max');
    expect(await till.balance(dee, 'USD')).toBe('0');
    // Whoever runs its job again changes nothing, whatever the subscription has become.
    await grant(dee, '100');
    await till.given(
      'changePlan',
      { subscription: id, plan: 'pro', when: 'NOW' },
      'subscription { id }',
    );
    await till.api.services.payments.applyChange(await keyOf(payment.id));
    expect((await read(id)).plan.code).toBe('pro');
    expect(await till.brokenLaw()).toBeNull();
  });

  it('to a plan with other periods is asked for what it costs last, and does not fall short', async () => {
    const eve = await till.customer('eve');
    await grant(eve, '30');
    const id = await subscribe(eve, { plan: 'pro' });
    const { payment } = await pay(id, { change: { plan: 'yearly' } });
    expect(Number(payment.amount)).toBeGreaterThan(270);
    expect(Number(payment.amount)).toBeLessThanOrEqual(271);
    till.clock.advance(23 * 3_600_000);
    await till.confirm(payment.id, 'all');
    await until('it is made', async () => (await change(payment.id)).status === 'APPLIED');
    expect((await read(id)).plan.code).toBe('yearly');
  });

  it('that cannot be made any more is told, and its money is credit', async () => {
    const fay = await till.customer('fay');
    await grant(fay, '30');
    const id = await subscribe(fay, { plan: 'pro' });
    const { payment } = await pay(id, { change: { plan: 'max' } });
    await till.given(
      'cancelSubscription',
      { subscription: id, when: 'NOW' },
      'subscription { id }',
    );
    await till.confirm(payment.id, 'late');
    await until('it has failed', async () => (await change(payment.id)).status === 'FAILED');
    expect(await change(payment.id)).toEqual({ status: 'FAILED', failure: 'It has ended.' });
    expect(await till.balance(fay, 'USD')).toBe('60');
    const { events } = await till.run(
      `{ events(last: 20) { edges { node { type ... on PaymentChangeFailedEvent { reason payment { id } } } } } }`,
    );
    const told = events.edges
      .map(({ node }: { node: { type: string } }) => node)
      .filter(({ type }: { type: string }) => type === 'PAYMENT_CHANGE_FAILED');
    expect(told).toEqual([
      { type: 'PAYMENT_CHANGE_FAILED', reason: 'It has ended.', payment: { id: payment.id } },
    ]);
  });

  it('that the balance has not covered meanwhile is not made', async () => {
    const gus = await till.customer('gus');
    await grant(gus, '40');
    const id = await subscribe(gus, { plan: 'pro' });
    const { payment } = await pay(id, { change: { plan: 'max' } });
    await till.given(
      'adjustBalance',
      {
        customer: { externalId: gus },
        asset: 'USD',
        amount: '-10',
        transactionId: 'spent',
        reason: 'CLAWBACK',
      },
      'adjustment { id }',
    );
    await till.confirm(payment.id, 'all');
    await until('it has failed', async () => (await change(payment.id)).status === 'FAILED');
    expect((await change(payment.id)).failure).toContain('10 is missing');
    expect((await read(id)).plan.code).toBe('pro');
    expect(await till.balance(gus, 'USD')).toBe('50');
  });

  it('that costs nothing beyond the balance, or cannot be made, is refused', async () => {
    const hal = await till.customer('hal');
    await grant(hal, '130');
    const id = await subscribe(hal, { plan: 'pro' });
    expect(await pay(id, { change: { plan: 'max' } })).toMatchObject({
      code: 'CONFLICT',
      path: 'subscription',
    });
    expect(await pay(id, { change: { plan: 'nothing' } })).toMatchObject({
      code: 'NOT_FOUND',
      what: 'Plan',
    });
    expect(await pay(id, { change: { seats: 3 } })).toMatchObject({
      issues: [{ path: 'change.seats' }],
    });
    expect(await pay('sub_01h455vb4pex5vsknk084sn02q')).toMatchObject({ code: 'NOT_FOUND' });
    expect((await read(id)).plan.code).toBe('pro');
  });

  it('takes a key that may change subscriptions', async () => {
    const { secret } = await till.given(
      'createApiKey',
      { name: 'cashier', scopes: ['payment:write', 'payment:read'] },
      'secret',
    );
    const ian = await till.customer('ian');
    await grant(ian, '30');
    const id = await subscribe(ian, { plan: 'pro' });
    const document = `mutation ($input: PayForSubscriptionInput!) { payForSubscription(input: $input) { __typename } }`;
    const input = { subscription: id, change: { plan: 'max' } };
    const { errors } = await till.api.ask(document, { input }, secret);
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      scope: 'subscription:write',
    });
  });

  it('is paid in another asset by the rate for top-ups, as little as does', async () => {
    await till.given(
      'createExchangeRate',
      { from: 'USD', to: 'CREDIT', topUpRate: '7' },
      'exchangeRate { id }',
    );
    await publish('points', {
      interval: 'MONTH',
      asset: 'CREDIT',
      fees: [{ code: 'base', amount: '50' }],
    });
    const joy = await till.customer('joy');
    const id = await subscribe(joy, { plan: 'points', prefundAmount: '50' });
    const { payment } = await pay(id, { currency: 'USD' });
    expect(payment).toMatchObject({ amount: '7.15', credit: '50' });
    await till.confirm(payment.id, 'points');
    await stands(id, 'ACTIVE');
  });
});

async function keyOf(payment: string) {
  const id = fromTypeId('payment', payment) ?? '';
  const rows = await withClient(till.api.databaseUrl, (client) =>
    client.query('SELECT customer_id FROM payments WHERE id = $1', [id]),
  );
  return { id, customerId: rows.rows[0].customer_id as string };
}
