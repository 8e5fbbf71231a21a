import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAX_CUSTOMERS } from '../../src/clocks/attach.ts';
import { MAX_CLOCKS } from '../../src/clocks/create-test-clock.ts';
import { fromTypeId, newId, toTypeId } from '../../src/kit/ids.ts';
import { withAdmin } from '../support/admin.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { type ClockWords, clockWords, day, START } from './clock-fixture.ts';

// Clocks themselves: what is refused, and who sees them. No worker runs: what is sent stays on its way.

let api: TestApi;
let words: ClockWords;
let others: ClockWords;
let live: ClockWords;

beforeAll(async () => {
  api = await startApi();
  words = clockWords(api.ask);
  others = clockWords(api.ask, await api.otherKey('Others'));
  live = clockWords(api.ask, await liveKey());
});
afterAll(() => api.stop());

async function liveKey(): Promise<string> {
  const input = { organization: 'Live', mode: 'LIVE' as const, name: 'Live' };
  const issued = await api.services.access.issueKey(input);
  if (!('secret' in issued)) throw new Error('No key was made.');
  return issued.secret;
}

const CONFLICT = { __typename: 'ConflictError', code: 'CONFLICT' };
const NOWHERE = { __typename: 'NotFoundError', code: 'NOT_FOUND' };
const invalid = (path: string, code: string) => ({
  __typename: 'ValidationError',
  issues: [{ path, code }],
});

test('a clock stands where it was made, and is found by its id and in the list', async () => {
  const id = await words.clock({ name: 'A year of Pro' });
  const clock = {
    id,
    name: 'A year of Pro',
    now: START,
    status: 'READY',
    target: null,
    deletedAt: null,
  };
  expect(await words.read(id)).toEqual(clock);
  const { testClocks } = await words.run(
    '{ testClocks(first: 1) { edges { node { id name now status target deletedAt } } } }',
  );
  expect(testClocks.edges).toEqual([{ node: clock }]);
});

test('without a now it stands at that of the server', async () => {
  const before = Date.now();
  const { testClock } = await words.createClock({ now: null });
  expect(Date.parse(testClock.now)).toBeGreaterThanOrEqual(before - 1);
  expect(Date.parse(testClock.now)).toBeLessThanOrEqual(Date.now());
});

test('customers are attached when they are created, and for ever', async () => {
  const clock = await words.clock();
  const made = await words.createCustomer({ externalId: 'attached', testClock: clock });
  expect(made).toMatchObject({ created: true, customer: { createdAt: START } });
  expect(made.customer.testClock).toEqual({ id: clock });
  const again = { externalId: 'attached', testClock: await words.clock() };
  expect(await words.createCustomer(again)).toEqual({ ...made, created: false });
  const free = await words.createCustomer({ externalId: 'free' });
  expect(free.customer.testClock).toBeNull();
});

/** Credits that roll over as often as they may, which is for centuries. */
const LONG_CREDITS = [
  { code: 'c', asset: 'CREDIT', amount: '9', rollover: { percent: '100', periods: 120 } },
];

