import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KEY, startApi, type TestApi } from '../support/api.ts';
import { openEventStream } from '../support/sse.ts';
import { startReceiver, status } from '../support/webhook-receiver.ts';
import { type ClockWords, clockWords, DAY_MS, day, START } from './clock-fixture.ts';

// What the time of a customer decides goes by its clock, and for everybody else by the server's.

let api: TestApi;
let words: ClockWords;

beforeAll(async () => {
  api = await startApi({ worker: true });
  words = clockWords(api.ask);
  await words.openShop();
});
afterAll(() => api.stop());

const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
const isOfNow = (instant: string) => Math.abs(Date.parse(instant) - Date.now()) < 60_000;

describe('usage', () => {
  test('occurs and is received by the clock, unless it says when', async () => {
    const clock = await words.clock();
    await words.customer('usage', clock);
    await words.grant('usage', '100');
    const first = await words.use('usage', 'u-1', 1);
    expect(first.event).toEqual({ occurredAt: START, receivedAt: START });
    expect(first.balances).toEqual([{ at: START, balance: { available: '99' } }]);
    await words.advance(clock, day(3));
    const late = await words.use('usage', 'u-2', 1, { occurredAt: day(1) });
    expect(late.event).toEqual({ occurredAt: day(1), receivedAt: day(3) });
    expect(await words.use('usage', 'u-1', 1)).toMatchObject({ event: first.event });
    expect(await words.ledger('usage')).toEqual([
      `${START} GRANT 100 CASH>WALLET`,
      `${START} USAGE 1 WALLET>REVENUE`,
      `${day(3)} USAGE 1 WALLET>REVENUE`,
    ]);
  });

  test('is counted, and read, in the month of the clock', async () => {
    const clock = await words.clock();
    await words.customer('counted', clock);
    await words.grant('counted', '100');
    const { data } = await api.ask(`mutation {
      createBillableMetric(input: { code: "peak", eventType: "peak", aggregation: MAX, property: "n" }) { __typename }
      createPrice(input: { metric: "peak", asset: "USD", unitAmount: "1" }) { __typename }
    }`);
    expect(data.createPrice.__typename).toBe('CreatePricePayload');
    await words.use('counted', 'c-1', 4, { type: 'peak' });
    const read = await api.ask(
      '{ customer(ref: { externalId: "counted" }) { usage(metric: "peak") { period { startsAt } quantity } } }',
    );
    expect(read.data.customer.usage).toEqual([
      { period: { startsAt: '2021-01-01T00:00:00.000Z' }, quantity: '4' },
    ]);
  });

  test('is accepted from 35 days back to 5 minutes ahead of the clock', async () => {
    const clock = await words.clock();
    await words.customer('window', clock);
    await words.grant('window', '100');
    await words.advance(clock, day(100));
    const at = async (days: number, id: string) =>
      words.use('window', id, 1, { occurredAt: day(days) });
    expect(await at(65, 'oldest')).toMatchObject({ __typename: 'UsageRecorded' });
    expect(await at(64.9, 'too old')).toMatchObject({ code: 'EVENT_TOO_OLD' });
    expect(await at(100.003, 'ahead')).toMatchObject({ __typename: 'UsageRecorded' });
    expect(await at(100.01, 'too far')).toMatchObject({ code: 'EVENT_IN_FUTURE' });
    const now = { occurredAt: new Date().toISOString() };
    expect(await words.use('window', 'of the server', 1, now)).toMatchObject({
      code: 'EVENT_IN_FUTURE',
    });
  });

  test('draws the grants that are in force by the clock', async () => {
    const clock = await words.clock();
    await words.customer('force', clock);
    await words.grant('force', '10', { expiresAt: day(10) });
    await words.grant('force', '20', { effectiveAt: day(5) });
    expect(await words.use('force', 'f-1', 11)).toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
    await words.advance(clock, day(6));
    expect(await words.use('force', 'f-2', 11)).toMatchObject({ __typename: 'UsageRecorded' });
    await words.advance(clock, day(11));
    expect(await words.available('force')).toBe('19');
  });

  test('of several customers in one batch is each by its own time', async () => {
    const clocks = [await words.clock(), await words.clock({ now: day(500) }), null];
    const names = ['batch-a', 'batch-b', 'batch-c'];
    for (const [index, name] of names.entries()) {
      await words.customer(name, clocks[index] ?? null);
      await words.grant(name, '10');
    }
    const events = names.map((externalId) => ({
      customer: { externalId },
      eventId: 'same batch',
      type: 'use',
      properties: { n: 1 },
    }));
    const { recordUsageBatch } = await words.run(
      `mutation ($input: RecordUsageBatchInput!) { recordUsageBatch(input: $input) {
        ... on RecordUsageBatchPayload { outcomes { ... on UsageRecorded { event { receivedAt occurredAt } balances { at } } } }
      } }`,
      { input: { events } },
    );
    const [a, b, c] = recordUsageBatch.outcomes;
    expect(a).toEqual({
      event: { receivedAt: START, occurredAt: START },
      balances: [{ at: START }],
    });
    expect(b.event).toEqual({ receivedAt: day(500), occurredAt: day(500) });
    expect(isOfNow(c.event.receivedAt) && isOfNow(c.balances[0].at)).toBe(true);
    const posted = await Promise.all(
      names.map(async (name) => (await words.ledger(name)).at(-1)?.split(' ')[0] ?? ''),
    );
    expect(posted.slice(0, 2)).toEqual([START, day(500)]);
    expect(isOfNow(posted[2] ?? '')).toBe(true);
  });
});

