import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../src/kit/clock.ts';
import { settledLog } from '../../support/settled-log.ts';
import { until } from '../../support/until.ts';
import { openTill, type Till } from '../till.ts';

let till: Till;

beforeAll(async () => {
  till = await openTill({ worker: true });
});
afterAll(async () => {
  await till?.stop();
});

/** Pays on the page of the sandbox; the method is kept when the payment says so and the customer too. */
async function pay(externalId: string, input: object = {}) {
  const payment = await till.asked(externalId, { asset: 'USD', amount: '10', ...input });
  const { url } = payment.checkout;
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ action: 'pay', method: 'pays', save: 'yes' }),
    redirect: 'manual',
    headers: { origin: new URL(url).origin },
  });
  expect(response.status).toBe(303);
  await until('it is paid', async () => (await till.payment(payment.id)).status === 'SETTLED');
  return payment.id as string;
}

async function methods(externalId: string) {
  const { customer } = await till.run(
    `query ($ref: CustomerRef!) { customer(ref: $ref) { paymentMethods(first: 5) { edges { node {
      id brand last4 expMonth expYear detachedAt } } } } }`,
    { ref: { externalId } },
  );
  return customer.paymentMethods.edges.map(({ node }: { node: object }) => node);
}

interface Told {
  readonly type: string;
  readonly customer: { readonly externalId: string } | null;
}

/** What was told of the methods of a customer, oldest first. */
async function told(externalId: string): Promise<Told[]> {
  till.api.services.sequencer.wake();
  await settledLog(till.api.databaseUrl);
  const { events } = await till.run(
    `{ events(last: 100) { edges { node { type customer { externalId }
      ... on PaymentMethodAttachedEvent { last4 method { brand } }
      ... on PaymentMethodDetachedEvent { last4 }
      ... on PaymentMethodExpiringEvent { last4 expiresAt } } } } }`,
  );
  return events.edges
    .map(({ node }: { node: Told }) => node)
    .filter(
      ({ type, customer }: Told) =>
        type.startsWith('PAYMENT_METHOD_') && customer?.externalId === externalId,
    );
}

const detach = (paymentMethod: string) =>
  till.mutate('detachPaymentMethod', { paymentMethod }, 'paymentMethod { id detachedAt }');

describe('A method', () => {
  it('is kept when the customer wanted that, and told once', async () => {
    const ada = await till.customer('ada');
    const payment = await pay(ada, { saveMethod: true });
    await pay(ada, { saveMethod: true });
    expect(await methods(ada)).toMatchObject([
      { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2039, detachedAt: null },
    ]);
    expect(await told(ada)).toMatchObject([
      { type: 'PAYMENT_METHOD_ATTACHED', last4: '4242', method: { brand: 'visa' } },
    ]);
    const paidWith = 'paidWith { brand last4 }';
    expect(await till.payment(payment, paidWith)).toMatchObject({
      paidWith: { brand: 'visa', last4: '4242' },
    });
  });

  it('that was not kept is shown with what was paid with it all the same', async () => {
    const bob = await till.customer('bob');
    const payment = await pay(bob);
    expect(await methods(bob)).toEqual([]);
    expect(await told(bob)).toEqual([]);
    expect(await till.payment(payment, 'paidWith { last4 } method { id }')).toMatchObject({
      paidWith: { last4: '4242' },
      method: null,
    });
  });

  it('is detached once, and is used again when the customer has it kept again', async () => {
    const cy = await till.customer('cy');
    await pay(cy, { saveMethod: true });
    const [{ id }] = await methods(cy);
    const answers = await Promise.all([detach(id), detach(id), detach(id)]);
    const [{ detachedAt }] = await methods(cy);
    expect(detachedAt).not.toBeNull();
    for (const { paymentMethod } of answers) expect(paymentMethod).toEqual({ id, detachedAt });
    await pay(cy, { saveMethod: true });
    expect(await methods(cy)).toMatchObject([{ id, detachedAt: null }]);
    expect((await told(cy)).map(({ type }) => type)).toEqual([
      'PAYMENT_METHOD_ATTACHED',
      'PAYMENT_METHOD_DETACHED',
      'PAYMENT_METHOD_ATTACHED',
    ]);
    expect(await detach('paymethod_01h455vb4pex5vsknk084sn02q')).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('that expires is told once, 30 days before the end of its month, unless it is detached', async () => {
    const [dee, eve] = [await till.customer('dee'), await till.customer('eve')];
    await pay(dee, { saveMethod: true });
    await pay(eve, { saveMethod: true });
    const [{ id }] = await methods(eve);
    await detach(id);
    const { methodExpiry } = till.api.services.payments;
    const end = Date.parse('2040-01-01T00:00:00.000Z');
    till.clock.set(new Date(end - 30 * DAY_MS - 1));
    await methodExpiry.run(null);
    expect((await told(dee)).map(({ type }) => type)).toEqual(['PAYMENT_METHOD_ATTACHED']);
    till.clock.set(new Date(end - 30 * DAY_MS));
    await Promise.all([methodExpiry.run(null), methodExpiry.run(null), methodExpiry.run(null)]);
    expect((await told(dee)).slice(1)).toMatchObject([
      { type: 'PAYMENT_METHOD_EXPIRING', last4: '4242', expiresAt: '2040-01-01T00:00:00.000Z' },
    ]);
    expect((await told(eve)).map(({ type }) => type)).toEqual([
      'PAYMENT_METHOD_ATTACHED',
      'PAYMENT_METHOD_DETACHED',
    ]);
  });
});
