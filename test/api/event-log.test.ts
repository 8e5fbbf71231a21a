import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setUpCalls, startApi, type TestApi } from '../support/api.ts';
import { openEventStream } from '../support/sse.ts';
import { openWs, type WsClient } from '../support/ws-client.ts';

let api: TestApi;
let walletId: string;
const sockets: WsClient[] = [];
let used = 0;

beforeAll(async () => {
  api = await startApi();
  ({ walletId } = await setUpCalls(api.ask, 'acme', '1000'));
});
afterAll(async () => {
  await Promise.all(sockets.map((socket) => socket.close()));
  await api.stop();
});

const EVENTS = `subscription ($after: String, $types: [EventType!]) {
  events(after: $after, types: $types) {
    __typename id type cursor sequence at customer { externalId }
    ... on BalanceChangedEvent { version cause wallet { id } balance { available } }
    ... on UsageRecordedEvent { count usageEvents { eventId charges { amount } } }
    ... on UsageRefusedEvent { refusals { eventId required available asset { code } wallet { id } } }
    ... on GrantCreatedEvent { amount grant { id } }
  }
}`;

async function openSocket(key?: string): Promise<WsClient> {
  const socket = await openWs(`${api.url.replace('http', 'ws')}/graphql`);
  sockets.push(socket);
  await socket.init(`Bearer ${key ?? 'sk_test_the_first_organizations_key_for_tests'}`);
  return socket;
}

const endOf = async (key?: string): Promise<string> =>
  (await api.ask('{ eventCursor }', {}, key)).data.eventCursor;

/** A socket that follows the log from now on. */
async function follow(variables: object = {}, key?: string): Promise<WsClient> {
  const after = await endOf(key);
  const socket = await openSocket(key);
  socket.subscribe('1', EVENTS, { after, ...variables });
  return socket;
}

const nextEvent = async (socket: WsClient) => {
  const message = await socket.next();
  if (message.type !== 'next') throw new Error(JSON.stringify(message));
  return message.payload.data.events;
};

async function use(count = 1, externalId = 'acme') {
  const ids = Array.from({ length: count }, () => {
    used += 1;
    return `use-${used}`;
  });
  const events = ids.map((eventId) => ({ customer: { externalId }, eventId, type: 'api.call' }));
  await api.ask(
    `mutation ($input: RecordUsageBatchInput!) { recordUsageBatch(input: $input) { __typename } }`,
    { input: { events } },
  );
  return ids;
}

async function tokenOf(externalId: string, scopes?: string[]): Promise<string> {
  const { data } = await api.ask(
    `mutation ($input: CreateCustomerTokenInput!) {
      createCustomerToken(input: $input) { ... on CreateCustomerTokenPayload { token } }
    }`,
    { input: { customer: { externalId }, ...(scopes && { scopes }) } },
  );
  return data.createCustomerToken.token;
}

