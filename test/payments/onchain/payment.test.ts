import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exact } from '../../../src/kit/decimal.ts';
import { EXPIRES_AT } from '../provider-deps.ts';
import { DAI, ONE_USDC, type Shop, shopsOfFile, USDC } from './onchain-fixture.ts';

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
const expire = () => shop.deps.clock.set(EXPIRES_AT);

test('a payment counts with its third confirmation', async () => {
  expect(await shop.fetch(ref)).toEqual({
    ref,
    paymentId: ref,
    status: 'PENDING',
    currency: 'USDC',
    paid: 0n,
    tax: 0n,
    refunds: [],
    disputes: [],
    method: null,
    failure: null,
    actionUrl: null,
  });
  pay(25n);
  expect(await shop.fetch(ref)).toMatchObject({ status: 'AUTHORIZED', paid: 0n });
  shop.node.mine(1);
  expect(await shop.fetch(ref)).toMatchObject({ status: 'AUTHORIZED', paid: 0n });
  shop.node.mine(1);
  const settled = await shop.fetch(ref);
  expect(settled).toMatchObject({ status: 'SETTLED', paid: exact('25') });
  expect(settled.method).toEqual({
    token: null,
    brand: 'USDC',
    last4: 'b906',
    expMonth: null,
    expYear: null,
    fingerprint: '0x90f79bf6eb2c4f870365e785982e1f101e93b906',
  });
  expect(await shop.fetch(ref)).toEqual(settled);
});

test('with one confirmation its own block is enough', async () => {
  const hasty = await shop.openAnother({ confirmations: '1' });
  pay(25n);
  expect(await hasty.fetchPayment(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
});

test('without a number it takes twelve', async () => {
  const patient = await shop.openAnother({ confirmations: '' });
  pay(25n);
  shop.node.mine(10);
  expect(await patient.fetchPayment(ref)).toMatchObject({ status: 'AUTHORIZED' });
  shop.node.mine(1);
  expect(await patient.fetchPayment(ref)).toMatchObject({ status: 'SETTLED' });
});

describe('what the chain takes back', () => {
  test('before it is final has never been', async () => {
    pay(25n);
    shop.node.mine(1);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'AUTHORIZED', paid: 0n });
    shop.node.reorganise(2);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'PENDING', paid: 0n, method: null });
    shop.node.mine(10);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'PENDING', paid: 0n });
  });

  test('and puts into another block counts once', async () => {
    const tx = pay(25n);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'AUTHORIZED' });
    shop.node.reorganise(1);
    shop.node.include(tx);
    shop.node.mine(2);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
  });

  test('counts once also when it was final, and comes again in another block', async () => {
    const tx = pay(25n);
    shop.node.mine(2);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
    shop.node.reorganise(3);
    shop.node.include(tx);
    shop.node.mine(5);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
  });
});

describe('less than was asked for', () => {
  test('is told, and stays open until it expires', async () => {
    pay(10n);
    shop.node.mine(2);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'PENDING', paid: exact('10') });
    expire();
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('10') });
  });

  test('is all of it with the rest', async () => {
    pay(10n);
    shop.node.mine(2);
    pay(15n);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'AUTHORIZED', paid: exact('10') });
    shop.node.mine(2);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
  });

  test('by one unit is less', async () => {
    shop.node.transfer(USDC, address, 25n * ONE_USDC - 1n);
    shop.node.mine(2);
    const paid = exact('24.999999');
    expect(await shop.fetch(ref)).toMatchObject({ status: 'PENDING', paid });
  });
});

test('more than was asked for counts, and so does what comes on top of it', async () => {
  pay(30n);
  shop.node.mine(2);
  expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('30') });
  pay(25n);
  expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('30') });
  shop.node.mine(2);
  expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('55') });
});

describe('time', () => {
  test('ends what nobody has paid', async () => {
    expect(await shop.fetch(ref)).toMatchObject({ status: 'PENDING' });
    expire();
    expect(await shop.fetch(ref)).toMatchObject({ status: 'EXPIRED', paid: 0n });
  });

  test('does not end what is on its way', async () => {
    pay(25n);
    expire();
    expect(await shop.fetch(ref)).toMatchObject({ status: 'AUTHORIZED', paid: 0n });
    shop.node.mine(2);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
  });

  test('makes no money worthless: what comes late counts', async () => {
    expire();
    expect(await shop.fetch(ref)).toMatchObject({ status: 'EXPIRED' });
    shop.node.mine(3_000);
    pay(25n);
    shop.node.mine(2);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
  });
});

describe('a payment that is canceled', () => {
  test('is canceled while nothing has come', async () => {
    await shop.provider.cancelPayment(ref);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'CANCELED', paid: 0n });
    expire();
    expect(await shop.fetch(ref)).toMatchObject({ status: 'CANCELED', paid: 0n });
  });

  test('is what has come, when something has', async () => {
    pay(10n);
    await shop.provider.cancelPayment(ref);
    await shop.provider.cancelPayment(ref);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'AUTHORIZED' });
    shop.node.mine(2);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('10') });
  });

  test('may be one that there is not', async () => {
    await shop.provider.cancelPayment('payment_of_nobody');
    expect(await shop.provider.fetchPayment('payment_of_nobody')).toBeNull();
  });
});

describe('only what was asked for counts', () => {
  test('and no other token', async () => {
    shop.node.transfer(DAI, address, 25n * 10n ** 18n);
    shop.node.transfer(null, address, 25n * 10n ** 18n);
    shop.node.mine(5);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'PENDING', paid: 0n });
  });

  test('and nothing to another address', async () => {
    const other = await shop.checkout('payment_of_another');
    pay(25n);
    shop.node.mine(5);
    expect(await shop.fetch(other.ref)).toMatchObject({ status: 'PENDING', paid: 0n });
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED' });
  });

  test('whatever else a node answers', async () => {
    const other = await shop.checkout('payment_of_another');
    shop.node.ignoreFilters();
    shop.node.transfer(DAI, address, 25n * 10n ** 18n);
    pay(25n);
    shop.node.mine(5);
    expect(await shop.fetch(other.ref)).toMatchObject({ status: 'PENDING', paid: 0n });
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
  });

  test('and no transfer of nothing, which anybody can send', async () => {
    shop.node.transfer(USDC, address, 0n);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'PENDING', paid: 0n });
    shop.node.mine(2);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'PENDING', paid: 0n, method: null });
  });

  test('and the token of the day it was asked for', async () => {
    const moved = await shop.openAnother({ token: DAI, tokenDecimals: '18', asset: 'DAI' });
    pay(25n);
    shop.node.mine(2);
    expect(await moved.fetchPayment(ref)).toMatchObject({
      status: 'SETTLED',
      currency: 'USDC',
      paid: exact('25'),
    });
  });
});
