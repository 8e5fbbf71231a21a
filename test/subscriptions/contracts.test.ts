import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toTypeId } from '../../src/kit/ids.ts';
import { startApi } from '../support/api.ts';
import { openShop, PRO, type Shop, START } from './shop.ts';

const HALF = '2026-02-14T09:00:00.000Z';
const END = '2026-02-28T09:00:00.000Z';
const price = (unitAmount: string) => ({ metric: 'images', asset: 'CREDIT', unitAmount });

let shop: Shop;
let people = 0;
beforeAll(async () => {
  shop = await openShop();
  await shop.plan('pro', { ...PRO, prices: [price('10')] });
});
afterAll(async () => {
  const broken = await shop.brokenLaw();
  await shop.stop();
  expect(broken).toBeNull();
});
beforeEach(() => shop.clock.set(new Date(START)));

async function subscriber(plan: string, more: object = {}) {
  people += 1;
  const who = await shop.customer(`person-${people}`, '500');
  return { who, id: await shop.subscribed(who, plan, more) };
}

const costOf = async (who: string, more: object = {}) => {
  const { charges } = await shop.use(who, 1, more);
  return charges.map(({ amount, asset }: { amount: string; asset: { code: string } }) =>
    [amount, asset.code].join(' '),
  );
};

async function catalogueVersion(): Promise<string> {
  const db = new pg.Client({ connectionString: shop.api.databaseUrl });
  await db.connect();
  const { rows } = await db.query('SELECT catalogue_version FROM organizations');
  await db.end();
  return rows.map((row) => row.catalogue_version).join();
}

