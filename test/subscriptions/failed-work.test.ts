import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openShop, PRO, type Shop, START } from './shop.ts';

const END = '2026-02-28T09:00:00.000Z';

let shop: Shop;
let db: pg.Client;
beforeAll(async () => {
  shop = await openShop();
  await shop.plan('pro', PRO);
  db = new pg.Client({ connectionString: shop.api.databaseUrl });
  await db.connect();
  await db.query(`CREATE TABLE spoilt (wallet_id uuid);
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF EXISTS (SELECT 1 FROM spoilt WHERE wallet_id = NEW.id) THEN RAISE 'It is spoilt.'; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER refuse BEFORE UPDATE ON wallets FOR EACH ROW EXECUTE FUNCTION refuse()`);
});
afterAll(async () => {
  await db.end();
  const broken = await shop.brokenLaw();
  await shop.stop();
  expect(broken).toBeNull();
});
beforeEach(async () => {
  shop.clock.set(new Date(START));
  await db.query('DELETE FROM spoilt');
});

const spoil = (who: string, asset: string) =>
  db.query(
    `INSERT INTO spoilt SELECT w.id FROM wallets w JOIN customers c ON c.id = w.customer_id
      JOIN assets a ON a.id = w.asset_id WHERE c.external_id = $1 AND a.code = $2`,
    [who, asset],
  );

/** Lets a worker run once more, so many seconds later; whether something failed. */
async function failsAfter(seconds: number): Promise<boolean> {
  shop.clock.advance(seconds * 1000);
  return shop.work().then(
    () => false,
    () => true,
  );
}

describe('what fails', () => {
  it('of renewals keeps none of the others, and is tried again after a pause that grows', async () => {
    const spoilt = await shop.subscribed(await shop.customer('spoilt', '100'), 'pro');
    const sound = await shop.subscribed(await shop.customer('sound', '100'), 'pro');
    await spoil('spoilt', 'USD');
    await expect(shop.at(END)).rejects.toThrow(/What is due of subscription .* failed, and waits/);
    expect(await shop.periods(sound)).toEqual([START, END]);
    expect(await shop.periods(spoilt)).toEqual([START]);
    expect([await failsAfter(0), await failsAfter(1), await failsAfter(1)]).toEqual([
      false,
      true,
      false,
    ]);
    expect([await failsAfter(1), await failsAfter(3)]).toEqual([true, false]);
    await db.query('DELETE FROM spoilt');
    expect(await failsAfter(1)).toBe(false);
    expect(await shop.periods(spoilt)).toEqual([START, END]);
    const { rows } = await db.query('SELECT * FROM failed_work');
    expect(rows).toEqual([]);
  });

  it('of grants that expire keeps those of no other wallet', async () => {
    const expiresAt = '2026-02-01T09:00:00.000Z';
    for (const who of ['bad', 'good']) {
      await shop.customer(who, null);
      await shop.grant(who, '5', { expiresAt });
    }
    await spoil('bad', 'USD');
    await expect(shop.at('2026-02-03T09:00:00.000Z')).rejects.toThrow('grant');
    expect((await shop.ledger('good', 'USD')).at(-1)).toBe('EXPIRY 5 WALLET>BREAKAGE');
    expect(await failsAfter(0)).toBe(false);
    await db.query('DELETE FROM spoilt');
    expect(await failsAfter(1)).toBe(false);
    expect((await shop.ledger('bad', 'USD')).at(-1)).toBe('EXPIRY 5 WALLET>BREAKAGE');
  });
});

describe('what lacks funds', () => {
  it('is not tried again each time its wallet is drawn on, and moves no terms when it is', async () => {
    const who = await shop.customer('poor', '20');
    await shop.grant(who, '500', { scope: { metrics: ['images'] } });
    const id = await shop.subscribed(who, 'pro');
    await shop.at(END);
    expect(await shop.read(id)).toMatchObject({ status: 'PAST_DUE' });
    const look = async () => {
      const { rows } = await db.query(
        `SELECT s.updated_at, c.terms_version FROM subscriptions s JOIN customers c ON c.id = s.customer_id
          WHERE c.external_id = 'poor'`,
      );
      return rows[0];
    };
    const before = await look();
    await shop.use(who, 1);
    await shop.work();
    expect(await look()).toEqual(before);
    shop.clock.advance(1000);
    await shop.work();
    const after = await look();
    expect(after.updated_at).not.toEqual(before.updated_at);
    expect(after.terms_version).toBe(before.terms_version);
    // Money is noticed at once.
    await shop.grant(who, '20');
    await shop.work();
    expect(await shop.read(id)).toMatchObject({ status: 'ACTIVE' });
  });
});
