import { afterAll, beforeAll } from 'vitest';
import { insertOrganization } from '../../../src/access/organization-store.ts';
import { createDb, type Db } from '../../../src/infra/db.ts';
import { createManualClock } from '../../../src/kit/clock.ts';
import { newId } from '../../../src/kit/ids.ts';
import type {
  CheckoutMade,
  Provider,
  ProviderPayment,
  ProviderRecords,
} from '../../../src/payments/provider.ts';
import type { ProviderConfig, ProviderDeps } from '../../../src/payments/provider-module.ts';
import { createRecords, insertFirst } from '../../../src/payments/provider-store.ts';
import { createOnchainModule } from '../../../src/payments/providers/onchain/onchain-module.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { type JsonRpcStandIn, startJsonRpcStandIn } from '../../support/json-rpc-stand-in.ts';
import { checkoutOf, createDeps, NOW, type TestDeps } from '../provider-deps.ts';

export const CHAIN_ID = 8453;
export const USDC = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913';
export const DAI = '0x50c5725949A6F0c72E6C4a641F24049A917DB0Cb';

/** The account m/44'/60'/0' of "test test test test test test test test test test test junk". */
export const XPUB =
  'xpub6Ce9NcJvTk36xtLSrJLZqE7wtgA5deCeYs7rSQtreh4cj6ByPtrg9sD7V2FNFLPnf8heNP3FGkeV9qwfzvZNSd54JoNXVsXFYSYwHsnJxqP';

/** One USDC. */
export const ONE_USDC = 1_000_000n;

export interface Shop {
  readonly node: JsonRpcStandIn;
  readonly provider: Provider;
  readonly deps: TestDeps;
  /** A provider of another process: with the same records. */
  openAnother(changes?: ProviderConfig, deps?: Partial<ProviderDeps>): Promise<Provider>;
  /** A payment, and where it goes. */
  checkout(paymentId?: string): Promise<{ readonly ref: string; readonly address: string }>;
  fetch(ref: string): Promise<ProviderPayment>;
  close(): Promise<void>;
}

export type OpenShop = (changes?: ProviderConfig) => Promise<Shop>;

/** Gives a file a database of its own, in which each shop keeps what it has to. */
export function shopsOfFile(): OpenShop {
  let database: TestDatabase;
  let db: Db;
  beforeAll(async () => {
    database = await createTestDatabase();
    db = createDb({ url: database.url, poolSize: 4, onIdleError: () => undefined });
  });
  afterAll(async () => {
    await db?.close();
    await database?.drop();
  });
  return async (changes = {}) => openShop(changes, await providerIn(db));
}

/** The records of a provider that nobody else has. */
async function providerIn(db: Db): Promise<ProviderRecords> {
  const organizationId = newId('organization');
  const id = newId('paymentProvider');
  const names = { id, organizationId, code: 'onchain', kind: 'ONCHAIN' as const };
  await db.transaction(async (tx) => {
    const row = { id: organizationId, name: organizationId, mode: 'TEST' as const, createdAt: NOW };
    await insertOrganization(tx, row);
    await insertFirst(tx, { ...names, settings: {}, secrets: null, isDefault: true }, NOW);
  });
  return createRecords(db, createManualClock(NOW), id);
}

async function openShop(changes: ProviderConfig, records: ProviderRecords): Promise<Shop> {
  const node = await startJsonRpcStandIn({
    chainId: CHAIN_ID,
    tokens: [
      { address: USDC, decimals: 6 },
      { address: DAI, decimals: 18 },
    ],
  });
  const deps = createDeps({ records });
  const module = createOnchainModule({ timeoutMs: 20_000, retryDelaysMs: [0, 0] });
  const config: ProviderConfig = {
    ...{ rpcUrl: `${node.url}/v2/key_c0ffee`, chainId: String(CHAIN_ID), xpub: XPUB },
    ...{ asset: 'USDC', token: USDC, tokenDecimals: '6', confirmations: '3' },
    ...changes,
  };
  const openAnother: Shop['openAnother'] = (more = {}, others = {}) =>
    module.open({ ...config, ...more }, { ...deps, ...others });
  const provider = await openAnother();
  return {
    node,
    provider,
    deps,
    openAnother,
    async checkout(paymentId) {
      const currency = { code: config.asset ?? '', minorUnits: 2 };
      const request = checkoutOf({ currency, ...(paymentId !== undefined && { paymentId }) });
      const made = await provider.createCheckout(request);
      return { ref: made.ref, address: addressIn(made) };
    },
    async fetch(ref) {
      const payment = await provider.fetchPayment(ref);
      if (payment === null) throw new Error('There is no such payment.');
      return payment;
    },
    close: () => node.close(),
  };
}

export function addressIn({ instructions }: CheckoutMade): string {
  return instructions?.address ?? '';
}