describe('what usage costs', () => {
  it('is what the plan says while it is subscribed to, and what everybody pays before and after', async () => {
    const who = await shop.customer('priced', '500');
    expect(await costOf(who)).toEqual(['1 USD']);
    shop.clock.advance(1000);
    const id = await shop.subscribed(who, 'pro');
    expect(await costOf(who)).toEqual(['10 CREDIT']);
    expect(await costOf(who, { occurredAt: START })).toEqual(['1 USD']);
    shop.clock.advance(1000);
    await shop.given('pauseSubscription', { subscription: id });
    expect(await costOf(who)).toEqual(['1 USD']);
    shop.clock.advance(1000);
    await shop.given('resumeSubscription', { subscription: id });
    expect(await costOf(who)).toEqual(['10 CREDIT']);
    shop.clock.advance(1000);
    await shop.cancel(id, 'NOW');
    expect(await costOf(who)).toEqual(['1 USD']);
  });

  it('is what the subscription alone says, before its plan, from when it says so', async () => {
    const { who, id } = await subscriber('pro', { overrides: { prices: [price('7')] } });
    expect(await costOf(who)).toEqual(['7 CREDIT']);
    const more = 'overrides { prices { metric unitAmount } entitlements { feature } }';
    expect((await shop.read(id, more)).overrides).toEqual({
      prices: [{ metric: 'images', unitAmount: '7' }],
      entitlements: [],
    });
    const before = shop.clock.now().toISOString();
    shop.clock.advance(60_000);
    await shop.given('overrideSubscription', {
      subscription: id,
      overrides: { prices: [price('4')] },
    });
    expect(await costOf(who)).toEqual(['4 CREDIT']);
    expect(await costOf(who, { occurredAt: before })).toEqual(['7 CREDIT']);
    await shop.given('overrideSubscription', { subscription: id, overrides: {} });
    shop.clock.advance(1000);
    expect(await costOf(who)).toEqual(['10 CREDIT']);
  });

  it('is counted on when it is agreed again, also with other rights', async () => {
    const prices = [{ ...price('7'), includedQuantity: '2' }];
    const { who, id } = await subscriber('pro', { overrides: { prices } });
    expect([await costOf(who), await costOf(who)]).toEqual([['0 CREDIT'], ['0 CREDIT']]);
    await shop.given('overrideSubscription', { subscription: id, overrides: { prices } });
    shop.clock.advance(1000);
    expect(await costOf(who)).toEqual(['7 CREDIT']);
  });

  it('is what every process charges at once, and no change of what others pay', async () => {
    const other = await startApi({ clock: shop.clock, databaseUrl: shop.api.databaseUrl });
    const { who, id } = await subscriber('pro', { overrides: { prices: [price('7')] } });
    const usage = `mutation ($input: UsageEventInput!) { recordUsage(input: $input) {
      ... on UsageRecorded { charges { amount } } } }`;
    const costThere = async (eventId: string) => {
      const input = {
        customer: { externalId: who },
        eventId,
        type: 'image',
        properties: { n: 1 },
      };
      const { recordUsage } = (await other.ask(usage, { input })).data;
      return recordUsage.charges.map(({ amount }: { amount: string }) => amount);
    };
    expect(await costThere('there 1')).toEqual(['7']);
    const before = await catalogueVersion();
    shop.clock.advance(1000);
    const overrides = { prices: [price('3')] };
    await shop.given('overrideSubscription', { subscription: id, overrides });
    expect(await costThere('there 2')).toEqual(['3']);
    expect(await catalogueVersion()).toBe(before);
    await other.stop();
  });

  it('is changed by nobody beside the subscription', async () => {
    const { who, id } = await subscriber('pro', { overrides: { prices: [price('7')] } });
    const db = new pg.Client({ connectionString: shop.api.databaseUrl });
    await db.connect();
    const { rows } = await db.query('SELECT id FROM rate_cards WHERE code = $1', [`${id}@1`]);
    await db.end();
    const rateCard = toTypeId('rateCard', rows[0].id);
    const dearer = { ...price('70'), rateCard };
    expect(await shop.mutate('createPrice', dearer, 'rate { id }')).toMatchObject({
      code: 'CONFLICT',
      path: 'rateCard',
    });
    expect(await costOf(who)).toEqual(['7 CREDIT']);
  });

  it('is not what names nothing, or says the same twice', async () => {
    const { id } = await subscriber('pro');
    const override = (overrides: object) =>
      shop.mutate('overrideSubscription', { subscription: id, overrides });
    expect(
      await override({ prices: [{ metric: 'nothing', asset: 'CREDIT', unitAmount: '1' }] }),
    ).toMatchObject({ code: 'NOT_FOUND', what: 'BillableMetric' });
    expect((await override({ prices: [price('1'), price('2')] })).issues).toEqual([
      { path: 'overrides.prices.1', code: 'NOT_ALLOWED' },
    ]);
    expect(await override({ entitlements: [{ feature: 'nothing' }] })).toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('a version of a plan', () => {
  const migrate = async (input: object) =>
    shop.given(
      'migrateSubscriptions',
      input,
      `next outcomes { subscription { id planVersion { number } } error { code }
        lines { kind amount asset { code } } }`,
    );

  it('is what subscribers stay on until they are moved: shown first, then some, then all', async () => {
    const base = (amount: string) => ({ ...PRO, fees: [{ code: 'base', amount }], credits: [] });
    const first = await shop.plan('moved', base('20'));
    const one = (await subscriber('moved')).id;
    const two = (await subscriber('moved')).id;
    const three = (await subscriber('moved')).id;
    const four = (await subscriber('moved')).id;
    await shop.given('pauseSubscription', { subscription: four });
    const second = await shop.plan('moved', base('30'));
    const numberOf = async (id: string) =>
      (await shop.read(id, 'planVersion { number }')).planVersion.number;
    expect(await Promise.all([one, four].map(numberOf))).toEqual([1, 1]);

    await shop.at(HALF);
    const shown = await migrate({ to: 'moved', when: 'NOW', preview: true });
    expect(
      shown.outcomes.map(({ error, lines }: { error: object; lines: object[] }) => [error, lines]),
    ).toEqual([
      ...Array.from({ length: 3 }, () => [
        null,
        [{ kind: 'CHARGED', amount: '5', asset: { code: 'USD' } }],
      ]),
      [{ code: 'CONFLICT' }, []],
    ]);
    expect(await numberOf(one)).toBe(1);

    await migrate({ to: second, from: first, when: 'NOW', subscriptions: [one] });
    expect(await Promise.all([one, two, three].map(numberOf))).toEqual([2, 1, 1]);
    expect(await shop.charges(one)).toEqual(['RECURRING base 20', 'PRORATION change 5']);

    const rest = await migrate({ to: 'moved', when: 'PERIOD_END' });
    expect(rest.outcomes).toHaveLength(3);
    expect((await migrate({ to: 'moved', when: 'PERIOD_END' })).outcomes).toHaveLength(1);
    await shop.at(END);
    expect(await Promise.all([one, two, three, four].map(numberOf))).toEqual([2, 2, 2, 1]);
    expect(await shop.charges(two)).toEqual(['RECURRING base 20', 'RECURRING base 30']);
  });

  it('may be put back on the one before, and is not one of another plan', async () => {
    const base = (amount: string) => ({ ...PRO, fees: [{ code: 'base', amount }], credits: [] });
    const first = await shop.plan('back', base('20'));
    await shop.plan('back', base('30'));
    const { who, id } = await subscriber('back');
    await shop.given('changePlan', { subscription: id, plan: first, when: 'NOW' });
    expect((await shop.ledger(who, 'USD')).at(-1)).toBe('ADJUSTMENT 10 REVENUE>WALLET');
    expect(await migrate({ to: first, when: 'NOW' })).toEqual(
      expect.objectContaining({ outcomes: [], next: null }),
    );
  });
});

describe('subscriptions that stay with a payment provider', () => {
  /** What a webhook of the provider brings: an invoice was paid. Told twice, as they do. */
  async function invoicePaid(who: string, invoice: string, until: string) {
    for (let times = 0; times < 2; times += 1) {
      await shop.given(
        'adjustBalance',
        {
          customer: { externalId: who },
          asset: 'CREDIT',
          amount: '1000',
          transactionId: invoice,
          reason: 'EXTERNAL_TOPUP',
          expiresAt: until,
        },
        'created',
      );
    }
  }

  it('bring only their credit here, once for each invoice, and it ends with the period', async () => {
    const who = await shop.customer('elsewhere');
    await invoicePaid(who, 'in_1', END);
    expect(await shop.balance(who, 'CREDIT')).toBe('1000');
    await shop.at(END);
    expect(await shop.balance(who, 'CREDIT')).toBe('0');
    await invoicePaid(who, 'in_2', '2026-03-31T09:00:00.000Z');
    expect(await shop.balance(who, 'CREDIT')).toBe('1000');
    expect(await shop.ledger(who, 'CREDIT')).toEqual([
      'ADJUSTMENT 1000 CASH>WALLET',
      'ADJUSTMENT 1000 CASH>WALLET',
    ]);
    // A refund takes back what is left of it, and a payment that failed brings nothing: no credit, no right.
    const refund = { amount: '-400', transactionId: 're_1', reason: 'CLAWBACK' };
    await shop.given(
      'adjustBalance',
      { customer: { externalId: who }, asset: 'CREDIT', ...refund },
      'created',
    );
    expect(await shop.balance(who, 'CREDIT')).toBe('600');
  });
});
