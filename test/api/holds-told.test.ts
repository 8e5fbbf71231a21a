import { afterAll, beforeAll, expect, test } from 'vitest';
import { KEY } from '../support/api.ts';
import { eventOf, holdsOf } from '../support/holds.ts';
import { type Bank, openBank, units } from '../support/money.ts';
import { settledLog } from '../support/settled-log.ts';
import { openEventStream } from '../support/sse.ts';

// What is told of holds: to whoever watches a balance, and in the event log.

let bank: Bank;
let holds: ReturnType<typeof holdsOf>;

beforeAll(async () => {
  bank = await openBank();
  holds = holdsOf(bank);
  await bank.customer('ada');
  await bank.grant('ada', '10');
});
afterAll(() => bank.stop());

const WATCH = `subscription ($walletId: ID!) { balanceChanged(walletId: $walletId) {
  version cause balance { settled held available } } }`;
const EVENTS = `{ events(last: 100) { edges { node {
  __typename
  ... on HoldPlacedEvent { hold { id } amount expiresAt }
  ... on HoldCapturedEvent { hold { id } amount late closed usageEvents { eventId hold { id } } }
  ... on HoldReleasedEvent { hold { id status } amount }
  ... on HoldExpiredEvent { hold { id status } amount }
} } } }`;

test('every operation on a hold is told, in order, with its cause', async () => {
  const { id: walletId } = await bank.look('ada');
  const stream = await openEventStream(bank.api.url, WATCH, { walletId }, KEY);
  const told = async () => {
    const answer = (await stream.next()) as { data: { balanceChanged: object } };
    return answer.data.balanceChanged;
  };
  expect(await told()).toMatchObject({ version: 1, balance: { held: '0', available: '10' } });
  const { hold } = await holds.place('ada', { amount: '4', ttlSeconds: 60 });
  expect(await told()).toMatchObject({ version: 2, cause: 'HOLD', balance: { available: '6' } });
  await holds.extend(hold.id, { amount: '5' });
  expect(await told()).toMatchObject({ version: 3, cause: 'HOLD', balance: { held: '5' } });
  await bank.use('ada', 'use', units(1, { holdId: hold.id, eventId: 'used' }));
  expect(await told()).toMatchObject({
    version: 4,
    cause: 'USAGE',
    balance: { settled: '9', held: '4', available: '5' },
  });
  bank.clock.advance(60_000);
  expect(await bank.api.services.ledger.expireHolds()).toBe(1);
  expect(await told()).toMatchObject({ version: 5, cause: 'RELEASE', balance: { held: '0' } });
  const { hold: second } = await holds.place('ada', { amount: '3' });
  expect(await told()).toMatchObject({ version: 6, cause: 'HOLD' });
  await holds.release(second.id);
  expect(await told()).toMatchObject({ version: 7, cause: 'RELEASE', balance: { available: '9' } });
  await stream.close();

  await settledLog(bank.api.databaseUrl);
  const { data } = await bank.api.ask(EVENTS);
  const ofHolds = data.events.edges
    .map(({ node }: { node: { __typename: string } }) => node)
    .filter(({ __typename }: { __typename: string }) => __typename.startsWith('Hold'));
  expect(ofHolds).toMatchObject([
    { __typename: 'HoldPlacedEvent', hold: { id: hold.id }, amount: '4' },
    {
      __typename: 'HoldCapturedEvent',
      amount: '1',
      late: false,
      closed: false,
      usageEvents: [{ eventId: 'used', hold: { id: hold.id } }],
    },
    { __typename: 'HoldExpiredEvent', hold: { id: hold.id, status: 'EXPIRED' }, amount: '4' },
    { __typename: 'HoldPlacedEvent', hold: { id: second.id }, amount: '3' },
    { __typename: 'HoldReleasedEvent', hold: { id: second.id, status: 'RELEASED' }, amount: '3' },
  ]);
});

test('of a capture that is refused only what it would have added is told as refused', async () => {
  await bank.customer('bea');
  await bank.grant('bea', '5');
  const { hold } = await holds.place('bea', { amount: '2' });
  const paid = eventOf(1, 'paid');
  await holds.capture(hold.id, [], { events: [paid], final: false });
  const events = [paid, eventOf(1, 'fits'), eventOf(100, 'beyond')];
  expect(await holds.capture(hold.id, [], { events })).toMatchObject({
    __typename: 'InsufficientFundsError',
  });
  await settledLog(bank.api.databaseUrl);
  const { data } = await bank.api.ask(
    '{ events(last: 10) { edges { node { ... on UsageRefusedEvent { refusals { eventId } } } } } }',
  );
  const refusals = data.events.edges.flatMap(
    ({ node }: { node: { refusals?: { eventId: string }[] } }) => node.refusals ?? [],
  );
  expect(refusals).toEqual([{ eventId: 'fits' }, { eventId: 'beyond' }]);
});

test('the holds of a wallet and of a customer are listed, and found by their ids', async () => {
  const { data, errors } = await bank.api.ask(`{ customer(ref: { externalId: "ada" }) {
    holds(first: 1) { edges { cursor node { id status } } }
    wallets { holds { edges { node { id status held } } } open: holds(openOnly: true) { edges { node { id } } } }
  } }`);
  expect(errors).toBeUndefined();
  const [wallet] = data.customer.wallets;
  expect(wallet.holds.edges.map(({ node }: { node: { status: string } }) => node.status)).toEqual([
    'RELEASED',
    'EXPIRED',
  ]);
  expect(wallet.open.edges).toEqual([]);
  const [{ cursor, node }] = data.customer.holds.edges;
  expect(node.status).toBe('RELEASED');
  const next = await bank.api.ask(
    `query ($after: String, $id: ID!) { customer(ref: { externalId: "ada" }) { holds(first: 5, after: $after) { edges { node { status } } } }
      node(id: $id) { ... on Hold { status captured wallet { id } } } }`,
    { after: cursor, id: node.id },
  );
  expect(next.data).toMatchObject({
    customer: { holds: { edges: [{ node: { status: 'EXPIRED' } }] } },
    node: { status: 'RELEASED', captured: '0' },
  });
});
