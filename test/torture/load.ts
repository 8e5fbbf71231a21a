import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, KEY } from '../support/api.ts';
import type { Random } from './random.ts';

/** Asks one of the servers until one answers: a mutation is sent again as it was. */
export async function askSomebody(
  urls: () => readonly string[],
  random: Random,
  query: string,
  variables: object = {},
): Promise<Answer['data']> {
  for (;;) {
    const data = await askOnce(random.pick(urls()), query, variables).catch(() => null);
    if (data) return data;
    await pause(random.between(20, 200));
  }
}

async function askOnce(url: string, query: string, variables: object) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(20_000),
  });
  const { data, errors } = (await response.json()) as { data?: object; errors?: object[] };
  return errors ? null : data;
}

/** Between two batches of a client: webhooks go one after the other, and are to keep up. */
const PAUSE_MS = [20, 120] as const;

export interface LoadOptions {
  readonly urls: () => readonly string[];
  readonly random: Random;
  readonly customers: readonly string[];
  readonly isOver: () => boolean;
}

const RECORD = `mutation ($input: RecordUsageBatchInput!) {
  recordUsageBatch(input: $input) {
    ... on RecordUsageBatchPayload {
      outcomes { __typename ... on UsageRecorded { event { eventId } } ... on Error { code retryable } }
    }
  }
}`;
const GRANT = 'mutation ($input: GrantCreditInput!) { grantCredit(input: $input) { __typename } }';

/** One client that charges, and now and then grants, until it is over; how many events were recorded. */
export async function charge(name: string, options: LoadOptions): Promise<number> {
  const { urls, random, customers, isOver } = options;
  let recorded = 0;
  for (let round = 0; !isOver(); round += 1) {
    await pause(random.between(...PAUSE_MS));
    const events = Array.from({ length: random.between(1, 10) }, (_, index) => ({
      customer: { externalId: random.pick(customers) },
      eventId: `${name}-${round}-${index}`,
      type: 'api.call',
    }));
    let open = events;
    while (open.length > 0) {
      const { recordUsageBatch } = await askSomebody(urls, random, RECORD, {
        input: { events: open },
      });
      const { outcomes } = recordUsageBatch;
      recorded += outcomes.filter(isRecorded).length;
      open = open.filter((_, index) => outcomes[index].retryable === true);
    }
    if (random.next() < 0.05) {
      const input = {
        customer: { externalId: random.pick(customers) },
        asset: 'USD',
        amount: '25',
        idempotencyKey: `${name}-${round}`,
      };
      await askSomebody(urls, random, GRANT, { input });
    }
  }
  return recorded;
}

function isRecorded(outcome: { __typename: string }): boolean {
  return outcome.__typename === 'UsageRecorded';
}
