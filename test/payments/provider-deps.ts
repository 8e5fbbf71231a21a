import { createManualClock, type ManualClock } from '../../src/kit/clock.ts';
import type { CheckoutRequest, ProviderRecords } from '../../src/payments/provider.ts';
import type { ProviderDeps } from '../../src/payments/provider-module.ts';

export const NOW = new Date('2026-03-01T12:00:00.000Z');
export const EXPIRES_AT = new Date('2026-03-01T13:00:00.000Z');

/** What one who must not keep anything is given. */
export const NO_RECORDS: ProviderRecords = {
  create: () => Promise.reject(new Error('It keeps nothing.')),
  read: () => Promise.reject(new Error('It keeps nothing.')),
  update: () => Promise.reject(new Error('It keeps nothing.')),
  nextIndex: () => Promise.reject(new Error('It keeps nothing.')),
};

export interface TestDeps extends ProviderDeps {
  readonly clock: ManualClock;
}

export function createDeps(overrides: Partial<ProviderDeps> = {}): TestDeps {
  return {
    providerId: 'provider_01h455vb4pex5vsknk084sn02q',
    records: NO_RECORDS,
    emit: async () => {
      throw new Error('Only providers that are part of the product emit.');
    },
    publicUrl: 'https://billing.example.com',
    allowPrivate: true,
    ...overrides,
    clock: createManualClock(NOW),
  };
}

export function checkoutOf(overrides: Partial<CheckoutRequest> = {}): CheckoutRequest {
  return {
    paymentId: 'payment_01h455vb4pex5vsknk084sn02q',
    amount: 25_000000000000n,
    currency: { code: 'USDC', minorUnits: 2 },
    description: '1,000 credits',
    payer: { id: 'customer_01h455vb4pex5vsknk084sn02q', name: 'Ada', email: null },
    saveMethod: false,
    refundPolicy: 'No refunds after 14 days.',
    returnUrl: 'https://shop.example.com/back',
    expiresAt: EXPIRES_AT,
    ...overrides,
  };
}
