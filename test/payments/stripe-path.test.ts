import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exact } from '../../src/kit/decimal.ts';
import type { RawWebhook } from '../../src/payments/provider.ts';
import { openClient } from '../../src/payments/providers/stripe/client.ts';
import { createStripeProvider } from '../../src/payments/providers/stripe/stripe-provider.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { withClient } from '../support/stored-organization.ts';
import { checkoutOf, STRIPE_DEPS } from '../support/stripe-provider.ts';
import { type StripeStandIn, startStripeStandIn } from '../support/stripe-stand-in.ts';
import { until } from '../support/until.ts';
import { openTill, type Till } from './till.ts';

// Stripe through every layer: our API, its SDK, its webhooks, and two processes.

let stripe: StripeStandIn;
let till: Till;
let second: TestApi;
let webhookPath: string;

beforeAll(async () => {
  stripe = await startStripeStandIn();
  till = await openTill({ worker: true });
  await till.provider('stripe', { stripe: stripe.config });
  const { paymentProviders } = await till.run(
    '{ paymentProviders { edges { node { webhookPath } } } }',
  );
  webhookPath = paymentProviders.edges[0].node.webhookPath;
  second = await startApi({
    clock: till.clock,
    databaseUrl: till.api.databaseUrl,
    environment: till.environment,
  });
});
afterAll(async () => {
  await second?.stop();
  await till?.stop();
  await stripe?.close();
});

async function post(
  raw: Pick<RawWebhook, 'headers' | 'body'>,
  url = till.api.url,
  path = webhookPath,
) {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: raw.headers as Record<string, string>,
    body: new Uint8Array(raw.body),
  });
  const answer = (await response.json()) as {
    duplicate?: boolean;
    errors?: { extensions: { code: string } }[];
  };
  return {
    status: response.status,
    duplicate: answer.duplicate,
    code: answer.errors?.[0]?.extensions.code,
  };
}

const signed = (type: string) =>
  stripe.webhook(stripe.lastEvent(type), { signedAt: till.clock.now() });

/** A page that waits for a new customer. */
async function page(externalId: string, input: object = {}) {
  await till.customer(externalId);
  const payment = await till.asked(externalId, { asset: 'USD', amount: '20', ...input });
  return { payment, session: await sessionOf(payment.id) };
}

async function sessionOf(paymentId: string): Promise<string> {
  const { url } = (await till.payment(paymentId)).checkout;
  return /cs_[A-Za-z0-9_]+/.exec(url)?.[0] ?? '';
}

const settled = (id: string) =>
  until('the payment settles', async () => (await till.payment(id)).status === 'SETTLED');

async function events(): Promise<string[]> {
  const { paymentEvents } = await till.run(
    '{ paymentEvents(first: 100) { edges { node { type outcome } } } }',
  );
  return paymentEvents.edges.map(
    ({ node }: { node: Record<string, string> }) => `${node.type} ${node.outcome}`,
  );
}