describe('money', () => {
  test('is granted, adjusted and voided by the clock', async () => {
    const clock = await words.clock({ now: day(50) });
    await words.customer('money', clock);
    const { grant, wallet } = await words.grant('money', '10', { expiresAt: day(51) });
    expect(grant).toMatchObject({ createdAt: day(50), inForce: true });
    expect(await words.grant('money', '1', { expiresAt: day(50) })).toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    const of = { customer: { externalId: 'money' }, asset: 'USD' };
    const adjusted = await words.mutate(
      'adjustBalance',
      'AdjustBalanceInput',
      { ...of, amount: '-4', transactionId: 't', reason: 'CORRECTION' },
      '... on AdjustBalancePayload { adjustment { createdAt } }',
    );
    expect(adjusted.adjustment.createdAt).toBe(day(50));
    const voided = await words.mutate(
      'voidGrant',
      'VoidGrantInput',
      { grant: grant.id, amount: '1' },
      '... on VoidGrantPayload { amount }',
    );
    expect(voided.amount).toBe('1');
    const stored = await words.wallet('money');
    expect([stored.createdAt, stored.updatedAt]).toEqual([day(50), day(50)]);
    await words.advance(clock, day(50.5));
    await words.mutate(
      'updateWallet',
      'UpdateWalletInput',
      { wallet: wallet.id, onEmpty: 'ARREARS' },
      '',
    );
    expect((await words.wallet('money')).updatedAt).toBe(day(50.5));
    expect((await words.ledger('money')).map((line) => line.split(' ').slice(0, 2))).toEqual([
      [day(50), 'GRANT'],
      [day(50), 'ADJUSTMENT'],
      [day(50), 'VOID'],
    ]);
  });

  test('of a past instant is what it was by the clock', async () => {
    const clock = await words.clock();
    await words.customer('past', clock);
    await words.grant('past', '10');
    await words.advance(clock, day(10));
    await words.use('past', 'p-1', 4);
    await words.advance(clock, day(20));
    const { customer } = await words.run(`{ customer(ref: { externalId: "past" }) { wallets {
      before: balanceAt(at: "${day(9)}") { settled }
      after: balanceAt(at: "${day(10)}") { settled }
      ahead: balanceAt(at: "${inDays(0)}") { settled }
    } } }`);
    expect(customer.wallets).toEqual([
      { before: { settled: '10' }, after: { settled: '6' }, ahead: { settled: '6' } },
    ]);
  });

  test('in force is what is so by the clock', async () => {
    const clock = await words.clock();
    await words.customer('in force', clock);
    await words.grant('in force', '10', { effectiveAt: day(1), expiresAt: day(2) });
    const inForce = async () => {
      const { customer } = await words.run(`{ customer(ref: { externalId: "in force" }) { wallets {
        grants { edges { node { inForce } } }
      } } }`);
      return customer.wallets[0].grants.edges[0].node.inForce;
    };
    expect(await inForce()).toBe(false);
    await words.advance(clock, day(1));
    expect(await inForce()).toBe(true);
    await words.advance(clock, day(2));
    expect(await inForce()).toBe(false);
  });
});

