import type { Tx } from '../../infra/db.ts';
import type { Id } from '../../kit/ids.ts';
import { type CounterKey, counterKey } from '../../metering/counter.ts';
import { isObserved } from '../../rating/aggregation.ts';
import { sliceOf } from '../../rating/slice.ts';
import {
  type CounterRef,
  chargesOf,
  periodEndOf,
  type StoredCharge,
  saidBy,
} from './correction-store.ts';

/** Something that an event was charged or counted for. */
export interface Claim {
  readonly price: StoredCharge['rate']['price'];
  /** Null when it said something of a counter that cost nothing. */
  readonly charge: StoredCharge | null;
  /** The counter that it goes by; null for what each event costs by itself. */
  readonly key: CounterKey | null;
}

/** The event that is taken back, as it is stored. */
export interface StoredEvent {
  readonly id: string;
  readonly organizationId: string;
  readonly customerId: string;
}

/** All that an event was charged and counted for. */
export async function claimsOf(tx: Tx, event: StoredEvent): Promise<Claim[]> {
  const charges = await chargesOf(tx, event.id, event.customerId);
  const said = await saidBy(tx, event.id, event.customerId);
  const keyed = (ref: Omit<CounterRef, 'customerId'>) => keyOf(tx, event, ref);
  const claims: Claim[] = [];
  for (const charge of charges) {
    const { price, dimensions } = charge.rate;
    if (isObserved(price.metric.aggregation)) continue;
    const slice = sliceOf(dimensions as Record<string, string>);
    const { periodStart } = charge;
    const key = periodStart && (await keyed({ countedId: price.countedAs, slice, periodStart }));
    claims.push({ price, charge, key });
  }
  for (const { price, ...reading } of said) {
    const charge = charges.find(({ rate }) => rate.price.countedAs === price.id) ?? null;
    claims.push({ price, charge, key: await keyed(reading) });
  }
  return claims;
}

async function keyOf(
  tx: Tx,
  { organizationId, customerId }: StoredEvent,
  { countedId, slice, periodStart }: Omit<CounterRef, 'customerId'>,
): Promise<CounterKey> {
  const end = await periodEndOf(tx, { customerId, countedId, slice, periodStart });
  return counterKey({
    kind: 'PRICE',
    organizationId: organizationId as Id<'organization'>,
    customerId: customerId as Id<'customer'>,
    countedId,
    slice,
    period: { start: periodStart, end },
  });
}
