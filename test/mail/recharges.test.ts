import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOUR_MS } from '../../src/kit/clock.ts';
import { openRecharging, type Recharging } from '../payments/recharge/recharging.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { settledLog } from '../support/settled-log.ts';
import { until } from '../support/until.ts';

// What a customer has to do about a recharge ends as one mail to him.

let server: MailServer;
let shop: Recharging;

beforeAll(async () => {
  server = await startMailServer();
  shop = await openRecharging({
    worker: true,
    environment: {
      DRAWDOWN_SMTP_URL: server.url,
      DRAWDOWN_MAIL_FROM: 'Cloudy <billing@cloudy.example>',
    },
  });
});
afterAll(async () => {
  expect(await shop?.brokenLaw()).toBeNull();
  await shop?.stop();
  await server?.close();
});

/** A customer with an address, ten dollars, and a rule; or one whom nobody can write to. */
async function ruled(externalId: string, card: string, more: object = {}, hasAddress = true) {
  const email = hasAddress ? { email: `${externalId}@example.com` } : {};
  await shop.given('createCustomer', { externalId, ...email }, 'customer { id }');
  const grant = { customer: { externalId }, asset: 'USD', amount: '10' };
  await shop.given('grantCredit', grant, 'wallet { id }');
  await shop.rule(externalId, await shop.card(externalId, card), more);
}

async function mails(count: number) {
  await settledLog(shop.api.databaseUrl, shop.api.services.sequencer.pass);
  return server.first(count);
}

test('a decline, a suspension, a cap and a bank that asks are mailed to the customer, each once; who has no address gets none', async () => {
  await ruled('nobody-knows', 'declined', {}, false);
  await shop.calls('nobody-knows', 1);
  await ruled('ada', 'declined');
  await shop.calls('ada', 1);
  const [declined] = await mails(1);
  expect(declined?.recipients).toEqual(['ada@example.com']);
  expect(declined?.headers.subject).toContain('your balance could not be recharged');
  expect(declined?.text).toContain('your card (visa) was declined');
  expect(declined?.text).toContain(
    `tried again at ${new Date(shop.clock.now().getTime() + HOUR_MS).toISOString()}`,
  );

  await ruled('bob', 'pays', { maxCount: 1 });
  await shop.calls('bob', 1);
  await until('bob is recharged', async () => {
    const recharges = await shop.recharges('bob');
    return recharges[0] === 'SETTLED 20';
  });
  await shop.calls('bob', 20);
  const capped = (await mails(2))[1];
  expect(capped?.recipients).toEqual(['bob@example.com']);
  expect(capped?.headers.subject).toContain('has reached its limit of recharges');

  await ruled('eve', 'needs_confirmation');
  await shop.calls('eve', 1);
  const asked = (await mails(3))[2];
  expect(asked?.recipients).toEqual(['eve@example.com']);
  expect(asked?.headers.subject).toContain('confirm a payment');
  const { customer } = await shop.run(
    '{ customer(ref: { externalId: "eve" }) { payments(first: 1) { edges { node { actionUrl } } } } }',
  );
  const { actionUrl } = customer.payments.edges[0].node;
  expect(actionUrl).toMatch(/^http/);
  expect(asked?.text).toContain(actionUrl);
  expect(asked?.html).toContain(`href="${actionUrl}"`);

  for (const count of [2, 3]) {
    shop.clock.advance(HOUR_MS);
    await until(`ada is declined ${count} times`, async () => {
      const { failures } = await shop.stands('ada');
      return failures === count;
    });
  }
  const last = (await mails(5)).slice(3);
  expect(last.map(({ headers }) => headers.subject)).toEqual([
    expect.stringContaining('could not be recharged'),
    expect.stringContaining('is not recharged any more'),
  ]);
});
