import type { Clock } from '../../../kit/clock.ts';
import { ProviderError } from '../../provider.ts';
import type { ProviderDeps } from '../../provider-module.ts';
import type { Change } from './change.ts';
import type { SandboxPayment } from './record.ts';
import { isPaymentRef, unguessable } from './refs.ts';

/** The payments of one sandbox. */
export interface SandboxPayments {
  /** The one of this id, made when it is asked for first. */
  open(paymentId: string, draft: (ref: string) => Change): Promise<SandboxPayment>;
  find(ref: string): Promise<SandboxPayment | null>;
  /** Makes a change, and tells of it once it is stored. With null nothing changes. */
  change(
    ref: string,
    decide: (payment: SandboxPayment, now: Date) => Change | null,
  ): Promise<SandboxPayment>;
}

type Deps = Pick<ProviderDeps, 'records' | 'emit'> & { readonly clock: Clock };

export function createPayments({ records, emit, clock }: Deps): SandboxPayments {
  async function tell(ref: string, events: Change['events']): Promise<void> {
    for (const { type, delayMs } of events) await emit(type, ref, delayMs);
  }

  return {
    async open(paymentId, draft) {
      // The first that names a ref for it wins, so that no secret decides what the same payment is.
      const named = await records.create(paymentId, { ref: unguessable('sbx') });
      const { ref } = named as { ref: string };
      const { payment, events } = draft(ref);
      const stored = (await records.create(ref, payment)) as SandboxPayment;
      // Also of one that was made before: whoever made it may be gone without having told anybody, and an
      // event too many only has somebody look once more.
      await tell(ref, events);
      return stored;
    },
    async find(ref) {
      return isPaymentRef(ref) ? ((await records.read(ref)) as SandboxPayment | null) : null;
    },
    async change(ref, decide) {
      let events: Change['events'] = [];
      const stored = isPaymentRef(ref)
        ? await records.update(ref, (record) => {
            const change = decide(record as SandboxPayment, clock.now());
            events = change?.events ?? [];
            return change?.payment ?? (record as SandboxPayment);
          })
        : null;
      if (!stored) throw new ProviderError('NOT_FOUND', 'The sandbox has no such payment.', false);
      await tell(ref, events);
      return stored as SandboxPayment;
    },
  };
}