describe('is refused', () => {
  test.each([
    [{ name: '' }, invalid('name', 'TOO_SHORT')],
    [{ name: 'x'.repeat(101) }, invalid('name', 'TOO_LONG')],
    [{ now: 'tomorrow' }, invalid('now', 'NOT_AN_INSTANT')],
    [{ now: '9000-01-01T00:00:00Z' }, invalid('now', 'OUT_OF_RANGE')],
    [{ now: '9997-01-01T00:00:00Z' }, invalid('now', 'OUT_OF_RANGE')],
  ])('a clock like %j', async (input, refusal) => {
    expect(await words.createClock(input)).toMatchObject(refusal);
  });

  test('an instant before its now, one too far away, and none', async () => {
    const clock = await words.clock();
    expect(await words.send(clock, day(-1))).toMatchObject(invalid('to', 'NOT_ALLOWED'));
    expect(await words.send(clock, day(731.1))).toMatchObject(invalid('to', 'OUT_OF_RANGE'));
    expect(await words.send(clock, 'later')).toMatchObject(invalid('to', 'NOT_AN_INSTANT'));
    expect(await words.read(clock)).toMatchObject({ now: START, status: 'READY' });
  });

  test('the year 9000, before which everything that is due later still has a time', async () => {
    const clock = await words.clock({ now: '8999-12-01T00:00:00Z' });
    const refused = await words.send(clock, '9000-01-01T00:00:00Z');
    expect(refused).toMatchObject(invalid('to', 'OUT_OF_RANGE'));
    await words.createCustomer({ externalId: 'last', testClock: clock });
    const definition = { interval: 'YEAR', intervalCount: 3, credits: LONG_CREDITS };
    const plan = { code: 'long', name: 'Long', definition };
    const { createSubscription } = await words.run(
      `mutation ($plan: SavePlanDraftInput!) {
        createAsset(input: { code: "CREDIT", scale: 0 }) { __typename }
        savePlanDraft(input: $plan) { __typename }
        publishPlan(input: { plan: "long" }) { __typename }
        createSubscription(input: { customer: { externalId: "last" }, plan: "long" }) {
          ... on CreateSubscriptionPayload { subscription { currentPeriod { endsAt } } }
        }
      }`,
      { plan },
    );
    expect(createSubscription.subscription.currentPeriod).toEqual({
      endsAt: '9002-12-01T00:00:00.000Z',
    });
  });

  test('a clock that is on its way', async () => {
    const clock = await words.clock();
    expect(await words.send(clock, day(5))).toMatchObject({
      testClock: { status: 'ADVANCING', now: START, target: day(5) },
    });
    expect(await words.send(clock, day(6))).toMatchObject(CONFLICT);
    expect(await words.read(clock)).toMatchObject({ target: day(5) });
  });

  test('but the same call with the same idempotency key is answered as the first', async () => {
    const clock = await words.clock();
    const first = await words.send(clock, day(5), { idempotencyKey: 'go' });
    expect(await words.send(clock, day(5), { idempotencyKey: 'go' })).toEqual(first);
    expect(await words.send(clock, day(6), { idempotencyKey: 'go' })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
    });
  });

  test('a LIVE organization, whatever it asks for', async () => {
    const clock = await words.clock();
    expect(await live.createClock({})).toMatchObject(CONFLICT);
    expect(await live.send(clock, day(1))).toMatchObject(CONFLICT);
    expect(await live.createCustomer({ externalId: 'x', testClock: clock })).toMatchObject(
      CONFLICT,
    );
    expect(
      await live.mutate('deleteTestClock', 'DeleteTestClockInput', { clock }, ''),
    ).toMatchObject(CONFLICT);
    const { customer } = await live.run('{ customer(ref: { externalId: "x" }) { id } }');
    expect(customer).toBeNull();
  });

  test("another organization's clock, as one that is nowhere", async () => {
    const clock = await words.clock();
    const nowhere = toTypeId('testClock', newId('testClock'));
    for (const id of [clock, nowhere, 'clock_x']) {
      expect(await others.send(id, day(1))).toMatchObject(NOWHERE);
      expect(await others.createCustomer({ externalId: 'y', testClock: id })).toMatchObject(
        NOWHERE,
      );
    }
    expect(await others.read(clock)).toBeNull();
    const { testClocks } = await others.run('{ testClocks { edges { node { id } } } }');
    expect(testClocks.edges).toEqual([]);
  });

  test('the thousand and first customer', async () => {
    const clock = await words.clock();
    await words.customer('first of many', clock);
    await fill(
      `INSERT INTO customers (id, organization_id, external_id, test_clock_id, created_at, updated_at)
       SELECT gen_random_uuid(), organization_id, 'many ' || n, id, now(), now()
       FROM test_clocks CROSS JOIN generate_series(1, $2) AS n WHERE id = $1`,
      [fromTypeId('testClock', clock), MAX_CUSTOMERS - 2],
    );
    expect(
      await words.createCustomer({ externalId: 'thousandth', testClock: clock }),
    ).toMatchObject({
      created: true,
    });
    expect(
      await words.createCustomer({ externalId: 'one too many', testClock: clock }),
    ).toMatchObject(invalid('testClock', 'TOO_MANY'));
  });

  test('the hundred and first clock, until one is deleted', async () => {
    const first = await others.clock();
    await fill(
      `INSERT INTO test_clocks (id, organization_id, name, now, created_at)
       SELECT gen_random_uuid(), organization_id, 'many ' || n, now(), now()
       FROM test_clocks CROSS JOIN generate_series(1, $2) AS n WHERE id = $1`,
      [fromTypeId('testClock', first), MAX_CLOCKS - 1],
    );
    expect(await others.createClock({})).toMatchObject(invalid('name', 'TOO_MANY'));
    await others.mutate('deleteTestClock', 'DeleteTestClockInput', { clock: first }, '');
    expect(await others.createClock({})).toMatchObject({ __typename: 'CreateTestClockPayload' });
  });
});