describe('others', () => {
  test('are not touched by a clock of their organization', async () => {
    const [clock, still] = [await words.clock(), await words.clock()];
    for (const [name, of] of [
      ['moved', clock],
      ['still', still],
      ['real', null],
    ] as const) {
      await words.customer(name, of);
      const expiresAt = of === null ? inDays(5) : day(5);
      await words.grant(name, '10', { expiresAt });
    }
    const untouched = [await words.wallet('still'), await words.wallet('real')];
    await words.advance(clock, day(30));
    expect(await words.available('moved')).toBe('0');
    expect([await words.wallet('still'), await words.wallet('real')]).toEqual(untouched);
  });

  test('a grant that has ended by the server, but not by its clock, is not booked', async () => {
    const clock = await words.clock();
    await words.customer('behind', clock);
    await words.grant('behind', '10', { expiresAt: day(5) });
    // By the server's time, which a worker goes by, it ended years ago.
    expect(await api.services.ledger.applyTransitions()).toBe(0);
    expect(await words.ledger('behind')).toEqual([`${START} GRANT 10 CASH>WALLET`]);
    expect(await words.available('behind')).toBe('10');
  });
});

test('who watches is told of every step, and of the arrival', async () => {
  const clock = await words.clock();
  await words.customer('watched', clock);
  const { wallet } = await words.grant('watched', '10', { expiresAt: day(3) });
  await words.grant('watched', '5', { effectiveAt: day(2) });
  const balances = await openEventStream(
    api.url,
    'subscription ($id: ID!) { balanceChanged(walletId: $id) { version at cause balance { settled } } }',
    { id: wallet.id },
    KEY,
  );
  const events = await openEventStream(
    api.url,
    `subscription { events(types: [TEST_CLOCK_READY]) { __typename type customer { id }
      ... on TestClockReadyEvent { now testClock { id status } } } }`,
    {},
    KEY,
  );
  const updateOf = async () =>
    ((await balances.next()) as { data: { balanceChanged: object } }).data.balanceChanged;
  expect(await updateOf()).toMatchObject({ version: 2, balance: { settled: '10' } });
  await words.advance(clock, day(4));
  // A slow reader would get the latest only; this one is quick, and misses none of three at its worst.
  const last = { version: 5, at: day(3.25), cause: 'EXPIRY', balance: { settled: '5' } };
  let update = await updateOf();
  while ((update as { version: number }).version < 5) update = await updateOf();
  expect(update).toEqual(last);
  expect(await events.next()).toEqual({
    data: {
      events: {
        __typename: 'TestClockReadyEvent',
        type: 'TEST_CLOCK_READY',
        customer: null,
        now: day(4),
        testClock: { id: clock, status: 'READY' },
      },
    },
  });
  await balances.close();
  await events.close();
});

test('a webhook is sent the arrival', async () => {
  const receiver = await startReceiver(status(204));
  const made = await words.mutate(
    'createWebhookEndpoint',
    'CreateWebhookEndpointInput',
    { url: receiver.url, types: ['TEST_CLOCK_READY'] },
    '... on CreateWebhookEndpointPayload { endpoint { id } }',
  );
  const clock = await words.clock();
  await words.advance(clock, day(1));
  const [sent] = await receiver.first(1);
  expect(JSON.parse(sent?.body ?? '')).toMatchObject({
    type: 'test_clock.ready',
    data: { customerId: null, testClockId: clock, now: day(1) },
  });
  const { endpoint } = made;
  await words.mutate(
    'deleteWebhookEndpoint',
    'DeleteWebhookEndpointInput',
    { endpoint: endpoint.id },
    '',
  );
  await receiver.close();
});
