import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exact } from '../../../src/kit/decimal.ts';
import { EXPIRES_AT } from '../provider-deps.ts';
import { DAI, type Shop, shopsOfFile } from './onchain-fixture.ts';

const openShop = shopsOfFile();

let shop: Shop;
afterEach(() => shop.close());

describe("the chain's own coin", () => {
  const COIN = 10n ** 18n;
  let ref: string;
  let address: string;
  beforeEach(async () => {
    shop = await openShop({ asset: 'ETH', token: '', tokenDecimals: '' });
    ({ ref, address } = await shop.checkout());
  });

  const pay = (wei: bigint) => shop.node.transfer(null, address, wei);

  test('counts with its third confirmation', async () => {
    pay(25n * COIN);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'AUTHORIZED', paid: 0n });
    shop.node.mine(1);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'AUTHORIZED', paid: 0n });
    shop.node.mine(1);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
  });

  test('that the chain takes back has never been', async () => {
    pay(25n * COIN);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'AUTHORIZED' });
    shop.node.reorganise(1);
    shop.node.mine(5);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'PENDING', paid: 0n });
  });

  test('in part is settled when it expires, and more of it counts later', async () => {
    pay(10n * COIN);
    shop.node.mine(2);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'PENDING', paid: exact('10') });
    shop.deps.clock.set(EXPIRES_AT);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('10') });
    pay(20n * COIN);
    shop.node.mine(2);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('30') });
  });

  test('that is moved away stays paid', async () => {
    pay(25n * COIN);
    shop.node.mine(2);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
    shop.node.sweep(address, 25n * COIN);
    shop.node.mine(2);
    expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
  });

  test("that was there before is nobody's payment", async () => {
    const next = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
    shop.node.transfer(null, next, 40n * COIN);
    const later = await shop.checkout('payment_later');
    expect(later.address).toBe(next);
    shop.node.mine(5);
    expect(await shop.fetch(later.ref)).toMatchObject({ status: 'PENDING', paid: 0n });
    shop.node.transfer(null, next, 25n * COIN);
    shop.node.mine(2);
    expect(await shop.fetch(later.ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
  });

  test('is kept to twelve places, and the dust of several payments adds up', async () => {
    pay(COIN + 600_000n);
    shop.node.mine(2);
    expect(await shop.fetch(ref)).toMatchObject({ paid: exact('1') });
    pay(600_000n);
    shop.node.mine(2);
    expect(await shop.fetch(ref)).toMatchObject({ paid: exact('1.000000000001') });
  });
});

test('a token with 18 decimals is as exact', async () => {
  shop = await openShop({ asset: 'DAI', token: DAI, tokenDecimals: '18' });
  const { ref, address } = await shop.checkout();
  shop.node.transfer(DAI, address, 25n * 10n ** 18n - 1n);
  shop.node.mine(2);
  const paid = exact('24.999999999999');
  expect(await shop.fetch(ref)).toMatchObject({ status: 'PENDING', paid });
  shop.node.transfer(DAI, address, 1n);
  shop.node.mine(2);
  expect(await shop.fetch(ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
});
