import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settledLog } from '../support/settled-log.ts';
import { openEventStream } from '../support/sse.ts';
import type { WsClient } from '../support/ws-client.ts';
import { codeOf, type LogFixture, openLog } from './log-fixture.ts';

let log: LogFixture;

beforeAll(async () => {
  log = await openLog();
});
afterAll(() => log.stop());

const EVENTS = `subscription ($after: String, $types: [EventType!]) {
  events(after: $after, types: $types) {
    __typename id type cursor sequence at customer { externalId }
    ... on BalanceChangedEvent { version cause wallet { id } balance { available } }
    ... on UsageRecordedEvent { count usageEvents { eventId charges { amount } } }
    ... on UsageRefusedEvent { refusals { eventId required available asset { code } wallet { id } } }
    ... on GrantCreatedEvent { amount grant { id } }
  }
}`;

const endOf = async (key?: string): Promise<string> =>
  (await log.api.ask('{ eventCursor }', {}, key)).data.eventCursor;

/** A socket that follows the log from now on. */
async function follow(variables: object = {}, key?: string): Promise<WsClient> {
  await settledLog(log.api.databaseUrl);
  const after = await endOf(key);
  const socket = await log.openSocket(key);
  socket.subscribe('1', EVENTS, { after, ...variables });
  return socket;
}

const nextEvent = async (socket: WsClient) => {
  const message = await socket.next();
  if (message.type !== 'next') throw new Error(JSON.stringify(message));
  return message.payload.data.events;
};

