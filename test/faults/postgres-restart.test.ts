import { afterAll, beforeAll, expect, test } from 'vitest';
import { setUpCalls } from '../support/api.ts';
import { type ChildApi, startChildApi } from '../support/child-api.ts';
import { type OwnPostgres, startOwnPostgres } from '../support/postgres.ts';
import { openWs, type WsClient } from '../support/ws-client.ts';

// PostgreSQL crashes under a load of charges, and comes back.

let postgres: OwnPostgres;
let api: ChildApi;
const sockets: WsClient[] = [];

beforeAll(async () => {
  postgres = await startOwnPostgres();
  api = await startChildApi({ databaseUrl: postgres.url });
});
afterAll(async () => {
  await Promise.all(sockets.map((socket) => socket.close()));
  await api?.stop();
  await postgres?.stop();
});

async function subscribe(query: string, variables: object): Promise<WsClient> {
  const socket = await openWs(`${api.url.replace('http', 'ws')}/graphql`);
  sockets.push(socket);
  await socket.init('Bearer sk_test_the_first_organizations_key_for_tests');
  socket.subscribe('1', query, variables);
  return socket;
}

async function readiness(): Promise<number> {
  return (await fetch(`${api.url}/readyz`)).status;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition()));
}

/** Charges one event after the other until it is over, each as often as it takes; and what it is answered. */
async function chargeUntil(isOver: () => boolean) {
  let charged = 0;
  const answers = new Set<string>();
  while (!isOver()) {
    const { data, errors } = await api.ask(
      `mutation ($input: UsageEventInput!) { recordUsage(input: $input) { __typename } }`,
      { input: { customer: { externalId: 'acme' }, eventId: `${charged}`, type: 'api.call' } },
    );
    answers.add(data?.recordUsage.__typename ?? errors?.[0].extensions.code);
    if (data?.recordUsage.__typename === 'UsageRecorded') charged += 1;
  }
  return { charged, answers };
}

test('the process stays, says that it is not ready and then that it is, and subscribers hear on', async () => {
  const { walletId } = await setUpCalls(api.ask, 'acme', '1000000');
  const balance = await subscribe(
    'subscription ($id: ID!) { balanceChanged(walletId: $id) { version balance { available } } }',
    { id: walletId },
  );
  const first = await balance.next();
  const { data } = await api.ask('{ eventCursor }');
  const log = await subscribe(
    'subscription ($after: String) { events(after: $after, types: [BALANCE_CHANGED]) { ... on BalanceChangedEvent { version } } }',
    { after: data.eventCursor },
  );

  let isOver = false;
  const charging = chargeUntil(() => isOver);
  await log.next();
  await postgres.crash();
  await until(async () => (await readiness()) === 503);
  await postgres.recover();
  await until(async () => (await readiness()) === 200);
  // What is charged from here on is charged after the crash.
  const told = log.waiting();
  await until(async () => {
    await readiness();
    return log.waiting() > told + 3;
  });
  isOver = true;
  const { charged, answers } = await charging;
  // Not that too much was waiting, which would be another thing to look into.
  answers.delete('SERVICE_UNAVAILABLE');
  expect(answers).toEqual(new Set(['UsageRecorded']));

  const { wallet } = (
    await api.ask('query ($id: ID!) { wallet(id: $id) { version balance { available } } }', {
      id: walletId,
    })
  ).data;
  expect(wallet.balance.available).toBe(String(1_000_000 - charged));
  let { version } = first.payload.data.balanceChanged;
  while (version < wallet.version) {
    const next = (await balance.next()).payload.data.balanceChanged;
    expect(next.version).toBeGreaterThan(version);
    ({ version } = next);
    if (version === wallet.version) expect(next.balance).toEqual(wallet.balance);
  }
  const heard = [2];
  while (heard.at(-1) !== wallet.version)
    heard.push((await log.next()).payload.data.events.version);
  expect(heard).toEqual(Array.from({ length: wallet.version - 1 }, (_, at) => at + 2));
});
