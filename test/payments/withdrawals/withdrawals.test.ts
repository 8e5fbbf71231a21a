import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../../src/kit/clock.ts';
import { dumpDatabase } from '../../support/card-search.ts';
import { settledLog } from '../../support/settled-log.ts';
import { openVault, type Vault } from './vault.ts';

let vault: Vault;
let count = 0;

/** A customer of a test of its own. */
async function someone(): Promise<string> {
  count += 1;
  return vault.till.customer(`withdrew${count}`);
}

const balance = (externalId: string, asset = 'USD') => vault.till.balance(externalId, asset);

/** The types of the events of a customer about withdrawals, oldest first. */
async function told(externalId: string): Promise<string[]> {
  vault.till.api.services.sequencer.wake();
  await settledLog(vault.till.api.databaseUrl);
  const { events } = await vault.till.run(
    `{ events(last: 100) { edges { node { type customer { externalId }
      ... on WithdrawalPaidEvent { status amount paid } } } } }`,
  );
  return events.edges
    .filter(
      ({ node }: { node: { type: string; customer: { externalId: string } | null } }) =>
        node.customer?.externalId === externalId && node.type.startsWith('WITHDRAWAL_'),
    )
    .map(({ node }: { node: Record<string, string> }) =>
      [node.type, node.status, node.paid].filter(Boolean).join(' '),
    );
}

/** Another code than the right one. */
const wrong = (code: string, by = 1) => String((Number(code) + by) % 10 ** 8).padStart(8, '0');

beforeAll(async () => {
  vault = await openVault();
});
afterEach(async () => {
  expect(await vault.till.brokenLaw()).toBeNull();
});
afterAll(async () => {
  await vault?.stop();
});

