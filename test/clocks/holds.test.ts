import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';
import { type ClockWords, clockWords, DAY_MS, day, START } from './clock-fixture.ts';

// Holds on a test clock: they are placed and lapse by its time.

let api: TestApi;
let words: ClockWords;

beforeAll(async () => {
  api = await startApi({ worker: true });
  words = clockWords(api.ask);
  await words.openShop();
});
afterAll(() => api.stop());

const HOUR = 3_600_000 / DAY_MS;

test('a hold lapses at its instant, and what it set aside is available again', async () => {
  const clock = await words.clock();
  await words.customer('holding', clock);
  await words.grant('holding', '10');
  const { hold } = await words.mutate(
    'placeHold',
    'PlaceHoldInput',
    { customer: { externalId: 'holding' }, asset: 'USD', amount: '4', ttlSeconds: 3_600 },
    '... on PlaceHoldPayload { hold { id createdAt expiresAt } }',
  );
  expect(hold).toMatchObject({ createdAt: START, expiresAt: day(HOUR) });
  expect(await words.available('holding')).toBe('6');
  await words.advance(clock, day(HOUR / 2));
  expect(await words.available('holding')).toBe('6');
  await words.advance(clock, day(2));
  expect(await words.available('holding')).toBe('10');
  const { node } = await words.run(
    'query ($id: ID!) { node(id: $id) { ... on Hold { status held closedAt } } }',
    { id: hold.id },
  );
  expect(node).toEqual({ status: 'EXPIRED', held: '0', closedAt: day(HOUR) });
});