describe('events', () => {
  test('tells what is committed from now on: the usage of a batch as one, then the balance', async () => {
    const socket = await follow();
    const ids = await log.use(2);
    const [usage, balance] = [await nextEvent(socket), await nextEvent(socket)];
    expect(usage).toMatchObject({
      __typename: 'UsageRecordedEvent',
      type: 'USAGE_RECORDED',
      customer: { externalId: 'acme' },
      count: 2,
      usageEvents: ids.map((eventId) => ({ eventId, charges: [{ amount: '1' }] })),
    });
    expect(balance).toMatchObject({
      type: 'BALANCE_CHANGED',
      cause: 'USAGE',
      wallet: { id: log.walletId },
      balance: { available: '998' },
      sequence: usage.sequence + 1,
    });
    expect(usage.id).toMatch(/^evt_[0-9a-z]{26}$/);
    expect(balance.id > usage.id).toBe(true);
  });

  test('replays what was missed and goes on, without a gap or a repeat', async () => {
    const first = await follow();
    await log.use();
    const { cursor, sequence } = await nextEvent(first);
    await first.close();
    await log.use();
    const back = await log.openSocket();
    back.subscribe('1', EVENTS, { after: cursor });
    const missed = [await nextEvent(back), await nextEvent(back), await nextEvent(back)];
    await log.use();
    const live = [await nextEvent(back), await nextEvent(back)];
    expect([...missed, ...live].map((event) => event.sequence)).toEqual(
      [1, 2, 3, 4, 5].map((step) => sequence + step),
    );
  });

  test('gives only the types that are wanted', async () => {
    const socket = await follow({ types: ['GRANT_CREATED'] });
    await log.use();
    const { data } = await log.api.ask(
      `mutation { grantCredit(input: { customer: { externalId: "acme" }, asset: "USD", amount: "5" }) {
        ... on GrantCreditPayload { grant { id } }
      } }`,
    );
    expect(await nextEvent(socket)).toMatchObject({
      type: 'GRANT_CREATED',
      amount: '5',
      grant: { id: data.grantCredit.grant.id },
    });
  });

  test('names what was refused for want of funds', async () => {
    await log.customer('poor');
    const socket = await follow({ types: ['USAGE_REFUSED'] });
    const [eventId] = await log.use(1, 'poor');
    expect(await nextEvent(socket)).toMatchObject({
      customer: { externalId: 'poor' },
      refusals: [{ eventId, required: '1', available: '0', asset: { code: 'USD' }, wallet: null }],
    });
  });

  test('is the same over SSE as over a WebSocket', async () => {
    const socket = await follow();
    await log.use();
    const { cursor } = await nextEvent(socket);
    const balance = await nextEvent(socket);
    const key = 'sk_test_the_first_organizations_key_for_tests';
    const stream = await openEventStream(log.api.url, EVENTS, { after: cursor }, key);
    expect(await stream.next()).toEqual({ data: { events: balance } });
    await stream.close();
  });

  test("with a customer's token tells of that customer only, in its own order", async () => {
    await log.customer('beta');
    const grant = `mutation { grantCredit(input: { customer: { externalId: "beta" }, asset: "USD", amount: "9" }) { __typename } }`;
    const socket = await follow({}, await log.tokenOf('beta'));
    await log.use();
    await log.api.ask(grant);
    const seen = [await nextEvent(socket), await nextEvent(socket), await nextEvent(socket)];
    expect(seen.map(({ type }) => type)).toEqual([
      'WALLET_OPENED',
      'GRANT_CREATED',
      'BALANCE_CHANGED',
    ]);
    expect(seen.map(({ sequence }) => sequence)).toEqual([2, 3, 4]);
    const back = await log.openSocket(await log.tokenOf('beta'));
    back.subscribe('1', EVENTS, { after: seen[1].cursor });
    expect((await nextEvent(back)).id).toBe(seen[2].id);
    // The order of the whole organization is another.
    back.subscribe('2', EVENTS, { after: Buffer.from('log.1').toString('base64url') });
    expect(await codeOf(back)).toBe('BAD_USER_INPUT');
  });

  test.each([
    ['of another log', Buffer.from('part.1').toString('base64url'), 'BAD_USER_INPUT'],
    ['that is no cursor', 'x', 'BAD_USER_INPUT'],
    ['that is empty', '', 'BAD_USER_INPUT'],
    ['ahead of the log', Buffer.from('log.999999').toString('base64url'), 'CURSOR_EXPIRED'],
  ])('answers an error about a cursor %s, and the socket stays open', async (_, after, code) => {
    const socket = await log.openSocket();
    socket.subscribe('1', EVENTS, { after });
    expect(await codeOf(socket)).toBe(code);
    socket.subscribe('2', '{ __typename }');
    expect(await socket.next()).toMatchObject({ id: '2', type: 'next' });
  });

  test('needs the scope for it', async () => {
    const socket = await log.openSocket(await log.tokenOf('acme', ['wallet:read']));
    socket.subscribe('1', EVENTS);
    expect((await socket.next()).payload.errors[0]).toMatchObject({
      message: 'This credential may not use Subscription.events: it lacks the scope event:read.',
      extensions: { code: 'FORBIDDEN', scope: 'event:read' },
    });
  });
});

describe('the log as a list', () => {
  const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String) {
    events(first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { id cursor } } pageInfo { hasNextPage hasPreviousPage endCursor startCursor }
    }
  }`;
  const page = async (variables: object) => (await log.api.ask(PAGE, variables)).data.events;

  test('is read forward and backward, the same events either way', async () => {
    const forward: string[] = [];
    for (let after: string | null = null; ; ) {
      const { edges, pageInfo } = await page({ first: 4, after });
      forward.push(...edges.map(({ node }: { node: { id: string } }) => node.id));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    const backward: string[] = [];
    for (let before: string | null = null; ; ) {
      const { edges, pageInfo } = await page({ last: 3, before });
      backward.unshift(...edges.map(({ node }: { node: { id: string } }) => node.id));
      if (!pageInfo.hasPreviousPage) break;
      before = pageInfo.startCursor;
    }
    expect(forward.length).toBeGreaterThan(20);
    expect(new Set(forward).size).toBe(forward.length);
    expect(backward).toEqual(forward);
  });

  test("ends where `eventCursor` is, and an event's own cursor is that of its edge", async () => {
    const { edges, pageInfo } = await page({ last: 1 });
    expect(pageInfo.endCursor).toBe(await endOf());
    expect(edges[0].node.cursor).toBe(edges[0].cursor);
  });
});