function fill(text: string, values: unknown[]): Promise<unknown> {
  return withAdmin(api.databaseUrl, (admin) => admin.query(text, values));
}

test('a deleted clock stands still for its customers, is not listed and cannot be sent or joined', async () => {
  const clock = await words.clock();
  await words.customer('left', clock);
  await words.send(clock, day(9));
  const gone = await words.mutate(
    'deleteTestClock',
    'DeleteTestClockInput',
    { clock },
    '... on DeleteTestClockPayload { testClock { status now target deletedAt } }',
  );
  expect(gone.testClock).toEqual({
    status: 'READY',
    now: START,
    target: null,
    deletedAt: expect.stringMatching(/^20/),
  });
  expect(await words.send(clock, day(10))).toMatchObject(NOWHERE);
  expect(await words.createCustomer({ externalId: 'late', testClock: clock })).toMatchObject(
    NOWHERE,
  );
  const { testClocks, customer } = await words.run(`{
    testClocks(first: 100) { edges { node { id } } }
    customer(ref: { externalId: "left" }) { testClock { id now } }
  }`);
  expect(JSON.stringify(testClocks)).not.toContain(clock);
  expect(customer.testClock).toEqual({ id: clock, now: START });
});

test("a customer's token sees no clock, nor which one it goes by", async () => {
  const clock = await words.clock();
  const id = await words.customer('with token', clock);
  const { token } = await words.mutate(
    'createCustomerToken',
    'CreateCustomerTokenInput',
    { customer: { id } },
    '... on CreateCustomerTokenPayload { token }',
  );
  for (const query of [
    '{ customer(ref: { externalId: "with token" }) { testClock { id } } }',
    '{ testClocks { edges { node { id } } } }',
  ]) {
    const { errors } = await api.ask(query, {}, token);
    expect(errors?.map((error) => error.extensions.code)).toEqual(['FORBIDDEN']);
  }
  const { data } = await api.ask(`{ node(id: "${clock}") { id } }`, {}, token);
  expect(data.node).toBeNull();
});

test('the published document makes one, and sends it on its way when it is told to go', async () => {
  const read = (file: string) =>
    readFileSync(
      new URL(`../../schema/operations/22-run-test-clock.${file}`, import.meta.url),
      'utf8',
    );
  const variables = JSON.parse(read('variables.json'));
  const { createTestClock } = await words.run(read('graphql'), variables);
  const { testClock } = createTestClock;
  expect(testClock.now).toBe('2026-01-31T00:00:00.000Z');
  const advance = { ...variables.advance, clock: testClock.id };
  expect(await words.run(read('graphql'), { ...variables, advance, go: true })).toEqual({
    advanceTestClock: {
      __typename: 'AdvanceTestClockPayload',
      testClock: { ...testClock, status: 'ADVANCING', target: '2026-02-28T00:00:00.000Z' },
    },
  });
});
