import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, PRO, type Shop, START } from './shop.ts';

// Credits of a trial that ends later. It begins on the 31st of January, and was to end after 14 days.

const day = (days: number) => new Date(Date.parse(START) + days * 86_400_000).toISOString();
const END = day(14);
const LATER = day(28);
const HOUR = 3_600;
const prices = [{ metric: 'images', asset: 'CREDIT', unitAmount: '1' }];
const trial = (...credits: object[]) => ({ days: 14, credits });
const credits = (code: string, amount: string, more: object = {}) => ({
  code,
  asset: 'CREDIT',
  amount,
  ...more,
});

let shop: Shop;
let people = 0;
beforeAll(async () => {
  shop = await openShop();
  await shop.plan('tried', { ...PRO, prices, trial: trial(credits('trial', '50')) });
  await shop.plan('other', { ...PRO, prices });
  await shop.plan('kept', {
    ...PRO,
    prices,
    trial: trial(
      credits('days', '1', { expires: 'AFTER_DAYS', expiresAfterDays: 14 }),
      credits('ever', '2', { expires: 'NEVER' }),
      credits('weekly', '4', { every: 'WEEK' }),
      credits('next', '8', { expires: 'END_OF_NEXT_PERIOD' }),
    ),
  });
  await shop.run(`mutation { createAlertRule(input: {
    name: "ending", asset: "CREDIT", condition: { grantExpiringDays: 5 } }) { __typename } }`);
});
afterAll(async () => {
  const broken = await shop.brokenLaw();
  await shop.stop();
  expect(broken).toBeNull();
});
beforeEach(() => shop.clock.set(new Date(START)));

async function tried(plan = 'tried') {
  people += 1;
  const who = await shop.customer(`person-${people}`, '100');
  return { who, id: await shop.subscribed(who, plan) };
}

const extend = (subscription: string, until = LATER) =>
  shop.given('extendTrial', { subscription, until });
const credit = (who: string) => shop.balance(who, 'CREDIT');

/** When alerts about the ends of its grants were raised, and when each was over. */
async function alerts(who: string): Promise<[string, string | null][]> {
  const { customer } = await shop.run(
    `{ customer(ref: { externalId: "${who}" }) { alerts(first: 20) {
      edges { node { kind raisedAt recoveredAt } } } } }`,
  );
  return customer.alerts.edges
    .filter(({ node }: { node: { kind: string } }) => node.kind === 'GRANT_EXPIRING')
    .map(({ node }: { node: Record<string, string> }) => [node.raisedAt, node.recoveredAt])
    .reverse();
}

