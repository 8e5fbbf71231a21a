import type { HttpClient } from './http-client.ts';
import type { Customer } from './world.ts';

const PLACE = `mutation ($input: PlaceHoldInput!) {
  placeHold(input: $input) { ... on PlaceHoldPayload { hold { id } } ... on Error { message } }
}`;
const CAPTURE = `mutation ($input: CaptureHoldInput!) {
  captureHold(input: $input) { ... on CaptureHoldPayload { duplicate } ... on Error { message } }
}`;
const HOLD_ID = /"id":"(hold_\w+)"/;

let taken = 0;

/** Places a hold and captures it over one connection; throws on any other answer. */
export async function pairOverHttp(client: HttpClient, { externalId }: Customer): Promise<void> {
  const place = { customer: { externalId }, asset: 'USD', amount: '0.0025' };
  const placed = await client.post(requestOf(PLACE, place));
  const [, hold] = HOLD_ID.exec(placed) ?? [];
  if (!hold) throw new Error(`Refused: ${placed}`);
  taken += 1;
  const eventId = `over-http-${performance.now()}-${taken}`;
  const event = { eventId, type: 'llm.request', properties: { model: 'gpt-4o', tokens: 1_000 } };
  const captured = await client.post(requestOf(CAPTURE, { hold, events: [event] }));
  if (!captured.includes('"duplicate":false')) throw new Error(`Refused: ${captured}`);
}

function requestOf(query: string, input: object): string {
  return JSON.stringify({ query, variables: { input } });
}
