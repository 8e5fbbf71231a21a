import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../src/infra/log.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { withAdmin } from '../support/admin.ts';
import { setUpCalls, startApi, type TestApi } from '../support/api.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { settledLog } from '../support/settled-log.ts';

// An alert that is told ends as one mail to each address of its rule.

let server: MailServer;
let api: TestApi;
let lines: string[];

beforeEach(async () => {
  server = await startMailServer();
  lines = [];
});
afterEach(async () => {
  await api.stop();
  await server.close();
});

interface Settings {
  readonly worker?: boolean;
  readonly isOff?: boolean;
  readonly agesMs?: number;
}

async function open({ worker = true, isOff = false, agesMs = 0 }: Settings = {}) {
  const log = createLog({ level: 'warn', destination: { write: (line) => void lines.push(line) } });
  api = await startApi({
    worker,
    log,
    clock: { now: () => new Date(systemClock.now().getTime() - agesMs) },
    environment: isOff
      ? {}
      : { DRAWDOWN_SMTP_URL: server.url, DRAWDOWN_MAIL_FROM: 'Cloudy <billing@cloudy.example>' },
  });
  await setUpCalls(api.ask, 'acme', '10');
}

/** A rule about what is left of ten dollars; when it is crossed by six, it is more severe than 50 percent. */
async function createRule(emails: string[], belowAmount = '4.5') {
  const input = { name: 'Low <b>', customer: { externalId: 'acme' }, asset: 'USD', emails };
  const { data } = await api.ask(
    `mutation ($input: CreateAlertRuleInput!) { createAlertRule(input: $input) {
      ... on CreateAlertRulePayload { alertRule { id } } } }`,
    { input: { ...input, condition: { belowAmount } } },
  );
  return data.createAlertRule.alertRule.id as string;
}

async function change(mutation: string, input: object) {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}`;
  const { data, errors } = await api.ask(
    `mutation ($input: ${type}Input!) { result: ${mutation}(input: $input) { __typename } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  expect(data.result.__typename).toBe(`${type}Payload`);
}

/** Calls of each of the customers, in one batch. */
async function spend(eventId: string, count: number, externalIds = ['acme']) {
  const events = externalIds.flatMap((externalId) =>
    Array.from({ length: count }, (_, at) => ({
      customer: { externalId },
      eventId: `${eventId} ${at}`,
      type: 'api.call',
    })),
  );
  await api.ask(
    'mutation ($input: RecordUsageBatchInput!) { recordUsageBatch(input: $input) { __typename } }',
    { input: { events } },
  );
}

const JOBS = `SELECT count(*)::int AS jobs FROM graphile_worker.jobs
  WHERE task_identifier = 'send_alert_mail'`;

/** How many mails wait, once what was committed has its place in the log. */
async function jobs(): Promise<number> {
  await settledLog(api.databaseUrl);
  const { rows } = await withAdmin(api.databaseUrl, (admin) => admin.query(JOBS));
  return rows[0].jobs;
}

async function noJobs(): Promise<void> {
  while ((await jobs()) > 0);
}

test('an alert that is raised is mailed, and says what happened to whom', async () => {
  await open();
  await createRule(['ops@cloudy.example']);
  await spend('down', 6);
  const [mail] = await server.first(1);
  const { data } = await api.ask(
    '{ customer(ref: { externalId: "acme" }) { alerts(first: 1) { edges { node { id } } } } }',
  );
  const [{ node }] = data.customer.alerts.edges;
  expect(mail?.recipients).toEqual(['ops@cloudy.example']);
  expect(mail?.headers).toMatchObject({
    from: 'Cloudy <billing@cloudy.example>',
    to: 'ops@cloudy.example',
    'message-id': `<${node.id}@cloudy.example>`,
  });
  expect(mail?.headers.subject).toMatch(/acme: less than 4.5 USD left$/);
  expect(mail?.text).toContain('The balance is 4 USD, which is less than 4.5 USD.\n');
  expect(mail?.text).toContain('Rule: Low <b>\n');
  expect(mail?.html).toContain('Low &lt;b&gt;');
  await noJobs();
  await spend('further', 1);
  await noJobs();
  expect(server.received).toHaveLength(1);
});

test('each address gets a mail of its own, and "customer" is the address that the customer has', async () => {
  await open();
  await createRule(['a@cloudy.example', 'customer', 'b@cloudy.example']);
  await change('updateCustomer', { customer: { externalId: 'acme' }, email: 'ada@acme.example' });
  await spend('down', 6);
  const mails = await server.first(3);
  expect(mails.map(({ recipients }) => recipients).sort()).toEqual([
    ['a@cloudy.example'],
    ['ada@acme.example'],
    ['b@cloudy.example'],
  ]);
  expect(mails.every(({ headers }) => !headers.to?.includes(','))).toBe(true);
  await noJobs();
  expect(server.received).toHaveLength(3);
});

