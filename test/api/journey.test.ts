import { readdirSync, readFileSync } from 'node:fs';
import { createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { KEY, startApi, type TestApi } from '../support/api.ts';
import { openEventStream } from '../support/sse.ts';
import { openWs, type WsClient } from '../support/ws-client.ts';

// What the README promises, document by document, and then what the last of them does with its time.

const FOLDER = new URL('../../schema/operations/', import.meta.url);

let api: TestApi;
let walletId: string;
let undo: (() => unknown)[];

beforeAll(async () => {
  api = await startApi();
  undo = [];
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});
afterAll(() => api.stop());

/** A published document and its variables, by its number. */
function readOperation(number: string) {
  const name = readdirSync(FOLDER).find(
    (file) => file.startsWith(number) && file.endsWith('.graphql'),
  );
  const query = readFileSync(new URL(name ?? '', FOLDER), 'utf8');
  const file = new URL(name?.replace('.graphql', '.variables.json') ?? '', FOLDER);
  return { query, variables: JSON.parse(readFileSync(file, 'utf8')) };
}

async function run(number: string) {
  const { query, variables } = readOperation(number);
  const { data, errors } = await api.ask(query, variables);
  expect(errors).toBeUndefined();
  return data[Object.keys(data)[0] ?? ''];
}

const wsUrl = () => `${api.url.replace('http', 'ws')}/graphql`;

const WATCH = `subscription ($walletId: ID!, $sinceVersion: SafeInt) {
  balanceChanged(walletId: $walletId, sinceVersion: $sinceVersion) {
    version at balance { settled held available pending } wallet { id asset { code } }
  }
}`;

let charged = 0;

/** One more request of 1,000 tokens, which cost a cent. */
async function charge(): Promise<void> {
  charged += 1;
  const { variables, query } = readOperation('06');
  const properties = { model: 'gpt-4o', output_tokens: 1000 };
  const input = { ...variables.input, eventId: `more-${charged}`, properties };
  const { data } = await api.ask(query, { input });
  expect(data.recordUsage).toMatchObject({
    __typename: 'UsageRecorded',
    charges: [{ amount: '0.01' }],
  });
}

async function openSocket(authorization = `Bearer ${KEY}`): Promise<WsClient> {
  const client = await openWs(wsUrl());
  undo.push(() => client.close());
  expect(await client.init(authorization)).toMatchObject({ type: 'connection_ack' });
  return client;
}

/** The code with which a subscription was refused; the operation is over then, the socket is not. */
async function refusalOf(socket: WsClient, id: string, variables: object): Promise<string> {
  socket.subscribe(id, WATCH, variables);
  const { payload } = await socket.next();
  expect(await socket.next()).toEqual({ id, type: 'complete' });
  expect(payload.errors[0].extensions.requestId).toEqual(expect.any(String));
  return payload.errors[0].extensions.code;
}

async function createToken(input: object): Promise<string> {
  const { data } = await api.ask(
    `mutation ($input: CreateCustomerTokenInput!) { createCustomerToken(input: $input) {
      ... on CreateCustomerTokenPayload { token }
    } }`,
    { input },
  );
  return data.createCustomerToken.token;
}

describe('the documents of the README, in order,', () => {
  test('have each their variables', () => {
    const files = readdirSync(FOLDER).filter((file) => /^\d/.test(file));
    const documents = files.filter((file) => file.endsWith('.graphql'));
    const variables = files.filter((file) => file.endsWith('.variables.json'));
    expect(documents.length).toBeGreaterThanOrEqual(15);
    expect(variables.map((file) => file.replace('.variables.json', '.graphql'))).toEqual(documents);
  });

  test('1 to 5 make a customer, money, and what it is spent on', async () => {
    expect(await run('01')).toMatchObject({
      created: true,
      customer: { externalId: 'acme', name: 'Acme Inc.' },
    });
    expect(await run('02')).toMatchObject({
      created: true,
      asset: { code: 'USD', kind: 'FIAT', scale: 12 },
    });
    const granted = await run('03');
    expect(granted).toMatchObject({
      grant: { amount: '10', remaining: '10', purpose: 'PROMOTIONAL' },
      wallet: { balance: { settled: '10', available: '10' } },
    });
    walletId = granted.wallet.id;
    expect(await run('04')).toMatchObject({
      created: true,
      metric: { code: 'output_tokens', aggregation: 'SUM' },
    });
    expect(await run('05')).toMatchObject({
      created: true,
      rate: { unitAmount: '0.00001', dimensions: { model: 'gpt-4o' } },
    });
  });

  test('6 charges once, however often it is sent', async () => {
    const first = {
      quantity: '1250',
      amount: '0.0125',
      asset: { code: 'USD' },
      draws: [{ amount: '0.0125' }],
    };
    const recorded = await run('06');
    expect(recorded).toMatchObject({
      duplicate: false,
      charges: [first],
      balances: [{ balance: { available: '9.9875' } }],
    });
    const again = await run('06');
    expect(again).toEqual({ ...recorded, duplicate: true });
  });

  test('7 records what it can and says what is wrong with the rest', async () => {
    expect(await run('07')).toMatchObject({
      recorded: 1,
      duplicates: 0,
      refused: 1,
      outcomes: [
        { __typename: 'UsageRecorded', duplicate: false, charges: [{ amount: '0.008' }] },
        { __typename: 'PriceNotFoundError', code: 'PRICE_NOT_FOUND' },
      ],
    });
  });

  test('8 and 9 show the balance that fell and why', async () => {
    const balance = { settled: '9.9795', held: '0', available: '9.9795', pending: '0' };
    expect(await run('08')).toMatchObject({
      wallets: [
        {
          id: walletId,
          name: 'default',
          version: 3,
          asset: { code: 'USD' },
          balance,
          grants: { edges: [{ node: { remaining: '9.9795' } }] },
        },
      ],
    });
    const explained = await run('09');
    expect(explained).toMatchObject({
      edges: [
        {
          node: {
            eventId: 'request-2',
            charges: [{ quantity: '800', amount: '0.008', metric: { code: 'output_tokens' } }],
          },
        },
        {
          node: {
            eventId: 'request-1',
            charges: [
              {
                quantity: '1250',
                amount: '0.0125',
                rate: { unitAmount: '0.00001', packageSize: '1' },
              },
            ],
          },
        },
      ],
      pageInfo: { hasNextPage: false },
    });
  });

  test('19 says before a request whether it would be paid', async () => {
    expect(await run('19')).toMatchObject({
      outcome: 'ALLOW',
      reason: null,
      required: '0.0125',
      available: '9.9795',
      asset: { code: 'USD' },
    });
  });

  test('10 shows the balance over WebSocket as it is, and as it falls', async () => {
    const client = createClient({
      url: wsUrl(),
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${KEY}` },
    });
    undo.push(() => client.dispose());
    const { query, variables } = readOperation('10');
    expect(variables).toHaveProperty('walletId');
    const updates = client.iterate<{ balanceChanged: object }>({ query, variables: { walletId } });
    const next = async () => (await updates.next()).value?.data?.balanceChanged;
    expect(await next()).toMatchObject({
      version: 3,
      balance: { settled: '9.9795' },
      wallet: { asset: { code: 'USD' } },
    });
    await charge();
    expect(await next()).toMatchObject({
      version: 4,
      balance: { settled: '9.9695', available: '9.9695' },
    });
    await updates.return?.();
  });
});

describe('balanceChanged', () => {
  test('says the same over SSE as over WebSocket, the state as it is first', async () => {
    const socket = await openSocket();
    socket.subscribe('watch', WATCH, { walletId });
    const stream = await openEventStream(api.url, WATCH, { walletId }, KEY);
    undo.push(stream.close);
    const versions: number[] = [];
    for (let at = 0; at < 4; at += 1) {
      if (at > 0) await charge();
      const { type, payload } = await socket.next();
      expect(type).toBe('next');
      expect(await stream.next()).toEqual(payload);
      versions.push(payload.data.balanceChanged.version);
    }
    const [first = 0] = versions;
    expect(versions).toEqual([first, first + 1, first + 2, first + 3]);
  });

  test('leaves out what the subscriber has, and nothing else', async () => {
    const socket = await openSocket();
    socket.subscribe('all', WATCH, { walletId });
    const { version } = (await socket.next()).payload.data.balanceChanged;
    socket.subscribe('newer', WATCH, { walletId, sinceVersion: version });
    socket.subscribe('older', WATCH, { walletId, sinceVersion: version - 1 });
    expect(await socket.next()).toMatchObject({
      id: 'older',
      payload: { data: { balanceChanged: { version } } },
    });
    await charge();
    const seen = [await socket.next(), await socket.next(), await socket.next()];
    expect(seen.map(({ id }) => id).sort()).toEqual(['all', 'newer', 'older']);
    for (const { payload } of seen) expect(payload.data.balanceChanged.version).toBe(version + 1);
  });

  test('answers NOT_FOUND about a wallet that is nowhere, and the socket stays open', async () => {
    const socket = await openSocket();
    for (const nowhere of ['wallet_01h455vb4pex5vsknk084sn02q', 'no id at all']) {
      expect(await refusalOf(socket, nowhere, { walletId: nowhere })).toBe('NOT_FOUND');
    }
    socket.subscribe('after', WATCH, { walletId });
    expect(await socket.next()).toMatchObject({ id: 'after', type: 'next' });
  });

  test("lets a customer's token watch its own wallet only", async () => {
    await api.ask(`mutation { createCustomer(input: { externalId: "beta" }) { __typename } }`);
    const own = await createToken({ customer: { externalId: 'acme' } });
    const foreign = await createToken({ customer: { externalId: 'beta' } });
    const socket = await openSocket(`Bearer ${foreign}`);
    expect(await refusalOf(socket, 'foreign', { walletId })).toBe('NOT_FOUND');
    const ownSocket = await openSocket(`Bearer ${own}`);
    ownSocket.subscribe('own', WATCH, { walletId });
    expect(await ownSocket.next()).toMatchObject({
      type: 'next',
      payload: { data: { balanceChanged: { wallet: { id: walletId } } } },
    });
    const blind = await createToken({ customer: { externalId: 'acme' }, scopes: ['usage:read'] });
    const blindSocket = await openSocket(`Bearer ${blind}`);
    expect(await refusalOf(blindSocket, 'blind', { walletId })).toBe('FORBIDDEN');
  });

  test('ends with 4403 when the token does', async () => {
    const token = await createToken({ customer: { externalId: 'acme' }, expiresInSeconds: 5 });
    const socket = await openSocket(`Bearer ${token}`);
    socket.subscribe('watch', WATCH, { walletId });
    expect(await socket.next()).toMatchObject({ type: 'next' });
    expect(await socket.closed).toMatchObject({ code: 4403 });
    const after = await openWs(wsUrl());
    after.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    expect(await after.closed).toMatchObject({ code: 4403 });
  });
});
