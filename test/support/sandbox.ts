import { createManualClock } from '../../src/kit/clock.ts';
import { exact } from '../../src/kit/decimal.ts';
import type {
  ChargeRequest,
  CheckoutRequest,
  ProviderRecords,
} from '../../src/payments/provider.ts';
import { sandboxModule } from '../../src/payments/providers/sandbox/sandbox-module.ts';

export const PROVIDER_ID = 'payprov_01h455vb4pex5vsknk084sn02q';
export const START = new Date('2026-03-01T12:00:00Z');
export const USD = { code: 'USD', minorUnits: 2 };

const PAYER = { id: 'customer_01h455vb4pex5vsknk084sn02q', name: 'Ada', email: null };

export interface Emission {
  readonly type: string;
  readonly ref: string;
  readonly delayMs: number;
}

/** A sandbox that goes by a clock that stands still, and keeps its records in memory, as JSON, if nowhere else. */
export async function openSandbox(
  config: Readonly<Record<string, string>> = {},
  records: ProviderRecords = createMemoryRecords(),
) {
  const clock = createManualClock(START);
  const emitted: Emission[] = [];
  const open = (publicUrl = 'https://billing.example.com') =>
    sandboxModule.open(
      { webhookSecret: 'a secret of the tests', ...config },
      {
        providerId: PROVIDER_ID,
        clock,
        records,
        publicUrl,
        allowPrivate: false,
        emit: async (type, ref, delayMs) => void emitted.push({ type, ref, delayMs }),
      },
    );
  /** What was emitted since it was asked last. */
  const told = () => emitted.splice(0).map(({ type, delayMs }) => [type, delayMs]);
  return { sandbox: await open(), open, clock, told };
}

export function checkoutOf(changes: Partial<CheckoutRequest> = {}): CheckoutRequest {
  return {
    paymentId: 'payment_1',
    amount: exact('1250.50'),
    currency: USD,
    description: '1,000 credits',
    payer: PAYER,
    saveMethod: false,
    refundPolicy: null,
    returnUrl: null,
    expiresAt: new Date('2026-03-01T13:00:00Z'),
    ...changes,
  };
}

export function chargeOf(method: string, changes: Partial<ChargeRequest> = {}): ChargeRequest {
  return {
    paymentId: 'payment_2',
    amount: exact('20'),
    currency: USD,
    description: 'Recharge',
    payer: PAYER,
    methodToken: `sbm_${method}`,
    ...changes,
  };
}

function createMemoryRecords(): ProviderRecords {
  const stored = new Map<string, string>();
  const read = (ref: string): unknown => JSON.parse(stored.get(ref) ?? 'null');
  let index = -1;
  return {
    async create(ref, record) {
      if (!stored.has(ref)) stored.set(ref, JSON.stringify(record));
      return read(ref);
    },
    read: async (ref) => read(ref),
    async update(ref, change) {
      if (!stored.has(ref)) return null;
      stored.set(ref, JSON.stringify(change(read(ref))));
      return read(ref);
    },
    async nextIndex() {
      index += 1;
      return index;
    },
  };
}
