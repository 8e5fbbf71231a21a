import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY_MS } from '../../src/kit/clock.ts';
import type { WsClient } from '../support/ws-client.ts';
import { codeOf, type LogFixture, openLog } from './log-fixture.ts';

let log: LogFixture;

beforeAll(async () => {
  log = await openLog();
  await log.customer('beta');
});
afterAll(() => log.stop());

describe('usageRecorded', () => {
  const TAIL = `subscription ($customer: CustomerRef!, $subject: String) {
    usageRecorded(customer: $customer, type: "api.call", subject: $subject) { eventId charges { amount } }
  }`;

  test('gives each event of a batch, in order', async () => {
    const socket = await log.openSocket();
    socket.subscribe('1', TAIL, { customer: { externalId: 'acme' } });
    // When it begins is not told: this goes on until it has.
    const sent: string[] = [];
    while (socket.waiting() === 0) sent.push(...(await log.use(2)));
    sent.push(...(await log.use(3)));
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
    const socket = await log.openSocket(await log.tokenOf('beta'));
    for (const externalId of ['acme', 'nobody']) {
      socket.subscribe(externalId, TAIL, { customer: { externalId } });
      expect(await codeOf(socket)).toBe('NOT_FOUND');
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
    const socket = await log.openSocket();
    socket.subscribe('1', BALANCES, { customer: { externalId: 'acme' } });
    const begin = await nextBalance(socket);
    expect(begin).toMatchObject({ cause: null, wallet: { id: log.walletId } });
    await log.use();
    expect(await nextBalance(socket)).toMatchObject({
      cause: 'USAGE',
      version: begin.version + 1,
      wallet: { id: log.walletId },
    });
    await log.api.ask(
      `mutation { createAsset(input: { code: "CREDIT", kind: CUSTOM }) { __typename } }`,
    );
    await log.api.ask(
      `mutation { grantCredit(input: { customer: { externalId: "acme" }, asset: "CREDIT", amount: "5" }) { __typename } }`,
    );
    expect(await nextBalance(socket)).toMatchObject({
      cause: 'GRANT',
      wallet: { asset: { code: 'CREDIT' } },
      balance: { available: '5' },
    });
  });

  test('answers NOT_FOUND about a customer that is not to be seen', async () => {
    const socket = await log.openSocket(await log.tokenOf('beta'));
    socket.subscribe('1', BALANCES, { customer: { externalId: 'acme' } });
    expect(await codeOf(socket)).toBe('NOT_FOUND');
  });
});

describe('alertRaised', () => {
  const RAISED = `subscription ($customer: CustomerRef!) {
    alertRaised(customer: $customer) { sequence alert { kind threshold observed active wallet { id } } }
  }`;

  test('tells of a threshold that a charge has crossed, to whom it concerns', async () => {
    await log.customer('gamma');
    await log.grant('gamma', '1000');
    const socket = await log.openSocket(await log.tokenOf('gamma'));
    socket.subscribe('1', RAISED, { customer: { externalId: 'gamma' } });
    // When it begins is not told: below half is crossed again and again until it has.
    while (socket.waiting() === 0) {
      await log.use(501, 'gamma');
      await log.grant('gamma', '1000');
    }
    const { alert } = (await socket.next()).payload.data.alertRaised;
    expect(alert).toMatchObject({ kind: 'BELOW_PERCENT' });
  });

  test('tells of a grant that ends soon when it is made, with no worker about', async () => {
    await log.customer('delta');
    const customer = { externalId: 'delta' };
    const ask = (mutation: string, input: object) => log.api.ask(mutation, { input });
    await ask(
      `mutation ($input: CreateAlertRuleInput!) { createAlertRule(input: $input) { __typename } }`,
      { customer, condition: { grantExpiringDays: 7 } },
    );
    const socket = await log.openSocket(await log.tokenOf('delta'));
    socket.subscribe('1', RAISED, { customer });
    const expiresAt = new Date(Date.now() + 2 * DAY_MS).toISOString();
    // When it begins is not told: this goes on until it has.
    while (socket.waiting() === 0) {
      await ask(
        `mutation ($input: GrantCreditInput!) { grantCredit(input: $input) { __typename } }`,
        {
          customer,
          asset: 'USD',
          amount: '1',
          expiresAt,
        },
      );
    }
    const { alert } = (await socket.next()).payload.data.alertRaised;
    expect(alert).toMatchObject({ kind: 'GRANT_EXPIRING', observed: '1', active: true });
  });

  test('answers NOT_FOUND about a customer that is not to be seen', async () => {
    const socket = await log.openSocket(await log.tokenOf('beta'));
    socket.subscribe('1', RAISED, { customer: { externalId: 'acme' } });
    expect(await codeOf(socket)).toBe('NOT_FOUND');
  });
});