describe('events', () => {
  test('tells what is committed from now on: the usage of a batch as one, then the balance', async () => {
    const socket = await follow();
    const ids = await use(2);
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
      wallet: { id: walletId },
      balance: { available: '998' },
      sequence: usage.sequence + 1,
    });
    expect(usage.id).toMatch(/^evt_[0-9a-z]{26}$/);
    expect(balance.id > usage.id).toBe(true);
  });

  test('replays what was missed and goes on, without a gap or a repeat', async () => {
    const first = await follow();
    await use();
    const { cursor, sequence } = await nextEvent(first);
    await first.close();
    await use();
    const back = await openSocket();
    back.subscribe('1', EVENTS, { after: cursor });
    const missed = [await nextEvent(back), await nextEvent(back), await nextEvent(back)];
    await use();
    const live = [await nextEvent(back), await nextEvent(back)];
    expect([...missed, ...live].map((event) => event.sequence)).toEqual(
      [1, 2, 3, 4, 5].map((step) => sequence + step),
    );
  });

  test('gives only the types that are wanted', async () => {
    const socket = await follow({ types: ['GRANT_CREATED'] });
    await use();
    const { data } = await api.ask(
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
    await api.ask(`mutation { createCustomer(input: { externalId: "poor" }) { __typename } }`);
    const socket = await follow({ types: ['USAGE_REFUSED'] });
    const [eventId] = await use(1, 'poor');
    expect(await nextEvent(socket)).toMatchObject({
      customer: { externalId: 'poor' },
      refusals: [{ eventId, required: '1', available: '0', asset: { code: 'USD' }, wallet: null }],
    });
  });

  test('is the same over SSE as over a WebSocket', async () => {
    const socket = await follow();
    await use();
    const { cursor } = await nextEvent(socket);
    const balance = await nextEvent(socket);
    const key = 'sk_test_the_first_organizations_key_for_tests';
    const stream = await openEventStream(api.url, EVENTS, { after: cursor }, key);
    expect(await stream.next()).toEqual({ data: { events: balance } });
    await stream.close();
  });

  test("with a customer's token tells of that customer only, in its own order", async () => {
    await api.ask(`mutation { createCustomer(input: { externalId: "beta" }) { __typename } }`);
    const grant = `mutation { grantCredit(input: { customer: { externalId: "beta" }, asset: "USD", amount: "9" }) { __typename } }`;
    const socket = await follow({}, await tokenOf('beta'));
    await use();
    await api.ask(grant);
    const seen = [await nextEvent(socket), await nextEvent(socket), await nextEvent(socket)];
    expect(seen.map(({ type }) => type)).toEqual([
      'WALLET_OPENED',
      'GRANT_CREATED',
      'BALANCE_CHANGED',
    ]);
    expect(seen.map(({ sequence }) => sequence)).toEqual([2, 3, 4]);
    const back = await openSocket(await tokenOf('beta'));
    back.subscribe('1', EVENTS, { after: seen[1].cursor });
    expect((await nextEvent(back)).id).toBe(seen[2].id);
    // The order of the whole organization is another.
    back.subscribe('2', EVENTS, { after: Buffer.from('log.1').toString('base64url') });
    expect((await back.next()).payload.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  test.each([
    ['of another log', Buffer.from('part.1').toString('base64url'), 'BAD_USER_INPUT'],
    ['that is no cursor', 'x', 'BAD_USER_INPUT'],
    ['that is empty', '', 'BAD_USER_INPUT'],
    ['ahead of the log', Buffer.from('log.999999').toString('base64url'), 'CURSOR_EXPIRED'],
  ])('answers an error about a cursor %s, and the socket stays open', async (_, after, code) => {
    const socket = await openSocket();
    socket.subscribe('1', EVENTS, { after });
    expect((await socket.next()).payload.errors[0].extensions.code).toBe(code);
    expect(await socket.next()).toMatchObject({ id: '1', type: 'complete' });
    socket.subscribe('2', '{ __typename }');
    expect(await socket.next()).toMatchObject({ id: '2', type: 'next' });
  });

  test('needs the scope for it', async () => {
    const socket = await openSocket(await tokenOf('acme', ['wallet:read']));
    socket.subscribe('1', EVENTS);
    expect((await socket.next()).payload.errors[0].extensions.code).toBe('FORBIDDEN');
  });
});

describe('the log as a list', () => {
  const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String) {
    events(first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { id cursor } } pageInfo { hasNextPage hasPreviousPage endCursor startCursor }
    }
  }`;
  const page = async (variables: object) => (await api.ask(PAGE, variables)).data.events;

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

describe('usageRecorded', () => {
  const TAIL = `subscription ($customer: CustomerRef!, $subject: String) {
    usageRecorded(customer: $customer, type: "api.call", subject: $subject) { eventId charges { amount } }
  }`;

  test('gives each event of a batch, in order', async () => {
    const socket = await openSocket();
    socket.subscribe('1', TAIL, { customer: { externalId: 'acme' } });
    // When it begins is not told: this goes on until it has.
    const sent: string[] = [];
    while (socket.waiting() === 0) sent.push(...(await use(2)));
    sent.push(...(await use(3)));
    const seen: string[] = [];
    while (seen.at(-1) !== sent.at(-1)) {
      const { eventId, charges } = (await socket.next()).payload.data.usageRecorded;
      expect(charges).toEqual([{ amount: '1' }]);
      seen.push(eventId);
    }
    expect(seen.length).toBeGreaterThan(3);
    expect(seen).toEqual(sent.slice(-seen.length));
  });

  test('answers NOT_FOUND about a customer that is not there, or not to be seen', async () => {
    const socket = await openSocket(await tokenOf('beta'));
    for (const externalId of ['acme', 'nobody']) {
      socket.subscribe(externalId, TAIL, { customer: { externalId } });
      expect((await socket.next()).payload.errors[0].extensions.code).toBe('NOT_FOUND');
      expect(await socket.next()).toMatchObject({ type: 'complete' });
    }
  });
});

describe('customerBalances', () => {
  const BALANCES = `subscription ($customer: CustomerRef!) {
    customerBalances(customer: $customer) { version cause wallet { id asset { code } } balance { available } }
  }`;
  const nextBalance = async (socket: WsClient) =>
    (await socket.next()).payload.data.customerBalances;

  test('tells the state of every wallet, then changes, also of one opened later', async () => {
    const socket = await openSocket();
    socket.subscribe('1', BALANCES, { customer: { externalId: 'acme' } });
    const begin = await nextBalance(socket);
    expect(begin).toMatchObject({ cause: null, wallet: { id: walletId } });
    await use();
    expect(await nextBalance(socket)).toMatchObject({
      cause: 'USAGE',
      version: begin.version + 1,
      wallet: { id: walletId },
    });
    await api.ask(
      `mutation { createAsset(input: { code: "CREDIT", kind: CUSTOM }) { __typename } }`,
    );
    await api.ask(
      `mutation { grantCredit(input: { customer: { externalId: "acme" }, asset: "CREDIT", amount: "5" }) { __typename } }`,
    );
    expect(await nextBalance(socket)).toMatchObject({
      cause: 'GRANT',
      wallet: { asset: { code: 'CREDIT' } },
      balance: { available: '5' },
    });
  });

  test('answers NOT_FOUND about a customer that is not to be seen', async () => {
    const socket = await openSocket(await tokenOf('beta'));
    socket.subscribe('1', BALANCES, { customer: { externalId: 'acme' } });
    expect((await socket.next()).payload.errors[0].extensions.code).toBe('NOT_FOUND');
  });
});