describe('A withdrawal', () => {
  it('takes the credit at once, waits for its code and its time, and gives the money back', async () => {
    const ada = await someone();
    const payment = await vault.pays(ada, '25');
    await vault.spend(ada, 'USD', '5');
    const asked = await vault.request(ada, { reason: 'moves away' });
    expect(asked.withdrawal).toMatchObject({
      ...{ status: 'AWAITING_CONFIRMATION', amount: '20', paid: '0', codeMailed: false },
      triesLeft: 5,
    });
    expect(asked.confirmationCode).toMatch(/^[0-9]{8}$/);
    expect(await balance(ada)).toBe('0');
    const { id } = asked.withdrawal;
    const spaced = asked.confirmationCode.replace(/^(....)/, '$1 ');
    const { withdrawal } = await vault.confirm(id, spaced);
    expect(withdrawal).toMatchObject({ status: 'HELD', confirmedAt: expect.any(String) });
    expect(Date.parse(withdrawal.releasesAt) - Date.parse(withdrawal.confirmedAt)).toBe(DAY_MS);
    await vault.pass(DAY_MS - 1);
    // Looks at the payment send nothing before its time.
    await vault.look(payment);
    expect(vault.standIn.refundsOf(payment.ref)).toBe(0);
    await vault.pass(1);
    expect(await vault.read(id)).toMatchObject({ status: 'PAID', paid: '20' });
    expect(await vault.refunded(payment)).toBe('20');
    await vault.pass(DAY_MS);
    await vault.look(payment);
    expect(vault.standIn.refundsOf(payment.ref)).toBe(1);
    expect(await told(ada)).toEqual([
      'WITHDRAWAL_REQUESTED',
      'WITHDRAWAL_CONFIRMED',
      'WITHDRAWAL_PAID PAID 20',
    ]);
    expect((await vault.cancel(id)).__typename).toBe('ConflictError');
  });

  it('is of the newest payments first, and of what is wholly left of each', async () => {
    const bob = await someone();
    await vault.pays(bob, '10');
    await vault.pays(bob, '20');
    await vault.pays(bob, '30');
    // The oldest is spent first.
    await vault.spend(bob, 'USD', '15');
    const { id } = await vault.requested(bob, { amount: '40' });
    expect(await vault.parts(id)).toEqual(['30 PENDING', '10 PENDING']);
    const more = await vault.request(bob, { amount: '5.01' });
    expect(more.issues).toEqual([
      { path: 'amount', code: 'OUT_OF_RANGE', message: 'Only 5 can be withdrawn.' },
    ]);
    await vault.requested(bob);
    expect(await balance(bob)).toBe('0');
    expect((await vault.request(bob)).__typename).toBe('ConflictError');
  });

  it('leaves what was granted, and what a hold has set aside', async () => {
    const cy = await someone();
    await vault.pays(cy, '10');
    const grant = { customer: { externalId: cy }, asset: 'USD', amount: '7' };
    await vault.till.given('grantCredit', grant, 'wallet { id }');
    const hold = { customer: { externalId: cy }, asset: 'USD', amount: '9' };
    await vault.till.given('placeHold', hold, 'hold { id }');
    const { id } = await vault.requested(cy);
    const { amount } = await vault.read(id);
    expect(Number(await balance(cy)) + Number(amount)).toBe(8);
    expect(Number(amount)).toBeLessThan(10);
    await vault.cancel(id);
    expect(await balance(cy)).toBe('8');
  });

  it('takes of what was given on top its share, and gives no money for it', async () => {
    const dee = await someone();
    const input = { asset: 'CREDIT', currency: 'USD', bonus: '100' };
    await vault.till.run(`mutation { createExchangeRate(input: { from: "USD", to: "CREDIT", topUpRate: "100",
      effectiveAt: "2020-01-01T00:00:00Z" }) { __typename ... on Error { message } } }`);
    await vault.pays(dee, '10', input);
    expect(await balance(dee, 'CREDIT')).toBe('1100');
    const { id } = await vault.requested(dee, { asset: 'CREDIT', amount: '3.33' });
    expect(await balance(dee, 'CREDIT')).toBe('734');
    const all = await vault.requested(dee, { asset: 'CREDIT' });
    expect(await vault.parts(all.id)).toEqual(['6.67 PENDING']);
    expect(await balance(dee, 'CREDIT')).toBe('0');
    await vault.cancel(id);
    await vault.cancel(all.id);
    expect(await balance(dee, 'CREDIT')).toBe('1100');
    // Who has spent what was given on top gets less back.
    await vault.spend(dee, 'CREDIT', '50');
    const last = await vault.requested(dee, { asset: 'CREDIT' });
    expect(Number((await vault.read(last.id)).amount)).toBeLessThan(10);
  });

  it('asks for the currency where there are several', async () => {
    const eve = await someone();
    const rate = `createExchangeRate(input: { from: "EUR", to: "USD", topUpRate: "1.25", effectiveAt: "2020-01-01T00:00:00Z" })`;
    await vault.till.run(
      `mutation { createAsset(input: { code: "EUR", scale: 2 }) { __typename } }`,
    );
    await vault.till.run(`mutation { ${rate} { __typename ... on Error { message } } }`);
    await vault.pays(eve, '10');
    const euros = await vault.asks(eve, { asset: 'USD', currency: 'EUR', amount: '8' });
    const object = vault.standIn.objectOf(euros.ref);
    const { applyObject } = await import('../../../src/payments/apply-object.ts');
    await applyObject(vault.room, await vault.keyOf(euros.id), {
      ...object,
      ...{ currency: 'EUR', paid: 8n * 10n ** 12n, status: 'SETTLED' },
    });
    expect(await balance(eve)).toBe('20');
    expect(await vault.request(eve)).toMatchObject({
      issues: [{ path: 'currency', code: 'REQUIRED' }],
    });
    const { id } = await vault.requested(eve, { currency: 'EUR' });
    expect(await vault.read(id)).toMatchObject({ amount: '8', asset: { code: 'EUR' } });
    expect(await balance(eve)).toBe('10');
  });

  it('is asked for once with one key, and shows its code once, which is nowhere in clear', async () => {
    const flo = await someone();
    await vault.pays(flo, '10');
    const input = { amount: '4', idempotencyKey: 'flo takes 4' };
    const first = await vault.request(flo, input);
    const again = await vault.request(flo, input);
    expect(again.withdrawal.id).toBe(first.withdrawal.id);
    expect(again.confirmationCode).toBeNull();
    expect(await balance(flo)).toBe('6');
    await settledLog(vault.till.api.databaseUrl);
    const stored = await dumpDatabase(vault.till.api.databaseUrl);
    expect(stored).toContain('flo takes 4');
    expect(stored).not.toContain(first.confirmationCode);
  });

  it('is out of reach of another organization', async () => {
    const gil = await someone();
    await vault.pays(gil, '10');
    const { id, code } = await vault.requested(gil);
    const key = await vault.till.liveKey();
    const wallet = await vault.walletOf(gil);
    for (const [name, input] of [
      ['requestWithdrawal', { wallet }],
      ['confirmWithdrawal', { withdrawal: id, code }],
      ['cancelWithdrawal', { withdrawal: id }],
    ] as const) {
      expect((await vault.ask(name, input, key)).__typename).toBe('NotFoundError');
    }
    expect((await vault.read(id)).status).toBe('AWAITING_CONFIRMATION');
  });

  it('never takes more than there is, of any number at once', async () => {
    const hal = await someone();
    await vault.pays(hal, '10');
    await vault.pays(hal, '10');
    const tries = Array.from({ length: 6 }, () => vault.request(hal, { amount: '7' }));
    const made = (await Promise.all(tries)).filter(({ withdrawal }) => withdrawal);
    expect(made).toHaveLength(2);
    expect(await balance(hal)).toBe('6');
  });
});

