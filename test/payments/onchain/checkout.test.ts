import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exact } from '../../../src/kit/decimal.ts';
import { startJsonRpcStandIn } from '../../support/json-rpc-stand-in.ts';
import { checkoutOf, createDeps, NOW } from '../provider-deps.ts';
import { addressIn, type Shop, shopsOfFile, USDC, XPUB } from './onchain-fixture.ts';

const openShop = shopsOfFile();

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

test('a checkout is no page, but all that a wallet has to know', async () => {
  const made = await shop.provider.createCheckout(checkoutOf());
  expect(made).toMatchObject({ ref: 'payment_01h455vb4pex5vsknk084sn02q', url: null });
  expect(made.instructions).toEqual({
    address: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
    amount: '25',
    asset: 'USDC',
    chainId: '8453',
    token: USDC.toLowerCase(),
    uri: expect.any(String),
    qrSvg: expect.any(String),
    expiresAt: '2026-03-01T13:00:00.000Z',
  });
});

describe('the same payment has the same address', () => {
  test('however often it is asked for, by whichever process', async () => {
    const first = await shop.provider.createCheckout(checkoutOf());
    const other = await shop.openAnother();
    expect(await shop.provider.createCheckout(checkoutOf())).toEqual(first);
    shop.node.goDown();
    expect(await other.createCheckout(checkoutOf())).toEqual(first);
    expect(await shop.deps.records.nextIndex()).toBe(1);
  });

  test('when it is asked for by two at once', async () => {
    const other = await shop.openAnother();
    const [one, two] = await Promise.all([
      shop.provider.createCheckout(checkoutOf()),
      other.createCheckout(checkoutOf()),
    ]);
    expect(one).toEqual(two);
    expect(addressIn(one)).not.toBe('');
  });

  test('when the key is another by now, and what is taken too', async () => {
    const first = await shop.provider.createCheckout(checkoutOf());
    const other = await shop.openAnother({ token: '', tokenDecimals: '' });
    expect(await other.createCheckout(checkoutOf())).toEqual(first);
  });

  test('when the process was gone before it was stored: the number it had is left out', async () => {
    await shop.deps.records.nextIndex();
    const { address } = await shop.checkout();
    expect(address).toBe('0x70997970C51812dc3A010C7d01b50e0d17dc79C8');
    expect((await shop.checkout()).address).toBe(address);
  });
});

test('another payment has another address', async () => {
  const addresses = [];
  for (const id of ['payment_1', 'payment_2', 'payment_3']) {
    addresses.push((await shop.checkout(id)).address);
  }
  expect(new Set(addresses).size).toBe(3);
});

describe('what cannot be paid is refused', () => {
  test('in another asset', async () => {
    const currency = { code: 'USD', minorUnits: 2 };
    await expect(shop.provider.createCheckout(checkoutOf({ currency }))).rejects.toMatchObject({
      code: 'NOT_SUPPORTED',
      isRetryable: false,
    });
  });

  test('with more decimal places than the token has, and no address is used up', async () => {
    const amount = exact('0.0000001');
    const failed = shop.provider.createCheckout(checkoutOf({ amount }));
    await expect(failed).rejects.toMatchObject({ code: 'NOT_SUPPORTED', isRetryable: false });
    expect(await shop.deps.records.nextIndex()).toBe(0);
  });

  test('without whoever holds the wallet, or back to him', async () => {
    const { paymentId, amount, currency, description, payer } = checkoutOf();
    const charge = { paymentId, amount, currency, description, payer, methodToken: 'x' };
    const refund = { refundId: 'refund_1', ref: paymentId, amount, currency };
    const notSupported = { code: 'NOT_SUPPORTED', isRetryable: false };
    await expect(shop.provider.chargeMethod(charge)).rejects.toMatchObject(notSupported);
    await expect(shop.provider.refund(refund)).rejects.toMatchObject(notSupported);
  });

  test('by a webhook: there are none', () => {
    const raw = {
      headers: { 'x-signature': 't=1,v1=ab' },
      body: Buffer.from('{}'),
      receivedAt: NOW,
    };
    expect(shop.provider.readWebhook(raw)).toBe('NO_SIGNATURE');
  });
});

describe('what does not fit together is not opened, or not gone by', () => {
  const open = (changes: Record<string, string>) => shop.openAnother(changes);

  test.each([
    ['a chain that the node is not of', { chainId: '1' }, 'WRONG_CHAIN'],
    ['a token that is not there', { token: `0x${'12'.repeat(20)}` }, 'WRONG_TOKEN'],
    ['decimals that the token has not', { tokenDecimals: '18' }, 'WRONG_DECIMALS'],
  ])('%s', async (_name, changes, code) => {
    const wrong = await open(changes);
    const failed = wrong.createCheckout(checkoutOf());
    await expect(failed).rejects.toMatchObject({ code, isRetryable: false });
    expect(await shop.deps.records.nextIndex()).toBe(0);
  });

  test('a payment on a chain that is configured no longer', async () => {
    const { ref } = await shop.checkout();
    const token = { address: USDC, decimals: 6 };
    const other = await startJsonRpcStandIn({ chainId: 1, tokens: [token], blocks: 1_000 });
    const moved = await open({ rpcUrl: other.url, chainId: '1' });
    const failed = moved.fetchPayment(ref);
    await expect(failed).rejects.toMatchObject({ code: 'WRONG_CHAIN', isRetryable: false });
    expect(other.requests).toHaveLength(0);
    await other.close();
  });

  test('a token without decimals', async () => {
    const failed = open({ tokenDecimals: '' });
    await expect(failed).rejects.toMatchObject({ code: 'BAD_CONFIG', isRetryable: false });
  });

  test('a key that was mistyped', async () => {
    const xpub = XPUB.replace(/P$/, 'Q');
    await expect(open({ xpub })).rejects.toMatchObject({ code: 'BAD_CONFIG', isRetryable: false });
  });

  test('a node without TLS, where that is not allowed', async () => {
    const { onchainModule } = await import(
      '../../../src/payments/providers/onchain/onchain-module.ts'
    );
    const config = { rpcUrl: 'http://node.example.com', chainId: '1', xpub: XPUB, asset: 'ETH' };
    const failed = onchainModule.open(config, createDeps({ allowPrivate: false }));
    await expect(failed).rejects.toMatchObject({ code: 'BAD_CONFIG' });
  });

  test('the chain is asked for its number once', async () => {
    await shop.checkout('payment_1');
    const { ref } = await shop.checkout('payment_2');
    await shop.fetch(ref);
    expect(shop.node.asked('eth_chainId')).toBe(1);
  });
});
