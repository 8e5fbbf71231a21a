import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { openTill, type Till } from './till.ts';

let till: Till;

beforeAll(async () => {
  till = await openTill({ worker: true });
});
afterAll(async () => {
  await till?.stop();
});

/** Pays on the page of the sandbox, as its form does. */
async function pay(url: string, method: string): Promise<number> {
  const form = new URLSearchParams({ method, action: 'pay' });
  const response = await fetch(url, {
    method: 'POST',
    body: form,
    redirect: 'manual',
    headers: { origin: new URL(url).origin },
  });
  return response.status;
}

describe('A top-up by the sandbox, which is the default without keys', () => {
  it('is credited by its webhook, and told', async () => {
    const ada = await till.customer('ada');
    const payment = await till.asked(ada, { asset: 'USD', amount: '25' });
    expect(payment.checkout.url).toContain(`${till.api.url}/sandbox/checkout/`);
    expect(await pay(payment.checkout.url, 'pays')).toBeLessThan(400);
    await until('it is so', async () => (await till.payment(payment.id)).status === 'SETTLED');
    expect(await till.balance(ada, 'USD')).toBe('25');
    expect(await till.ledger(ada, 'USD')).toEqual(['TOP_UP 25 CASH>WALLET']);
    expect(await till.brokenLaw()).toBeNull();
  });

  it('that is declined stays open with its reason, and can be paid then', async () => {
    const bob = await till.customer('bob');
    const payment = await till.asked(bob, { asset: 'USD', amount: '5' });
    await pay(payment.checkout.url, 'declined');
    await until('it is so', async () => (await till.payment(payment.id)).failure !== null);
    expect(await till.payment(payment.id)).toMatchObject({
      status: 'PENDING',
      failure: { code: 'CARD_DECLINED' },
    });
    expect(await till.balance(bob, 'USD')).toBeNull();
    await pay(payment.checkout.url, 'pays');
    await until('it is so', async () => (await till.balance(bob, 'USD')) === '5');
    expect(await till.payment(payment.id)).toMatchObject({ status: 'SETTLED', failure: null });
  });

  it('is in no LIVE organization', async () => {
    const key = await till.liveKey();
    const made = `mutation { createAsset(input: { code: "USD", scale: 2 }) { __typename }
      createCustomer(input: { externalId: "live" }) { __typename } }`;
    await till.run(made, {}, key);
    const input = { customer: { externalId: 'live' }, asset: 'USD', amount: '5' };
    expect(await till.mutate('createTopUp', input, 'payment { id }', key)).toMatchObject({
      code: 'CONFLICT',
      path: 'provider',
    });
    const sandbox = { code: 'play', config: { sandbox: {} } };
    expect(await till.mutate('savePaymentProvider', sandbox, 'provider { id }', key)).toMatchObject(
      {
        code: 'CONFLICT',
        path: 'kind',
      },
    );
  });
});

describe('A payment provider', () => {
  it('is told what it has to know, and says what is wrong with it', async () => {
    const issuesOf = async (config: object) => {
      const input = { code: 'other', config };
      const { issues } = await till.mutate('savePaymentProvider', input, 'provider { id }');
      return issues.map(({ path, code }: Record<string, string>) => `${path} ${code}`);
    };
    expect(await issuesOf({ stripe: { secretKey: 'nonsense' } })).toEqual([
      'config.secretKey BAD_FORMAT',
    ]);
    expect(await issuesOf({ stripe: { secretKey: 'sk_test_1' } })).toEqual([
      'config.webhookSecret REQUIRED',
    ]);
    const onchain = {
      rpcUrl: 'http://127.0.0.1:1',
      chainId: '1',
      xpub: 'xpub-nonsense',
      asset: 'USDC',
    };
    expect(await issuesOf({ onchain })).not.toEqual([]);
  });

  it('keeps its secrets where they are left out, and is of one kind', async () => {
    const stripe = { secretKey: 'sk_test_1', webhookSecret: 'whsec_1' };
    await till.provider('cards', { stripe }, { isDefault: false });
    await till.provider('cards', { stripe: { secretKey: 'sk_test_2' } }, { isDefault: false });
    const manual = { code: 'cards', config: { manual: {} } };
    expect(await till.mutate('savePaymentProvider', manual, 'provider { id }')).toMatchObject({
      code: 'CONFLICT',
      path: 'kind',
    });
    await till.provider('play', { sandbox: { delayMs: '5' } }, { isDefault: false });
    await till.provider('play', { sandbox: {} }, { isDefault: false });
  });
});