describe('A payment by Stripe', () => {
  it('is credited without its tax', async () => {
    stripe.setTax(19);
    await till.provider('stripe', { stripe: { ...stripe.config, automaticTax: 'true' } });
    const { payment, session } = await page('ada');
    stripe.pay(session);
    stripe.setTax(0);
    expect(await post(signed('checkout.session.completed'))).toMatchObject({
      status: 200,
      duplicate: false,
    });
    await settled(payment.id);
    expect(await till.payment(payment.id)).toMatchObject({ paid: '20', tax: '3.8', refunded: '0' });
    expect(await till.balance('ada', 'USD')).toBe('20');
    await till.provider('stripe', { stripe: stripe.config });
  });

  it('is credited once for an event that comes 50 times at once to two processes', async () => {
    const { payment, session } = await page('bob');
    stripe.pay(session);
    const raw = signed('checkout.session.completed');
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => post(raw, index % 2 ? till.api.url : second.url)),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    await settled(payment.id);
    expect(await till.ledger('bob', 'USD')).toEqual(['TOP_UP 20 CASH>WALLET']);
  });

  it('reaches whom its signature means, beside a hundred others of its kind who cannot be opened', async () => {
    await withClient(till.api.databaseUrl, (client) =>
      client.query(`INSERT INTO payment_providers
          (id, organization_id, code, kind, settings, secrets, is_default, created_at, updated_at)
        SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, organization_id, 'broken' || n, kind, '{}',
          'broken', false, created_at, updated_at
        FROM payment_providers, generate_series(1, 101) AS n WHERE kind = 'STRIPE'`),
    );
    const { payment, session } = await page('zoe');
    stripe.pay(session);
    const raw = signed('checkout.session.completed');
    expect(await post(raw, till.api.url, '/webhooks/stripe')).toMatchObject({ status: 200 });
    await settled(payment.id);
    await withClient(till.api.databaseUrl, (client) =>
      client.query(`DELETE FROM payment_providers WHERE code LIKE 'broken%'`),
    );
  });

  it('takes no webhook that is not signed, of another time, or changed on its way', async () => {
    const { payment, session } = await page('cy');
    stripe.pay(session);
    const event = stripe.lastEvent('checkout.session.completed');
    const now = till.clock.now();
    const good = stripe.webhook(event, { signedAt: now });
    const old = stripe.webhook(event, { signedAt: new Date(now.getTime() - 301_000) });
    const before = await events();
    const { 'stripe-signature': _none, ...unsigned } = good.headers;
    expect(await post({ ...good, headers: unsigned })).toMatchObject({
      status: 400,
      code: 'NO_SIGNATURE',
    });
    expect(await post(old)).toMatchObject({ status: 400, code: 'TOO_OLD' });
    const changed = Buffer.from(good.body.toString().replace('"livemode"', '"livemodes"'));
    expect(await post({ ...good, body: changed })).toMatchObject({
      status: 400,
      code: 'BAD_SIGNATURE',
    });
    const forged = stripe.webhook(event, { signedAt: now, secret: 'whsec_other' });
    expect(await post(forged)).toMatchObject({ status: 400, code: 'BAD_SIGNATURE' });
    expect(await events()).toEqual(before);
    expect(await till.payment(payment.id)).toMatchObject({ status: 'PENDING', paid: '0' });
  });

  it('is credited by a look where its webhook was lost, and the webhook is nothing new then', async () => {
    const { payment, session } = await page('dee');
    stripe.pay(session);
    till.clock.advance(61_000);
    await settled(payment.id);
    await post(signed('checkout.session.completed'));
    await until(
      'the event is handled',
      async () => (await events())[0] === 'checkout.session.completed NOTHING_NEW',
    );
    expect(await till.ledger('dee', 'USD')).toEqual(['TOP_UP 20 CASH>WALLET']);
  });

  it('is found by its id where the process died before it knew the page', async () => {
    const { payment, session } = await page('eve');
    await withClient(till.api.databaseUrl, (client) =>
      client.query('UPDATE payments SET ref = NULL, checkout_url = NULL WHERE ref = $1', [session]),
    );
    stripe.pay(session);
    await post(signed('checkout.session.completed'));
    await settled(payment.id);
    expect(await till.balance('eve', 'USD')).toBe('20');
  });

  it('waits for a provider that is down, and goes on with what was begun', async () => {
    await till.customer('fay');
    const { sessions } = stripe.counts();
    stripe.fail(3, 'ERROR', /POST .*checkout\/sessions/);
    const input = { asset: 'USD', amount: '20', idempotencyKey: 'fay once' };
    expect(await till.topUp('fay', input)).toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      retryable: true,
    });
    const payment = await till.asked('fay', input);
    expect(stripe.counts().sessions).toBe(sessions + 1);
    stripe.pay(await sessionOf(payment.id));
    stripe.fail(3, 'ERROR', /GET/);
    await post(signed('checkout.session.completed'));
    await settled(payment.id);
    expect(await till.ledger('fay', 'USD')).toEqual(['TOP_UP 20 CASH>WALLET']);
  });

  it('that nobody here has asked for is credited to nobody, and noted', async () => {
    const patience = { timeoutMs: 15_000, maxRetries: 2 };
    const client = await openClient({ ...stripe.config }, STRIPE_DEPS, patience);
    const made = await createStripeProvider(client).createCheckout(
      checkoutOf({ amount: exact('7') }),
    );
    stripe.pay(made.ref);
    await post(signed('checkout.session.completed'));
    await until('it is noted', async () =>
      (await till.mismatches()).includes('UNKNOWN_PAYMENT | nothing | 7 USD'),
    );
  });

  it('can be looked at again, and books nothing a second time', async () => {
    const { paymentEvents } = await till.run(
      '{ paymentEvents(first: 100) { edges { node { id outcome } } } }',
    );
    for (const { node } of paymentEvents.edges) {
      const { replayPaymentEvent } = await till.run(
        'mutation ($id: ID!) { replayPaymentEvent(input: { event: $id }) { __typename } }',
        { id: node.id },
      );
      expect(replayPaymentEvent.__typename).toBe('ReplayPaymentEventPayload');
    }
    await until('all are handled', async () => !(await events()).some((it) => it.endsWith('null')));
    expect((await events()).filter((it) => it.endsWith('APPLIED'))).toEqual([]);
    expect(await till.brokenLaw()).toBeNull();
  });

  it('keeps its secrets where the database does not tell them', async () => {
    const stored = await withClient(till.api.databaseUrl, async (client) => {
      const { rows } =
        await client.query(`SELECT settings::text || coalesce(encode(secrets, 'escape'), '') AS text
        FROM payment_providers`);
      return rows.map(({ text }) => text).join();
    });
    expect(stored).not.toContain(stripe.config.secretKey);
    expect(stored).not.toContain(stripe.config.webhookSecret);
    expect(stored).toContain(stripe.config.apiBase);
  });
});
