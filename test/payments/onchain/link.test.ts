import { encode } from 'uqr';
import { afterEach, expect, test } from 'vitest';
import { exact } from '../../../src/kit/decimal.ts';
import { amountOf, unitsOf } from '../../../src/payments/providers/onchain/units.ts';
import { checkoutOf } from '../provider-deps.ts';
import { type Shop, shopsOfFile, USDC } from './onchain-fixture.ts';

const openShop = shopsOfFile();

let shop: Shop;
afterEach(() => shop?.close());

/** As a wallet reads it: EIP-681. */
function parseLink(uri: string) {
  const parsed = /^ethereum:(0x[0-9a-fA-F]{40})@(\d+)(?:\/(\w+))?\?(.+)$/.exec(uri);
  if (!parsed) throw new Error(`${uri} is no link of EIP-681.`);
  const [, target, chainId, call, query] = parsed;
  return { target, chainId, call, query: Object.fromEntries(new URLSearchParams(query)) };
}

async function instructions(changes: Record<string, string>, amount: string) {
  shop = await openShop(changes);
  const currency = { code: changes.asset ?? 'USDC', minorUnits: 2 };
  const made = await shop.provider.createCheckout(checkoutOf({ currency, amount: exact(amount) }));
  return made.instructions ?? {};
}

test('the link of a token asks it to transfer its units', async () => {
  const { uri = '', address } = await instructions({}, '1234.56');
  expect(parseLink(uri)).toEqual({
    target: USDC.toLowerCase(),
    chainId: '8453',
    call: 'transfer',
    query: { address, uint256: '1234560000' },
  });
});

test("the link of the chain's own coin asks for wei", async () => {
  const changes = { asset: 'ETH', token: '', tokenDecimals: '' };
  const { uri = '', address, token } = await instructions(changes, '0.015');
  expect(parseLink(uri)).toEqual({
    target: address,
    chainId: '8453',
    call: undefined,
    query: { value: '15000000000000000' },
  });
  expect(token).toBeUndefined();
});

/** The modules of a picture, row by row, each ten units wide. */
function modulesOf(svg: string): boolean[][] {
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]) / 10;
  const rows = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  for (const [, x, y] of svg.matchAll(/M(\d+),(\d+)h10v10h-10z/g)) {
    const row = rows[Number(y) / 10];
    if (row) row[Number(x) / 10] = true;
  }
  return rows;
}

test('the picture is one of the link', async () => {
  const { uri = '', qrSvg = '' } = await instructions({}, '25');
  expect(qrSvg).toMatch(/^<svg [^>]*>.*<\/svg>$/s);
  expect(qrSvg).not.toContain('<script');
  const modules = modulesOf(qrSvg);
  expect(modules.flat().filter(Boolean).length).toBeGreaterThan(100);
  expect(modules).toEqual(encode(uri).data);
  expect(modules).not.toEqual(encode(`${uri}0`).data);
});

test.each([
  ['1', 6, 1_000_000n],
  ['0.000001', 6, 1n],
  ['0.0000001', 6, null],
  ['7', 0, 7n],
  ['7.5', 0, null],
  ['0.000000000001', 12, 1n],
  ['0.000000000001', 18, 1_000_000n],
  ['12345678901234.5', 18, 12_345_678_901_234_500000000000000000n],
])('%s with %d decimals is so many units', (amount, decimals, units) => {
  expect(unitsOf(exact(amount), decimals)).toBe(units);
  if (units !== null) expect(amountOf(units, decimals)).toBe(exact(amount));
});

test('what is below twelve places is cut off', () => {
  expect(amountOf(999_999n, 18)).toBe(0n);
  expect(amountOf(1_999_999n, 18)).toBe(1n);
});
