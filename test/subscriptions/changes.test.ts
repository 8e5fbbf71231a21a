import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, PRO, type Shop, START } from './shop.ts';

/** Half of the period that begins at START has passed then. */
const HALF = '2026-02-14T09:00:00.000Z';
const END = '2026-02-28T09:00:00.000Z';

const fee = (amount: string, of: object = {}) => ({ code: 'base', amount, ...of });
const credits = (amount: string, of: object = {}) => ({
  code: 'included',
  asset: 'CREDIT',
  amount,
  ...of,
});

let shop: Shop;
let people = 0;
beforeAll(async () => {
  shop = await openShop();
  await shop.plan('pro', PRO);
  await shop.plan('big', { asset: 'USD', fees: [fee('50')], credits: [credits('3000')] });
  await shop.plan('small', { asset: 'USD', fees: [fee('8')], credits: [credits('100')] });
  await shop.plan('yearly', {
    interval: 'YEAR',
    asset: 'USD',
    fees: [fee('200')],
    credits: [credits('1000', { every: 'MONTH' })],
  });
  await shop.plan('team', {
    asset: 'USD',
    fees: [fee('30'), { code: 'desk', amount: '2', perSeat: true }],
    seats: { included: 2, maximum: 10, amount: '10' },
    credits: [credits('100', { perSeat: true })],
    addOns: [
      {
        code: 'sso',
        fees: [
          { code: 'sso', amount: '6' },
          { code: 'setup', amount: '25', kind: 'ONCE' },
        ],
        credits: [credits('40')],
      },
    ],
  });
});
afterAll(async () => {
  const broken = await shop.brokenLaw();
  await shop.stop();
  expect(broken).toBeNull();
});
beforeEach(() => shop.clock.set(new Date(START)));

/** Somebody with money on a plan since START; who it is, and the subscription. */
async function subscriber(plan: string, more: object = {}, money = '500') {
  people += 1;
  const who = await shop.customer(`person-${people}`, money);
  return { who, id: await shop.subscribed(who, plan, more) };
}

describe('seats', () => {
  it('that are added are charged for the rest of the period, with their credits, and whole in the next', async () => {
    const { who, id } = await subscriber('team', { seats: 2 });
    expect(await shop.charges(id)).toEqual(['RECURRING base 30', 'RECURRING desk 4']);
    await shop.at(HALF);
    const { subscription } = await shop.given('updateSeats', { subscription: id, seats: 4 });
    expect(subscription.seats).toBe(4);
    expect((await shop.charges(id)).slice(2)).toEqual(['PRORATION change 12']);
    expect(await shop.grants(who, 'CREDIT')).toEqual([
      `BUNDLED 200 200 ${END}`,
      `BUNDLED 100 100 ${END}`,
    ]);
    await shop.at(END);
    expect((await shop.charges(id)).slice(3)).toEqual([
      'RECURRING base 30',
      'RECURRING desk 8',
      'SEATS seats 20',
    ]);
    expect(await shop.balance(who, 'CREDIT')).toBe('400');
  });

  it('that are taken away come back as credit, and so do their credits as far as they are left', async () => {
    const { who, id } = await subscriber('team', { seats: 4 });
    await shop.at(HALF);
    await shop.given('updateSeats', { subscription: id, seats: 2 });
    expect(await shop.balance(who, 'USD')).toBe('454');
    expect((await shop.ledger(who, 'USD')).at(-1)).toBe('ADJUSTMENT 12 REVENUE>WALLET');
    expect(await shop.balance(who, 'CREDIT')).toBe('300');
  });

  it('are not fewer than the plan allows, nor than are in use, nor of a plan without', async () => {
    const { who, id } = await subscriber('team', { seats: 5 });
    for (const subject of ['a', 'b', 'c', 'a']) await shop.use(who, 1, { subject });
    const seats = async (subscription: string, n: number) =>
      (await shop.mutate('updateSeats', { subscription, seats: n })).issues;
    expect(await seats(id, 0)).toEqual([{ path: 'seats', code: 'OUT_OF_RANGE' }]);
    expect(await seats(id, 11)).toEqual([{ path: 'seats', code: 'OUT_OF_RANGE' }]);
    expect(await seats(id, 2)).toEqual([{ path: 'seats', code: 'OUT_OF_RANGE' }]);
    expect(await seats(id, 3)).toBeUndefined();
    const pro = await subscriber('pro');
    expect(await seats(pro.id, 2)).toEqual([{ path: 'seats', code: 'NOT_ALLOWED' }]);
  });

  it('that cannot be paid for are refused, and nothing is half changed', async () => {
    const { who, id } = await subscriber('team', { seats: 2 }, '40');
    const ledger = await shop.ledger(who, 'USD');
    expect(await shop.mutate('updateSeats', { subscription: id, seats: 10 })).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      available: '6',
      required: '96',
    });
    expect(await shop.read(id)).toMatchObject({ seats: 2 });
    expect(await shop.ledger(who, 'USD')).toEqual(ledger);
    expect(await shop.balance(who, 'CREDIT')).toBe('200');
  });
});

