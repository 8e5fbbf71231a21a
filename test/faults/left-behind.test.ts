import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluate } from '../../src/alerts/evaluate.ts';
import { createCatalog } from '../../src/catalog/service.ts';
import { createCustomers } from '../../src/customers/service.ts';
import { createDb, type Db } from '../../src/infra/db.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { createUsage } from '../../src/usage/service.ts';
import { KEY, setUpCalls, startApi, type TestApi } from '../support/api.ts';
import { openWs, type WsClient } from '../support/ws-client.ts';

// A process commits and dies before it has told anybody: the others find what it has left.

let api: TestApi;
let db: Db;
let socket: WsClient;

beforeAll(async () => {
  api = await startApi({ worker: true });
  db = createDb({ url: api.databaseUrl, poolSize: 4, onIdleError: () => undefined });
});
afterAll(async () => {
  await socket?.close();
  await db?.close();
  await api?.stop();
});

/** The room of usage in a process that dies between a commit and what follows it. */
function openDyingProcess() {
  const clock = systemClock;
  const { books } = createCatalog({ db, clock });
  const customers = createCustomers({ db, clock, wake: () => undefined });
  const publish = () => undefined;
  return createUsage({ db, clock, customers, priceBooks: books, publish, watch: evaluate });
}

test('subscribers of the balance and of the log hear of a change that nobody told', async () => {
  const { walletId } = await setUpCalls(api.ask);
  const { data } = await api.ask('{ eventCursor }');
  socket = await openWs(`${api.url.replace('http', 'ws')}/graphql`);
  await socket.init(`Bearer ${KEY}`);
  socket.subscribe(
    'balance',
    'subscription ($id: ID!) { balanceChanged(walletId: $id) { version } }',
    {
      id: walletId,
    },
  );
  const { version } = (await socket.next()).payload.data.balanceChanged;
  socket.subscribe('log', 'subscription ($after: String) { events(after: $after) { type } }', {
    after: data.eventCursor,
  });
  const dying = openDyingProcess();
  const viewer = await api.services.access.authenticate(`Bearer ${KEY}`);
  if ('refusal' in viewer) throw new Error('The key is not known.');
  await dying.record(viewer, {
    customer: { externalId: 'acme' },
    eventId: 'last words',
    type: 'api.call',
  });
  // What was told before comes first: it was numbered after the cursor was read.
  const balances: number[] = [];
  const types: string[] = [];
  while (!types.includes('USAGE_RECORDED') || types.at(-1) !== 'BALANCE_CHANGED' || !balances[0]) {
    const { id, payload } = await socket.next();
    if (id === 'balance') balances.push(payload.data.balanceChanged.version);
    else types.push(payload.data.events.type);
  }
  expect(balances).toEqual([version + 1]);
  expect(types.slice(-2)).toEqual(['USAGE_RECORDED', 'BALANCE_CHANGED']);
});
