import type { CheckoutMade, Provider, ProviderPayment } from '../../../src/payments/provider.ts';
import type { ProviderConfig, ProviderDeps } from '../../../src/payments/provider-module.ts';
import { createOnchainModule } from '../../../src/payments/providers/onchain/onchain-module.ts';
import { type JsonRpcStandIn, startJsonRpcStandIn } from '../../support/json-rpc-stand-in.ts';
import { checkoutOf, createDeps, type TestDeps } from '../provider-deps.ts';

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

export async function openShop(changes: ProviderConfig = {}): Promise<Shop> {
  const node = await startJsonRpcStandIn({
    chainId: CHAIN_ID,
    tokens: [
      { address: USDC, decimals: 6 },
      { address: DAI, decimals: 18 },
    ],
  });
  const deps = createDeps();
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
