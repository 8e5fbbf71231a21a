import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openShop, PRO, type Shop } from './shop.ts';

let shop: Shop;
let db: pg.Client;
beforeAll(async () => {
  shop = await openShop();
  await shop.plan('pro', PRO);
  await shop.customer('ada', '100');
  await shop.subscribed('ada', 'pro');
  await shop.at('2026-02-28T09:00:00.000Z');
  db = new pg.Client({ connectionString: shop.api.databaseUrl });
  await db.connect();
  // What is only ever added to may be spoilt here.
  await db.query("SET session_replication_role = 'replica'");
});
afterAll(async () => {
  await db.end();
  await shop.stop();
});

it.each<[what: string, spoil: string, restore: string, says: string]>([
  [
    'a charge of another amount',
    'UPDATE subscription_charges SET amount = amount + 1',
    'UPDATE subscription_charges SET amount = amount - 1',
    'its entries add up to 20',
  ],
  [
    'a charge of another customer',
    'UPDATE subscription_charges SET customer_id = subscription_id',
    'UPDATE subscription_charges c SET customer_id = s.customer_id FROM subscriptions s WHERE s.id = c.subscription_id',
    'there is no such charge of a subscription on this wallet',
  ],
  [
    'a fee that goes elsewhere',
    "UPDATE ledger_entries SET credit_account = 'CASH' WHERE cause = 'SUBSCRIPTION'",
    "UPDATE ledger_entries SET credit_account = 'REVENUE' WHERE cause = 'SUBSCRIPTION'",
    'what a subscription costs goes to revenue',
  ],
  [
    'credits that went on into a grant that is none of those',
    "UPDATE credit_grants SET purpose = 'BUNDLED', description = 'spoilt' WHERE purpose = 'ROLLOVER'",
    "UPDATE credit_grants SET purpose = 'ROLLOVER' WHERE description = 'spoilt'",
    'what it goes on into is no rollover',
  ],
  [
    'credits that went on before their time was over',
    "UPDATE credit_grants SET expires_at = expires_at + interval '1 day' WHERE purpose = 'BUNDLED'",
    "UPDATE credit_grants SET expires_at = expires_at - interval '1 day' WHERE purpose = 'BUNDLED'",
    'has it go on before it expired',
  ],
])('%s is noticed', async (_what, spoil, restore, says) => {
  expect(await shop.brokenLaw()).toBeNull();
  await db.query(spoil);
  expect(await shop.brokenLaw()).toContain(says);
  await db.query(restore);
});
