import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Db } from '../../../src/infra/db.ts';
import { createDb } from '../../../src/infra/db.ts';
import { HOUR_MS } from '../../../src/kit/clock.ts';
import { exact } from '../../../src/kit/decimal.ts';
import { fromTypeId } from '../../../src/kit/ids.ts';
import type { Attempt } from '../../../src/payments/limits/attempt.ts';
import { checkVelocity } from '../../../src/payments/limits/check-velocity.ts';
import { NO_LIMITS, readLimits } from '../../../src/payments/limits/limits.ts';
import { hashOf } from '../../../src/payments/remember-method.ts';
import { until } from '../../support/until.ts';
import { openTill, type Till } from '../till.ts';

let till: Till;
let db: Db;

beforeAll(async () => {
  till = await openTill({ worker: true, limited: true });
  db = createDb({ url: till.api.databaseUrl, poolSize: 4, onIdleError: () => undefined });
});
afterAll(async () => {
  await db?.close();
  await till?.stop();
});

const DOLLARS = { asset: 'USD', amount: '10' };

/** Pays on the page of the sandbox, as its form does. */
async function pay(url: string, method: string, more: Record<string, string> = {}): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ method, action: 'pay', ...more }),
    redirect: 'manual',
    headers: { origin: new URL(url).origin },
  });
  expect(response.status).toBe(303);
}

/** How many rows of a payment say so. */
async function counted(payment: string, outcome: 'FAILED' | 'SETTLED'): Promise<number> {
  const where = { paymentId: fromTypeId('payment', payment) ?? '', outcome };
  return db.prisma.paymentAttempt.count({ where });
}

/** Has a page declined, and waits until that is counted as one more. */
async function decline(payment: { id: string; checkout: { url: string } }, method = 'declined') {
  const before = await counted(payment.id, 'FAILED');
  await pay(payment.checkout.url, method);
  await until('it is counted', async () => (await counted(payment.id, 'FAILED')) === before + 1);
}

describe('Failures', () => {
  it('of a customer are three an hour, also on one page with one card', async () => {
    const ada = await till.customer('ada');
    const payment = await till.asked(ada, DOLLARS);
    await decline(payment);
    await decline(payment);
    await till.asked(ada, DOLLARS);
    await decline(payment, 'insufficient_funds');
    expect(await till.topUp(ada, DOLLARS)).toMatchObject({
      limit: 'CUSTOMER_FAILURES',
      retryAfterSeconds: 3600,
    });
    till.clock.advance(HOUR_MS);
    await till.asked(ada, DOLLARS);
  });

  it('from an address are three an hour, whoever the customers are', async () => {
    const ipAddress = '203.0.113.7';
    for (const name of ['b1', 'b2', 'b3']) {
      const customer = await till.customer(name);
      await decline(await till.asked(customer, { ...DOLLARS, ipAddress }));
    }
    const b4 = await till.customer('b4');
    expect(await till.topUp(b4, { ...DOLLARS, ipAddress })).toMatchObject({ limit: 'IP_FAILURES' });
    expect(await till.topUp(b4, DOLLARS)).toMatchObject({ __typename: 'CreateTopUpPayload' });
    till.clock.advance(HOUR_MS);
  });

  it('are none where a bank asks whether it is the customer', async () => {
    const cy = await till.customer('cy');
    const payment = await till.asked(cy, DOLLARS);
    await pay(payment.checkout.url, 'needs_confirmation');
    await until('it asks', async () => (await till.payment(payment.id)).actionUrl !== null);
    expect(await counted(payment.id, 'FAILED')).toBe(0);
  });

  it('are counted once, however often they are seen', async () => {
    const dee = await till.customer('dee');
    const payment = await till.asked(dee, DOLLARS);
    await decline(payment);
    const { paymentEvents } = await till.run(
      '{ paymentEvents(first: 5) { edges { node { id } } } }',
    );
    for (const { node } of paymentEvents.edges) {
      await till.given('replayPaymentEvent', { event: node.id }, 'event { id }');
    }
    await pay(payment.checkout.url, 'pays');
    await until('it is paid', async () => (await counted(payment.id, 'SETTLED')) === 1);
    expect(await counted(payment.id, 'FAILED')).toBe(1);
  });
});

describe('A card', () => {
  /** A charge by a rule of a customer who has nothing to do with what was before. */
  async function chargeOf(fingerprint: string): Promise<Attempt> {
    const { id: organizationId } = await db.prisma.organization.findFirstOrThrow();
    const { id: assetId } = await db.prisma.asset.findFirstOrThrow({ where: { code: 'USD' } });
    const paymentId = crypto.randomUUID();
    const of = { paymentId, customerId: crypto.randomUUID(), organizationId, assetId };
    const fingerprintHash = hashOf(organizationId, fingerprint);
    return { ...of, amount: exact('10'), byRule: true, ipHash: null, fingerprintHash };
  }

  const check = async (fingerprint: string, limits = readLimits({})) => {
    const attempt = await chargeOf(fingerprint);
    const { limit } = await db.transaction(async (tx) => ({
      limit: await checkVelocity(tx, limits, attempt, till.clock.now()),
    }));
    return limit?.limit ?? null;
  };

  it('that has failed three times in an hour is charged for nobody', async () => {
    till.clock.advance(HOUR_MS);
    expect(await check('sbf_insufficient_funds')).toBeNull();
    for (const name of ['e1', 'e2', 'e3']) {
      const customer = await till.customer(name);
      await decline(await till.asked(customer, DOLLARS), 'insufficient_funds');
    }
    expect(await check('sbf_insufficient_funds')).toBe('CARD_FAILURES');
    expect(await check('sbf_pays')).toBeNull();
    expect(await check('sbf_insufficient_funds', NO_LIMITS)).toBeNull();
    till.clock.advance(HOUR_MS);
    expect(await check('sbf_insufficient_funds')).toBeNull();
  });

  it('that people have paid five times with in an hour is charged for nobody', async () => {
    for (const name of ['f1', 'f2', 'f3', 'f4', 'f5']) {
      expect(await check('sbf_pays')).toBeNull();
      const payment = await till.asked(await till.customer(name), DOLLARS);
      await pay(payment.checkout.url, 'pays');
      await until('it is paid', async () => (await counted(payment.id, 'SETTLED')) === 1);
    }
    expect(await check('sbf_pays')).toBe('CARD_ATTEMPTS');
  });
});
