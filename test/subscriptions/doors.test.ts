import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { openShop, type Shop } from './shop.ts';

const fees = (amount: string) => [{ code: 'base', amount }];
const price = (unitAmount: string) => ({ metric: 'images', asset: 'USD', unitAmount });

let shop: Shop;
let db: pg.Client;
beforeAll(async () => {
  shop = await openShop();
  db = new pg.Client({ connectionString: shop.api.databaseUrl });
  await db.connect();
});
afterAll(async () => {
  await db.end();
  await shop.stop();
});

const migrate = (input: object) =>
  shop.mutate('migrateSubscriptions', input, 'next outcomes { error { code } }');

describe('a plan that is archived', () => {
  it('takes no new subscribers, by whatever name, and those that it has may change within it', async () => {
    const first = await shop.plan('old', { asset: 'USD', fees: fees('3') });
    const second = await shop.plan('old', { asset: 'USD', fees: fees('4') });
    await shop.plan('other', { asset: 'USD', fees: fees('1') });
    const there = await shop.subscribed(await shop.customer('there', '50'), 'old');
    const elsewhere = await shop.subscribed(await shop.customer('elsewhere', '50'), 'other');
    await shop.given('archivePlan', { plan: 'old' }, 'plan { id }');
    const late = await shop.customer('late', '50');
    for (const plan of ['old', first, second]) {
      expect(await shop.subscribe(late, plan)).toMatchObject({ code: 'CONFLICT', path: 'plan' });
    }
    const change = (subscription: string, plan: string) =>
      shop.mutate('changePlan', { subscription, plan, when: 'NOW' });
    expect(await change(elsewhere, first)).toMatchObject({ code: 'CONFLICT', path: 'plan' });
    expect(await change(there, first)).toMatchObject({ __typename: 'ChangePlanPayload' });
    expect(await migrate({ to: 'old', when: 'NOW' })).toMatchObject({
      outcomes: [{ error: null }],
    });
  });
});

describe('what is of no use', () => {
  it('is refused: what becomes of credits, where nothing changes before the period ends', async () => {
    const id = await shop.subscribed(await shop.customer('patient', '50'), 'other');
    const input = { subscription: id, plan: 'other', when: 'PERIOD_END', credits: 'KEEP' };
    const issues = [{ path: 'credits', code: 'NOT_ALLOWED' }];
    expect((await shop.mutate('changePlan', input)).issues).toEqual(issues);
    expect((await migrate({ to: 'other', when: 'PERIOD_END', credits: 'KEEP' })).issues).toEqual(
      issues,
    );
  });

  it('is refused: a place to go on behind that is none, where it would begin anew', async () => {
    expect((await migrate({ to: 'other', when: 'NOW', after: 'nowhere' })).issues).toEqual([
      { path: 'after', code: 'BAD_FORMAT' },
    ]);
  });
});

describe('prices of one subscription', () => {
  it('are changed while nobody else has its wallets: who has the catalogue may be about to lock them', async () => {
    await shop.customer('negotiated', '50');
    const id = await shop.subscribed('negotiated', 'other');
    await db.query('BEGIN');
    await db.query('SELECT id FROM organizations FOR NO KEY UPDATE');
    const overridden = shop.given('overrideSubscription', {
      subscription: id,
      overrides: { prices: [price('7')] },
    });
    await until('the prices wait for the catalogue', async () => {
      const { rows } = await db.query(
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
      );
      return rows.length > 0;
    });
    await db.query('SELECT id FROM wallets FOR UPDATE NOWAIT');
    await db.query('COMMIT');
    await overridden;
  });
});