describe('A code', () => {
  it('that is wrong five times calls it off, and the credit is there again', async () => {
    const ada = await someone();
    await vault.pays(ada, '10');
    const { id, code } = await vault.requested(ada);
    for (const triesLeft of [4, 3, 2, 1]) {
      const refused = await vault.confirm(id, wrong(code));
      expect(refused).toMatchObject({ code: 'WRONG_CODE', triesLeft });
    }
    expect(await vault.confirm(id, 'twelve')).toMatchObject({ issues: [{ code: 'BAD_FORMAT' }] });
    expect(await balance(ada)).toBe('0');
    expect(await vault.confirm(id, wrong(code))).toMatchObject({ triesLeft: 0 });
    expect(await vault.read(id)).toMatchObject({ status: 'CANCELED', triesLeft: 0 });
    expect(await balance(ada)).toBe('10');
    expect((await vault.confirm(id, code)).__typename).toBe('ConflictError');
    expect(await told(ada)).toEqual(['WITHDRAWAL_REQUESTED', 'WITHDRAWAL_CANCELED']);
  });

  it('that is wrong counts each time, also at once', async () => {
    const bob = await someone();
    await vault.pays(bob, '10');
    const { id, code } = await vault.requested(bob);
    const tries = await Promise.all([1, 2, 3, 4].map((by) => vault.confirm(id, wrong(code, by))));
    expect(tries.map(({ triesLeft }) => triesLeft).sort()).toEqual([1, 2, 3, 4]);
    const last = await Promise.all([5, 6, 7].map((by) => vault.confirm(id, wrong(code, by))));
    const kinds = last.map(({ __typename }) => __typename).sort();
    expect(kinds).toEqual(['ConflictError', 'ConflictError', 'WrongCodeError']);
    expect(await balance(bob)).toBe('10');
  });

  it('of another withdrawal is wrong', async () => {
    const cy = await someone();
    await vault.pays(cy, '10');
    const one = await vault.requested(cy, { amount: '1' });
    const two = await vault.requested(cy, { amount: '1' });
    expect(await vault.confirm(one.id, two.code)).toMatchObject({ triesLeft: 4 });
    // Whoever did not hear the answer may ask again.
    for (let times = 0; times < 2; times += 1) {
      expect((await vault.confirm(one.id, one.code)).withdrawal.status).toBe('HELD');
    }
  });

  it('is good for 15 minutes, and then the credit is there again', async () => {
    const dee = await someone();
    await vault.pays(dee, '10');
    const { id, code } = await vault.requested(dee);
    await vault.pass(15 * MINUTE_MS - 1);
    expect(await balance(dee)).toBe('0');
    vault.till.clock.advance(1);
    expect((await vault.confirm(id, code)).__typename).toBe('ConflictError');
    await vault.pass();
    expect(await vault.read(id)).toMatchObject({ status: 'EXPIRED', closedAt: expect.any(String) });
    expect(await balance(dee)).toBe('10');
    expect(await told(dee)).toEqual(['WITHDRAWAL_REQUESTED', 'WITHDRAWAL_EXPIRED']);
  });
});
