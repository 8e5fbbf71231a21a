import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDb } from '../../src/infra/db.ts';
import { verifyLaws } from '../../src/laws/verify.ts';
import { type Ask, askAt, setUpCalls, startApi } from '../support/api.ts';
import { type ChildApi, startChildApi } from '../support/child-api.ts';
import { createTestDatabase } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';

// Concurrent requests on one balance, each of which asks before it works and is charged afterwards. Whatever
// dies in between, nothing is overspent and no hold is left behind.

const REQUESTS = 200;
const FUNDED = 50;

let undo: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  undo = [];
});
afterEach(async () => {
  for (const step of undo.reverse()) await step();
});

const PLACE = `mutation ($input: PlaceHoldInput!) { result: placeHold(input: $input) {
  __typename ... on PlaceHoldPayload { hold { id } } ... on Error { code } } }`;
const CAPTURE = `mutation ($input: CaptureHoldInput!) { result: captureHold(input: $input) {
  __typename ... on CaptureHoldPayload { duplicate hold { status captured } } ... on Error { code } } }`;

/** Asks before it works, works, and says what was used: a call at a dollar. */
async function request(ask: Ask, number: number, amount: string, ttlSeconds = 600) {
  const place = { customer: { externalId: 'acme' }, asset: 'USD', amount, ttlSeconds };
  const placed = await insist(ask, PLACE, { ...place, idempotencyKey: `request ${number}` });
  if (placed.__typename !== 'PlaceHoldPayload') return placed.code as string;
  const events = [{ eventId: `request ${number}`, type: 'api.call' }];
  const captured = await insist(ask, CAPTURE, { hold: placed.hold.id, events });
  return (captured.code ?? 'CAPTURED') as string;
}

/** Enough for a server that takes its time to start again; the test has a limit of its own. */
const ATTEMPTS = 2_000;

/** As a careful client does: the same request again until somebody answers it. */
async function insist(ask: Ask, query: string, input: object) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const { data, errors } = await ask(query, { input });
      if (!errors) return data.result;
      if (attempt === ATTEMPTS) throw new Error(JSON.stringify(errors));
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
    await pause(50);
  }
}

async function balanceOf(ask: Ask) {
  const { data } = await ask(
    '{ customer(ref: { externalId: "acme" }) { wallets { balance { settled held available } holds(openOnly: true) { edges { node { id } } } } } }',
  );
  const [{ balance, holds }] = data.customer.wallets;
  return { ...balance, open: holds.edges.length };
}

async function expectLaws(url: string) {
  const db = createDb({ url, poolSize: 1, onIdleError: () => undefined });
  undo.push(db.close);
  const { laws } = await verifyLaws(db);
  expect(laws.filter(({ ok }) => !ok)).toEqual([]);
}

const all = (work: (number: number) => Promise<string>) =>
  Promise.all(Array.from({ length: REQUESTS }, (_, number) => work(number)));

test('two hundred requests at once on a balance that covers fifty', async () => {
  const api = await startApi();
  undo.push(api.stop);
  await setUpCalls(api.ask, 'acme', String(FUNDED));
  const outcomes = await all((number) => request(api.ask, number, '1'));
  expect(outcomes.filter((outcome) => outcome === 'CAPTURED')).toHaveLength(FUNDED);
  expect(outcomes.filter((outcome) => outcome === 'INSUFFICIENT_FUNDS')).toHaveLength(
    REQUESTS - FUNDED,
  );
  expect(await balanceOf(api.ask)).toEqual({ settled: '0', held: '0', available: '0', open: 0 });
  await expectLaws(api.databaseUrl);
});

test('each of which sets aside more than it uses: what is left is available again', async () => {
  const api = await startApi();
  undo.push(api.stop);
  await setUpCalls(api.ask, 'acme', String(FUNDED));
  const outcomes = await all((number) => request(api.ask, number, '3'));
  const used = outcomes.filter((outcome) => outcome === 'CAPTURED').length;
  expect(used).toBeGreaterThanOrEqual(Math.floor(FUNDED / 3));
  expect(used).toBeLessThanOrEqual(FUNDED);
  expect(new Set(outcomes)).toEqual(new Set(['CAPTURED', 'INSUFFICIENT_FUNDS']));
  const left = String(FUNDED - used);
  expect(await balanceOf(api.ask)).toEqual({ settled: left, held: '0', available: left, open: 0 });
  await expectLaws(api.databaseUrl);
});

test('with the process killed in the middle, and callers that never come back', {
  timeout: 300_000,
}, async () => {
  const database = await createTestDatabase();
  undo.push(database.drop);
  const port = await freePort();
  const start = async (): Promise<ChildApi> => {
    const child = await startChildApi({ databaseUrl: database.url, port });
    undo.push(child.stop);
    return child;
  };
  const first = await start();
  await setUpCalls(first.ask, 'acme', String(FUNDED));
  // They ask, and die with what they were about to do.
  for (const number of [1, 2, 3, 4, 5]) {
    const input = { customer: { externalId: 'acme' }, asset: 'USD', amount: '1', ttlSeconds: 5 };
    await insist(first.ask, PLACE, { ...input, idempotencyKey: `lost ${number}` });
  }
  const ask = askAt(`http://127.0.0.1:${port}`);
  const work = all((number) => request(ask, number, '1'));
  await until(
    'requests are under way',
    async () => Number((await balanceOf(ask)).settled) < FUNDED - 3,
  );
  await first.kill9();
  const second = await start();
  const outcomes = await work;
  expect(new Set(outcomes)).toEqual(new Set(['CAPTURED', 'INSUFFICIENT_FUNDS']));
  const used = outcomes.filter((outcome) => outcome === 'CAPTURED').length;
  const left = String(FUNDED - used);
  expect(used).toBeGreaterThanOrEqual(FUNDED - 5);
  expect(used).toBeLessThanOrEqual(FUNDED);
  // What the lost ones had set aside is back when their time is over, and the worker has booked it.
  await until('the lost holds expire', async () => (await balanceOf(second.ask)).open === 0);
  expect(await balanceOf(second.ask)).toEqual({
    settled: left,
    held: '0',
    available: left,
    open: 0,
  });
  // Sent once more, every request is answered as before.
  const again = await all((number) => request(second.ask, number, '1'));
  expect(again.filter((outcome) => outcome === 'CAPTURED').length).toBeGreaterThanOrEqual(used);
  await expectLaws(database.url);
});