describe('credits of a trial that is extended', () => {
  it('go on with it, and end with it', async () => {
    const { who, id } = await tried();
    await shop.at(day(10));
    const { version } = await shop.wallet(who, 'CREDIT');
    await extend(id);
    expect(await shop.grants(who, 'CREDIT')).toEqual([`BUNDLED 50 50 ${LATER}`]);
    // Whoever has the wallet in memory, or watches it, learns of it.
    expect((await shop.wallet(who, 'CREDIT')).version).toBe(version + 1);
    for (const when of [day(13.999), END, day(15), day(27.999)]) {
      await shop.at(when);
      expect(await credit(who)).toBe('50');
    }
    expect(await shop.told(who)).not.toContain('GRANT_EXPIRED');
    await shop.use(who, 20);
    expect(await credit(who)).toBe('30');
    await shop.at(LATER);
    expect(await shop.read(id)).toMatchObject({ status: 'ACTIVE' });
    expect(await credit(who)).toBe('1000');
    await shop.at(day(29));
    const told = await shop.told(who);
    expect(told.filter((type) => type === 'GRANT_EXTENDED')).toHaveLength(1);
    expect(told.filter((type) => type === 'GRANT_EXPIRED')).toHaveLength(1);
  });

  it('are drawn in the order of the ends that they had, and then of those that they have', async () => {
    const { who, id } = await tried();
    await shop.grant(who, '30', { asset: 'CREDIT', purpose: 'PROMOTIONAL', expiresAt: day(20) });
    await shop.use(who, 5);
    expect(await shop.grants(who, 'CREDIT')).toEqual([
      `BUNDLED 50 45 ${END}`,
      `PROMOTIONAL 30 30 ${day(20)}`,
    ]);
    await extend(id, day(16));
    await shop.use(who, 5);
    await extend(id);
    await shop.use(who, 5);
    expect(await shop.grants(who, 'CREDIT')).toEqual([
      `BUNDLED 50 40 ${LATER}`,
      `PROMOTIONAL 30 25 ${day(20)}`,
    ]);
    expect(await shop.brokenLaw()).toBeNull();
  });

  it('that are spent end later too: usage that is taken back gives them back', async () => {
    const { who, id } = await tried();
    const { event } = await shop.use(who, 50);
    await shop.at(day(10));
    await extend(id);
    await shop.at(day(20));
    await shop.given('correctUsage', { event: event.id }, 'created');
    await shop.at(day(21));
    expect(await credit(who)).toBe('50');
    await shop.at(LATER);
    expect(await credit(who)).toBe('1000');
  });

  it('stay with the holds that have set them aside', async () => {
    const { who, id } = await tried();
    await shop.at(day(13.5));
    const { hold } = await shop.given(
      'placeHold',
      { customer: { externalId: who }, asset: 'CREDIT', amount: '20', ttlSeconds: 24 * HOUR },
      'hold { id }',
    );
    await extend(id);
    expect(await credit(who)).toBe('30');
    await shop.at(day(14.25));
    const events = [{ eventId: `${who}-held`, type: 'image', properties: { n: 5 } }];
    await shop.given('captureHold', { hold: hold.id, events }, 'hold { id }');
    await shop.at(day(20));
    expect(await shop.grants(who, 'CREDIT')).toEqual([`BUNDLED 50 45 ${LATER}`]);
    expect(await credit(who)).toBe('45');
  });

  it('keep a time of their own, and come on where they have a rhythm', async () => {
    const { who, id } = await tried('kept');
    await shop.at(day(10));
    await extend(id);
    expect(await shop.grants(who, 'CREDIT')).toEqual([
      `BUNDLED 1 1 ${END}`,
      'BUNDLED 2 2 ',
      `BUNDLED 4 0 ${day(7)}`,
      // A month after the one that begins where the trial ends now.
      'BUNDLED 8 8 2026-03-31T09:00:00.000Z',
      `BUNDLED 4 4 ${END}`,
    ]);
    await shop.at(day(22));
    expect(await credit(who)).toBe('14');
  });

  it('go on also where the plan has become another one', async () => {
    const { who, id } = await tried();
    await shop.given('changePlan', { subscription: id, plan: 'other', when: 'NOW' });
    await extend(id);
    await shop.at(day(20));
    expect(await credit(who)).toBe('50');
    await shop.at(LATER);
    expect(await credit(who)).toBe('1000');
  });

  it('are told to be about to end for each end that they have', async () => {
    const { who, id } = await tried();
    await shop.at(day(9));
    expect(await alerts(who)).toEqual([[day(9), null]]);
    await shop.at(day(10));
    await extend(id);
    await shop.at(day(11));
    expect(await alerts(who)).toEqual([[day(9), day(11)]]);
    await shop.at(day(22.5));
    expect(await alerts(who)).toHaveLength(1);
    await shop.at(day(23));
    expect(await alerts(who)).toEqual([
      [day(9), day(11)],
      [day(23), null],
    ]);
    await shop.at(day(24));
    // An end that is near by then is told by the call itself.
    await extend(id, day(28.5));
    expect((await alerts(who)).at(2)).toEqual([day(24), null]);
    await shop.at(day(25));
    expect((await alerts(who)).slice(1)).toEqual([
      [day(23), day(25)],
      [day(24), null],
    ]);
  });
});
