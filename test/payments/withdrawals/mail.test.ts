import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../../src/infra/log.ts';
import { dumpDatabase } from '../../support/card-search.ts';
import { type MailServer, startMailServer } from '../../support/mail-server.ts';
import { settledLog } from '../../support/settled-log.ts';
import { openTill, type Till } from '../till.ts';

let server: MailServer;
let till: Till;
const lines: string[] = [];

beforeAll(async () => {
  server = await startMailServer();
  const log = createLog({
    level: 'trace',
    destination: { write: (line) => void lines.push(line) },
  });
  till = await openTill({
    ...{ worker: true, log },
    environment: {
      DRAWDOWN_SMTP_URL: server.url,
      DRAWDOWN_MAIL_FROM: 'Cloudy <billing@cloudy.example>',
    },
  });
  await till.provider('wire', { manual: {} });
});
afterAll(async () => {
  await till?.stop();
  await server?.close();
});

async function payer(externalId: string, email: string | null): Promise<string> {
  await till.given('createCustomer', { externalId, ...(email && { email }) }, 'customer { id }');
  const { id } = await till.asked(externalId, { asset: 'USD', amount: '10' });
  await till.confirm(id, 'bank');
  const { customer } = await till.run(
    'query ($ref: CustomerRef!) { customer(ref: $ref) { wallets { id } } }',
    { ref: { externalId } },
  );
  return customer.wallets[0].id;
}

test('the code is mailed to who has an address, and is in no table, log, event or answer', async () => {
  const wallet = await payer('ada', 'ada@example.com');
  const asked = await till.given(
    'requestWithdrawal',
    { wallet, amount: '7.5' },
    'confirmationCode withdrawal { id codeMailed }',
  );
  expect(asked.confirmationCode).toBeNull();
  expect(asked.withdrawal.codeMailed).toBe(true);
  const [mail] = await server.first(1);
  expect(mail?.recipients).toEqual(['ada@example.com']);
  expect(mail?.headers.subject).toContain('confirm a withdrawal of 7.5 USD');
  const [code = ''] = /\b[0-9]{8}\b/.exec(mail?.text ?? '') ?? [];
  expect(code).not.toBe('');
  expect(mail?.headers.subject).not.toContain(code);
  expect(mail?.html).toContain(code);
  const { withdrawal } = await till.given(
    'confirmWithdrawal',
    { withdrawal: asked.withdrawal.id, code },
    'withdrawal { status }',
  );
  expect(withdrawal.status).toBe('HELD');
  till.api.services.sequencer.wake();
  await settledLog(till.api.databaseUrl);
  const { events } = await till.run('{ events(last: 50) { edges { node { type } } } }');
  expect(JSON.stringify(events)).toContain('WITHDRAWAL_CONFIRMED');
  const stored = await dumpDatabase(till.api.databaseUrl);
  expect(stored).toContain('withdrawal.confirmed');
  for (const text of [stored, lines.join('')]) expect(text.includes(code)).toBe(false);
});

test('who has no address is told by whoever asked', async () => {
  const wallet = await payer('bob', null);
  const asked = await till.given(
    'requestWithdrawal',
    { wallet },
    'confirmationCode withdrawal { codeMailed }',
  );
  expect(asked.confirmationCode).toMatch(/^[0-9]{8}$/);
  expect(asked.withdrawal.codeMailed).toBe(false);
  expect(server.received).toHaveLength(1);
});
