import type { EventSource } from './events.ts';

const RECORD = `mutation RecordUsage($input: UsageEventInput!) {
  recordUsage(input: $input) {
    __typename
    ... on UsageRecorded { duplicate balances { version balance { available } } }
    ... on Error { code message }
  }
}`;

/** A GraphQL request for the next event of the series, alone. */
export function nextSingle(source: EventSource): string {
  return JSON.stringify({ query: RECORD, variables: { input: source.next() } });
}

/** What every answer to it contains. */
export const RECORDED = '"UsageRecorded","duplicate":false';