test('nobody is mailed for a rule without addresses, a customer without one, or an alert that is not told', async () => {
  await open();
  await createRule(['passed-over@cloudy.example'], '4.4');
  await createRule(['told@cloudy.example', 'customer'], '4.2');
  await createRule([], '2.5');
  // Crosses all of them at once: only the most severe is told.
  await spend('down', 6);
  await server.first(1);
  await noJobs();
  await spend('further', 2);
  await noJobs();
  expect(server.received.map(({ recipients }) => recipients)).toEqual([['told@cloudy.example']]);
});

test('of all that one batch raised, each alert is queued once', async () => {
  await open({ worker: false });
  const others = ['b', 'c', 'd'];
  for (const externalId of others) {
    await change('createCustomer', { externalId });
    await change('grantCredit', { customer: { externalId }, asset: 'USD', amount: '10' });
  }
  await change('createAlertRule', {
    asset: 'USD',
    condition: { belowAmount: '0.4' },
    emails: ['ops@cloudy.example'],
  });
  await spend('all', 10, ['acme', ...others]);
  expect(await jobs()).toBe(4);
  await spend('refused', 1);
  await change('createCustomer', { externalId: 'e' });
  expect(await jobs()).toBe(4);
});

test('a grant that is about to expire is one mail', async () => {
  await open({ worker: false });
  const expiresAt = new Date(systemClock.now().getTime() + 3_600_000).toISOString();
  const grant = { customer: { externalId: 'acme' }, asset: 'USD', amount: '3', expiresAt };
  await change('grantCredit', grant);
  await change('createAlertRule', {
    customer: { externalId: 'acme' },
    condition: { grantExpiringDays: 2 },
    emails: ['ops@cloudy.example'],
  });
  expect(await jobs()).toBe(1);
});

test('an alert is mailed in whatever year its test clock stands', async () => {
  await open();
  const { data } = await api.ask(`mutation {
    createTestClock(input: { name: "Long ago", now: "2021-01-01T00:00:00Z" }) {
      ... on CreateTestClockPayload { testClock { id } }
    }
  }`);
  const testClock = data.createTestClock.testClock.id;
  await change('createCustomer', { externalId: 'clocked', testClock });
  const customer = { externalId: 'clocked' };
  await change('grantCredit', { customer, asset: 'USD', amount: '3' });
  const condition = { belowAmount: '4' };
  const emails = ['ops@cloudy.example'];
  await change('createAlertRule', { customer, asset: 'USD', condition, emails });
  const [mail] = await server.first(1);
  expect(mail?.text).toContain('2021');
});

test('without a server of mail no job is queued', async () => {
  await open({ worker: false });
  await createRule(['ops@cloudy.example', 'customer']);
  await spend('down', 6);
  expect(await jobs()).toBe(2);
  await api.stop();
  await open({ worker: false, isOff: true });
  await createRule(['ops@cloudy.example', 'customer']);
  await spend('down', 6);
  expect(await jobs()).toBe(0);
});

test('a server that is busy is asked again, and one who is not there is given up, alone', async () => {
  await open();
  await createRule(['busy@cloudy.example', 'gone@cloudy.example']);
  let isBusy = true;
  server.judgeWith((recipient) => {
    if (recipient === 'gone@cloudy.example') return 550;
    const verdict = isBusy ? 451 : null;
    isBusy = false;
    return verdict;
  });
  await spend('down', 6);
  const [mail] = await server.first(1);
  expect(mail?.recipients).toEqual(['busy@cloudy.example']);
  await noJobs();
  expect(server.offers()).toBe(3);
  expect(server.received).toHaveLength(1);
  expect(lines.filter((line) => line.includes('was refused; it is given up'))).toHaveLength(1);
});

test('whoever was taken off the rule meanwhile gets no mail, nor does anybody of a deleted one', async () => {
  await open({ worker: false });
  const rule = await createRule(['ops@cloudy.example', 'left@cloudy.example']);
  const deleted = await createRule(['all@cloudy.example'], '3');
  await spend('down', 6);
  await spend('further', 2);
  expect(await jobs()).toBe(3);
  await change('updateAlertRule', { rule, emails: ['ops@cloudy.example'] });
  await change('deleteAlertRule', { rule: deleted });
  await workOff();
  expect(server.received.map(({ recipients }) => recipients)).toEqual([['ops@cloudy.example']]);
});

test('what is a day old is not told any more', async () => {
  await open({ worker: false, agesMs: 25 * 3_600_000 });
  await createRule(['ops@cloudy.example']);
  await spend('down', 6);
  expect(await jobs()).toBe(1);
  await workOff();
  expect(server.offers()).toBe(0);
  expect(lines.some((line) => line.includes('could not be sent for a day'))).toBe(true);
});

/** Another process does what waits on the same database. */
async function workOff(): Promise<void> {
  const log = createLog({ level: 'warn', destination: { write: (line) => void lines.push(line) } });
  const worker = await startApi({
    worker: true,
    log,
    databaseUrl: api.databaseUrl,
    environment: { DRAWDOWN_SMTP_URL: server.url, DRAWDOWN_MAIL_FROM: 'billing@cloudy.example' },
  });
  await noJobs();
  await worker.stop();
}