describe('add-ons', () => {
  it('are charged and give credits by the share that is left, what comes once whole', async () => {
    const { who, id } = await subscriber('team');
    await shop.at(HALF);
    await shop.given('updateAddOns', { subscription: id, addOns: ['sso'] });
    expect((await shop.charges(id)).slice(2)).toEqual(['ONCE setup 25', 'PRORATION change 3']);
    expect(await shop.balance(who, 'CREDIT')).toBe('120');
    await shop.given('updateAddOns', { subscription: id, addOns: [] });
    expect(await shop.balance(who, 'CREDIT')).toBe('100');
    expect((await shop.ledger(who, 'USD')).at(-1)).toBe('ADJUSTMENT 3 REVENUE>WALLET');
  });

  it('that the plan does not have are refused', async () => {
    const { id } = await subscriber('team');
    const refused = await shop.mutate('updateAddOns', {
      subscription: id,
      addOns: ['sso', 'gold'],
    });
    expect(refused.issues).toEqual([{ path: 'addOns.1', code: 'NOT_ALLOWED' }]);
  });
});

describe('another plan at once', () => {
  const upgrade = (id: string, more: object = {}) =>
    shop.given('changePlan', { subscription: id, plan: 'big', when: 'NOW', ...more });

  it('costs the difference for the rest of the period, and gives the share of its credits', async () => {
    const { who, id } = await subscriber('pro');
    await shop.at(HALF);
    expect((await upgrade(id)).subscription).toMatchObject({
      planName: 'big',
      currentPeriod: { startsAt: START, endsAt: END },
    });
    expect((await shop.charges(id)).slice(1)).toEqual(['PRORATION change 15']);
    expect(await shop.grants(who, 'CREDIT')).toEqual([
      `BUNDLED 1000 1000 ${END}`,
      `BUNDLED 1000 1000 ${END}`,
    ]);
    await shop.at(END);
    expect((await shop.charges(id)).slice(2)).toEqual(['RECURRING base 50']);
    // The rule of the plan that it is on now: nothing goes on.
    expect(await shop.balance(who, 'CREDIT')).toBe('3000');
  });

  it('may keep what was included, and come on top of it', async () => {
    const { who, id } = await subscriber('pro');
    await shop.at(HALF);
    await upgrade(id, { credits: 'KEEP' });
    expect(await shop.balance(who, 'CREDIT')).toBe('4000');
  });

  it('may replace what was included', async () => {
    const { who, id } = await subscriber('pro');
    await shop.at(HALF);
    await upgrade(id, { credits: 'REPLACE_INCLUDED' });
    expect(await shop.grants(who, 'CREDIT')).toEqual([
      `BUNDLED 1000 0 ${END}`,
      `BUNDLED 3000 3000 ${END}`,
    ]);
  });

  it('that costs less gives the difference back, and takes back credits as far as they are left', async () => {
    const { who, id } = await subscriber('big');
    await shop.at(HALF);
    await shop.given('changePlan', { subscription: id, plan: 'small', when: 'NOW' });
    expect((await shop.ledger(who, 'USD')).at(-1)).toBe('ADJUSTMENT 21 REVENUE>WALLET');
    expect(await shop.balance(who, 'CREDIT')).toBe('1550');
  });

  it('with other periods begins one now, less what was not used', async () => {
    const { who, id } = await subscriber('pro');
    await shop.at(HALF);
    const { subscription } = await shop.given('changePlan', {
      subscription: id,
      plan: 'yearly',
      when: 'NOW',
    });
    expect(subscription).toMatchObject({
      anchorAt: HALF,
      currentPeriod: { startsAt: HALF, endsAt: '2027-02-14T09:00:00.000Z' },
    });
    expect((await shop.charges(id)).slice(1)).toEqual(['PRORATION change 190']);
    expect(await shop.periods(id)).toEqual([START, HALF]);
    expect(await shop.grants(who, 'CREDIT')).toEqual([
      `BUNDLED 1000 500 ${END}`,
      'BUNDLED 1000 1000 2026-03-14T09:00:00.000Z',
    ]);
    await shop.at('2026-03-14T09:00:00.000Z');
    expect(await shop.balance(who, 'CREDIT')).toBe('1000');
  });

  it('is not one that the customer has already, nor one that is not there', async () => {
    const { who, id } = await subscriber('pro');
    await shop.subscribed(who, 'small');
    const change = (plan: string) =>
      shop.mutate('changePlan', { subscription: id, plan, when: 'NOW' });
    expect(await change('small')).toMatchObject({ code: 'CONFLICT', path: 'plan' });
    expect(await change('nothing')).toMatchObject({ code: 'NOT_FOUND', what: 'Plan' });
  });
});

