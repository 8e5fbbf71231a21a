import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { mnemonicToAccount } from 'viem/accounts';
import { describe, expect, test } from 'vitest';
import { createAddressOf } from '../../../src/payments/providers/onchain/address-of.ts';
import { onchainModule } from '../../../src/payments/providers/onchain/onchain-module.ts';
import { XPUB } from './onchain-fixture.ts';

/** The one that everybody knows, and nobody keeps money with. */
const MNEMONIC = 'test test test test test test test test test test test junk';

describe('the addresses of an extended public key', () => {
  test('are those that everybody knows', async () => {
    const addressOf = await createAddressOf(XPUB);
    expect([0, 1, 2].map(addressOf)).toEqual([
      '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
      '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
      '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
    ]);
  });

  test('are those that the owner of its private key can spend from', async () => {
    const account = mnemonicToAccount(MNEMONIC, { path: "m/44'/60'/0'" });
    expect(account.getHdKey().publicExtendedKey).toBe(XPUB);
    const addressOf = await createAddressOf(XPUB);
    for (const index of [0, 1, 19, 20, 1_000, 2 ** 31 - 1]) {
      const { address } = mnemonicToAccount(MNEMONIC, { addressIndex: index });
      expect(addressOf(index)).toBe(address);
    }
  });
});

describe('the settings', () => {
  const problemOf = (name: string, value: string) =>
    onchainModule.fields.find((field) => field.name === name)?.problemOf(value);
  const privateKey = () =>
    mnemonicToAccount(MNEMONIC, { path: "m/44'/60'/0'" }).getHdKey().privateExtendedKey;

  test('refuse a private key, and do not repeat it', () => {
    expect(problemOf('xpub', privateKey())).toMatch(/private key/);
    expect(problemOf('xpub', privateKey())).not.toContain(privateKey().slice(4, 12));
  });

  test('so does whoever derives addresses', async () => {
    await expect(createAddressOf(privateKey())).rejects.toMatchObject({ code: 'BAD_CONFIG' });
  });

  test.each([
    ['rpcUrl', 'node.example.com'],
    ['rpcUrl', 'wss://node.example.com'],
    ['chainId', '0'],
    ['chainId', '0x1'],
    ['chainId', ''],
    ['xpub', XPUB.slice(0, -1)],
    ['xpub', `${XPUB.slice(0, -1)}0`],
    ['asset', ''],
    ['token', 'USDC'],
    ['token', '0x1234'],
    ['tokenDecimals', '37'],
    ['tokenDecimals', '1.5'],
    ['confirmations', '0'],
    ['confirmations', '101'],
  ])('%s is not taken as %j', (name, value) => {
    expect(problemOf(name, value)).toMatch(/^[A-Z].*\.$/);
  });

  test.each([
    ['rpcUrl', 'https://node.example.com/v2/key'],
    ['chainId', '8453'],
    ['xpub', XPUB],
    ['asset', 'USDC'],
    ['token', ''],
    ['token', '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'],
    ['tokenDecimals', '0'],
    ['tokenDecimals', '36'],
    ['confirmations', '1'],
    ['confirmations', '100'],
  ])('%s is taken as %j', (name, value) => expect(problemOf(name, value)).toBeNull());

  test('keep the address of the node, which may hold a key, secret', () => {
    const secrets = onchainModule.fields.filter(({ isSecret }) => isSecret);
    expect(secrets.map(({ name }) => name)).toEqual(['rpcUrl']);
  });
});

describe('the library for chains', () => {
  const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
  /** Makes every import of the library fail. */
  const HOOKS = `export async function resolve(specifier, context, next) {
    if (/^viem(?:\\/|$)/.test(specifier)) throw new Error('The library is loaded.');
    return next(specifier, context);
  }`;
  const PROGRAM = `import { register } from 'node:module';
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(HOOKS)}));
    const { onchainModule } = await import('./src/payments/providers/onchain/onchain-module.ts');
    console.log('imported', onchainModule.kind);
    const config = { rpcUrl: 'https://node.example.com', chainId: '1', xpub: '${XPUB}', asset: 'ETH' };
    await onchainModule.open(config, {}).catch((error) => console.log(error.message));`;

  test('is loaded by whoever opens a provider, and not before', async () => {
    const args = ['--import', 'tsx', '--input-type=module', '--eval', PROGRAM];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
    expect(stdout.trim().split('\n')).toEqual(['imported ONCHAIN', 'The library is loaded.']);
  });
});
