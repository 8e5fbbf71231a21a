import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exact } from '../../../src/kit/decimal.ts';
import type { ProviderError } from '../../../src/payments/provider.ts';
import { answer, breakOff } from '../../support/faulty-server.ts';
import { checkoutOf, EXPIRES_AT } from '../provider-deps.ts';
import { ONE_USDC, type Shop, shopsOfFile, USDC } from './onchain-fixture.ts';

const openShop = shopsOfFile();

let shop: Shop;
let ref: string;
let address: string;
beforeEach(async () => {
  shop = await openShop();
  ({ ref, address } = await shop.checkout());
});
afterEach(() => shop.close());

const pay = (usdc: bigint) => shop.node.transfer(USDC, address, usdc * ONE_USDC);

async function faultOf(work: Promise<unknown>): Promise<ProviderError> {
  return work.then(
    () => Promise.reject(new Error('It did not fail.')),
    (reason: ProviderError) => reason,
  );
}

describe('a node', () => {
  test('that is away is asked again later, and nothing is lost', async () => {
    pay(10n);
    shop.node.mine(2);
    expect(await shop.fetch(ref)).toMatchObject({ paid: exact('10') });
    shop.node.goDown();
    pay(15n);
    shop.node.mine(2);
    const error = await faultOf(shop.provider.fetchPayment(ref));
    expect(error).toMatchObject({ code: 'UNREACHABLE', isRetryable: true });
    const fresh = shop.provider.createCheckout(checkoutOf({ paymentId: 'payment_2' }));
    expect(await faultOf(fresh)).toMatchObject({ code: 'UNREACHABLE', isRetryable: true });
    shop.node.comeUp();
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
    const made = await shop.checkout('payment_2');
    expect(made.address).toBe('0x70997970C51812dc3A010C7d01b50e0d17dc79C8');
  });

  test('that stumbles is asked again at once', async () => {
    pay(25n);
    shop.node.mine(2);
    shop.node.fail(answer(502), breakOff);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED' });
  });

  test('whose key is refused is not, and its address is not repeated', async () => {
    shop.node.fail(answer(401, '{"error":"key_c0ffee is not known"}'));
    const error = await faultOf(shop.provider.fetchPayment(ref));
    expect(error).toMatchObject({ code: 'UNAUTHORIZED', isRetryable: false });
    expect(`${error.message} ${error.stack}`).not.toContain('key_c0ffee');
  });

  test.each([
    [
      'an error',
      { jsonrpc: '2.0', id: 1, error: { code: -32_000, message: 'key_c0ffee' } },
      'RPC_ERROR',
    ],
    ['nothing', { jsonrpc: '2.0', id: 1, result: null }, 'RPC_ERROR'],
    ['no number', { jsonrpc: '2.0', id: 1, result: 'many' }, 'BAD_ANSWER'],
    ['a list', [], 'RPC_ERROR'],
  ])('that answers %s is asked again later', async (_name, body, code) => {
    shop.node.fail(answer(200, JSON.stringify(body)));
    const error = await faultOf(shop.provider.fetchPayment(ref));
    expect(error).toMatchObject({ code, isRetryable: true });
    expect(`${error.message} ${error.stack}`).not.toContain('key_c0ffee');
  });

  test('that looks through few blocks at once is asked for as many', async () => {
    shop.node.mine(100);
    pay(25n);
    shop.node.mine(100);
    shop.node.limitRange(10);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
  });

  test('that refuses everything for a while is asked for much again behind it', async () => {
    shop.node.mine(5_000);
    pay(25n);
    shop.node.mine(2);
    shop.node.limitRange(0);
    expect(await faultOf(shop.provider.fetchPayment(ref))).toMatchObject({ code: 'RPC_ERROR' });
    shop.node.limitRange(10_000);
    const asked = shop.node.asked('eth_getLogs');
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
    expect(shop.node.asked('eth_getLogs') - asked).toBeLessThan(20);
  });

  test('that is behind hides a payment for a while, and not for ever', async () => {
    const before = shop.node.head();
    pay(25n);
    shop.node.mine(20);
    shop.node.hideLogsAfter(before);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'PENDING', paid: 0n });
    shop.node.hideLogsAfter(null);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
  });

  test('that is behind takes nothing away that was there', async () => {
    pay(25n);
    shop.node.mine(2);
    const settled = await shop.fetch(ref);
    shop.node.hideLogsAfter(0);
    shop.node.mine(1);
    expect(await shop.fetch(ref)).toEqual(settled);
  });
});

describe('what is looked through', () => {
  test('is not looked through again, but for the newest blocks', async () => {
    pay(10n);
    shop.node.mine(25_000);
    await shop.fetch(ref);
    const asked = shop.node.asked('eth_getLogs');
    expect(asked).toBe(3);
    pay(15n);
    shop.node.mine(2);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
    expect(shop.node.asked('eth_getLogs') - asked).toBe(1);
  });

  /** Of three requests the first is answered and stored, and the second is not answered. */
  test('goes on where it was broken off', async () => {
    pay(25n);
    shop.node.mine(25_000);
    const { records } = shop.deps;
    const update: typeof records.update = async (...change) => {
      const stored = await records.update(...change);
      shop.node.goDown();
      return stored;
    };
    const broken = await shop.openAnother({}, { records: { ...records, update } });
    expect(await faultOf(broken.fetchPayment(ref))).toMatchObject({ code: 'UNREACHABLE' });
    shop.node.comeUp();
    const before = shop.node.asked('eth_getLogs');
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
    expect(shop.node.asked('eth_getLogs') - before).toBe(2);
  });

  test('takes several goes after a long time, and is not over before', async () => {
    shop.node.limitRange(100);
    shop.node.mine(6_000);
    pay(25n);
    shop.node.mine(2);
    shop.deps.clock.set(EXPIRES_AT);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'PENDING', paid: 0n });
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
  });

  test('stays settled while it is looked through what has come on top of it', async () => {
    pay(10n);
    shop.node.mine(2);
    shop.deps.clock.set(EXPIRES_AT);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('10') });
    shop.node.limitRange(100);
    shop.node.mine(6_000);
    pay(15n);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('10') });
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('10') });
    shop.node.mine(2);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
  });

  test('counts once by however many at once', async () => {
    pay(10n);
    shop.node.mine(25_000);
    pay(20n);
    shop.node.mine(2);
    const others = await Promise.all([shop.openAnother(), shop.openAnother()]);
    const all = [shop.provider, ...others].map((provider) => provider.fetchPayment(ref));
    const paid = (await Promise.all(all)).map((payment) => payment?.paid);
    expect(paid).toEqual([exact('30'), exact('30'), exact('30')]);
    shop.node.mine(2_000);
    expect(await shop.fetch(ref)).toMatchObject({ paid: exact('30') });
  });
});