describe('another plan at the end of the period', () => {
  it('costs nothing until then, and is what the next period is', async () => {
    const { who, id } = await subscriber('big');
    await shop.at(HALF);
    await shop.given('changePlan', { subscription: id, plan: 'small', when: 'PERIOD_END' });
    expect(await shop.read(id)).toMatchObject({ planName: 'big' });
    expect(await shop.charges(id)).toHaveLength(1);
    await shop.at(END);
    expect(await shop.read(id)).toMatchObject({ planName: 'small', status: 'ACTIVE' });
    expect((await shop.charges(id)).slice(1)).toEqual(['RECURRING base 8']);
    expect(await shop.balance(who, 'CREDIT')).toBe('100');
  });

  it('is taken back before, and so is an end', async () => {
    const { id } = await subscriber('big');
    await shop.given('changePlan', { subscription: id, plan: 'small', when: 'PERIOD_END' });
    await shop.given('undoScheduledChange', { subscription: id });
    await shop.cancel(id, 'PERIOD_END');
    expect(await shop.read(id)).toMatchObject({ cancelAt: END });
    await shop.given('undoScheduledChange', { subscription: id });
    expect(await shop.mutate('undoScheduledChange', { subscription: id })).toMatchObject({
      code: 'CONFLICT',
    });
    await shop.at(END);
    expect(await shop.read(id)).toMatchObject({
      planName: 'big',
      status: 'ACTIVE',
      cancelAt: null,
    });
  });
});

describe('a preview', () => {
  const preview = async (input: object) =>
    (
      await shop.run(
        `query ($input: SubscriptionChangeInput!) { previewSubscriptionChange(input: $input) {
          ... on SubscriptionChangePreview { nextAmount nextAt asset { code } lines { kind amount charge asset { code } } }
          ... on Error { code message }
        } }`,
        { input },
      )
    ).previewSubscriptionChange;

  it('says what a change would book and what the next period would cost, and writes nothing', async () => {
    const { who, id } = await subscriber('pro');
    await shop.at(HALF);
    const before = await shop.wallet(who, 'CREDIT');
    expect(await preview({ subscription: id, plan: 'big', when: 'NOW' })).toEqual({
      nextAmount: '50',
      nextAt: END,
      asset: { code: 'USD' },
      lines: [
        { kind: 'CHARGED', amount: '15', charge: 'PRORATION', asset: { code: 'USD' } },
        { kind: 'GRANTED', amount: '1000', charge: null, asset: { code: 'CREDIT' } },
      ],
    });
    expect(await shop.wallet(who, 'CREDIT')).toEqual(before);
    expect(await shop.read(id)).toMatchObject({ planName: 'pro' });
    expect(await preview({ subscription: id, plan: 'small', when: 'PERIOD_END' })).toMatchObject({
      nextAmount: '8',
      lines: [],
    });
  });

  it('of what would be refused is the refusal', async () => {
    const { id } = await subscriber('pro', {}, '20');
    expect(await preview({ subscription: id, plan: 'big', when: 'NOW' })).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
    });
  });
});
