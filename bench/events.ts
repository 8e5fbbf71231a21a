import type { Customer } from './world.ts';

export interface Event {
  readonly customer: { readonly externalId: string };
  readonly eventId: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly properties: { readonly model: string; readonly tokens: number };
}

/** An endless, repeatable series of events, counted on by whoever takes from it. */
export interface EventSource {
  next(): Event;
  /** A GraphQL request for the next `size` events. */
  nextBatch(size: number): string;
}

/** Every twentieth event was sent before: 5 %. */
const DUPLICATE_EVERY = 20;
/** How long ago, in events: sixteen batches of a hundred, and never itself a duplicate. */
const SENT_BEFORE = 1_610;

/** Coprime to any number of customers that has no larger prime factor: neighbours are far apart. */
const STRIDE = 7_919;

const RECORD_BATCH = `mutation RecordUsageBatch($input: RecordUsageBatchInput!) {
  recordUsageBatch(input: $input) {
    ... on RecordUsageBatchPayload {
      recorded duplicates refused
      outcomes {
        __typename
        ... on UsageRecorded { duplicate charges { amount } }
        ... on Error { code message }
      }
    }
    ... on Error { code message }
  }
}`;

export interface EventSourceOptions {
  readonly customers: readonly Customer[];
  /** Sets the ids of two series apart. */
  readonly name: string;
  readonly occurredAt: Date;
  readonly duplicates: boolean;
  /** @default 'llm.request' */
  readonly type?: string | undefined;
}

export function createEventSource(options: EventSourceOptions): EventSource {
  const occurredAt = options.occurredAt.toISOString();
  let taken = 0;

  function eventAt(number: number): Event {
    const customer = options.customers[(number * STRIDE) % options.customers.length];
    if (!customer) throw new Error('There are no customers to send events of.');
    return {
      customer: { externalId: customer.externalId },
      eventId: `${options.name}-${number}`,
      type: options.type ?? 'llm.request',
      occurredAt,
      properties: {
        model: number % 3 === 0 ? 'gpt-4o' : 'gpt-4o-mini',
        tokens: 100 + ((number * 37) % 1_900),
      },
    };
  }

  function next(): Event {
    const number = taken++;
    const repeats =
      options.duplicates &&
      number % DUPLICATE_EVERY === DUPLICATE_EVERY - 1 &&
      number >= SENT_BEFORE;
    return eventAt(repeats ? number - SENT_BEFORE : number);
  }

  return {
    next,
    nextBatch: (size) =>
      JSON.stringify({
        query: RECORD_BATCH,
        variables: { input: { events: Array.from({ length: size }, next) } },
      }),
  };
}
