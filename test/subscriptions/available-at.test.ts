import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDb, type Db } from '../../src/infra/db.ts';
import { exact, ONE, plain, ZERO } from '../../src/kit/decimal.ts';
import { readBalances } from '../../src/ledger/balances.ts';
import { availableAt } from '../../src/ledger/sql/available-at.ts';
import { createRandom, type Random } from '../torture/random.ts';
import { openShop, type Shop } from './shop.ts';

// What a statement says that wallets have available, and what `balanceOf` says.

const HOUR = 3_600;
const ARREARS = 10n ** 27n * ONE;
const AVAILABLE = {
  name: 'test.available',
  text: `SELECT w.id, w.on_empty::text AS on_empty, ${availableAt('$1::timestamptz')}::text AS available,
      w.on_empty <> 'ARREARS' AND w.overdraft_limit - w.debt < (SELECT sum(h.overdraft) FROM holds h
        WHERE h.wallet_id = w.id AND h.status = 'OPEN' AND h.expires_at > $1::timestamptz) AS is_bounded,
      EXISTS (SELECT FROM holds h CROSS JOIN LATERAL jsonb_array_elements(h.allocations) a
        JOIN credit_grants g ON g.id = (a ->> 0)::uuid WHERE h.wallet_id = w.id AND h.status = 'OPEN'
          AND h.expires_at > $1::timestamptz AND g.expires_at <= $1::timestamptz) AS is_partly_over
    FROM wallets w ORDER BY w.id`,
};

interface AvailableRow {
  id: string;
  on_empty: string;
  available: string;
  is_bounded: boolean | null;
  is_partly_over: boolean;
}

let shop: Shop;
let db: Db;
beforeAll(async () => {
  shop = await openShop();
  db = createDb({ url: shop.api.databaseUrl, poolSize: 2, onIdleError: () => undefined });
});
afterAll(async () => {
  await db.close();
  await shop.stop();
});

const inHours = (hours: number) =>
  new Date(shop.clock.now().getTime() + hours * HOUR * 1000).toISOString();

/** Something that moves what the wallet has; it may be refused. */
function perform(who: string, wallet: string, { between, pick }: Random): Promise<unknown> {
  const customer = { externalId: who };
  const amount = String(between(1, 40));
  const grant = (more: object) => shop.grant(who, amount, more);
  const setPolicy = (onEmpty: string, more: object = {}) =>
    shop.mutate('updateWallet', { wallet, onEmpty, ...more }, 'wallet { id }');
  return pick([
    () => grant({}),
    () => grant({ expiresAt: inHours(between(1, 3)) }),
    () => grant({ effectiveAt: inHours(between(1, 6)) }),
    () => grant({ effectiveAt: inHours(1), expiresAt: inHours(between(2, 3)) }),
    () => setPolicy('OVERDRAFT', { overdraftLimit: String(between(1, 90)) }),
    () => setPolicy('THROTTLE', { overdraftLimit: String(between(1, 90)) }),
    () => setPolicy(pick(['BLOCK', 'ARREARS'])),
    () => shop.use(who, between(1, 60)),
    ...Array.from({ length: 4 }, () => () => {
      const ttlSeconds = between(1, 8) * HOUR;
      const input = { customer, asset: 'USD', amount, ttlSeconds };
      return shop.mutate('placeHold', input, 'hold { id }');
    }),
  ])();
}

it('they say the same of every wallet, whatever holds, policies, debts and grants it has', async () => {
  const seed = 20260228;
  const random = createRandom(seed);
  const seen = { bounded: 0, partlyOver: 0, arrears: 0 };
  const wallets = new Map<string, string>();
  for (let n = 0; n < 24; n += 1) {
    const who = await shop.customer(`random-${n}`, '10');
    wallets.set(who, (await shop.wallet(who, 'USD')).id);
  }
  for (let round = 0; round < 10; round += 1) {
    await Promise.all([...wallets].map(([who, wallet]) => perform(who, wallet, random)));
    shop.clock.advance(random.between(0, 90) * 60_000);
    const rows = await db.direct.query<AvailableRow>(AVAILABLE, [shop.clock.now()]);
    const ids = rows.map(({ id }) => id);
    const balances = await readBalances(db.direct, shop.clock, ids);
    for (const [index, row] of rows.entries()) {
      const balance = balances[index];
      if (!balance || balance instanceof Error) throw balance ?? new Error('It is missing.');
      const unbounded = row.on_empty === 'ARREARS' ? ARREARS : ZERO;
      const expected = plain(balance.available + unbounded);
      expect(plain(exact(row.available)), `seed ${seed}, round ${round}, ${row.id}`).toBe(expected);
      seen.bounded += Number(row.is_bounded ?? false);
      seen.partlyOver += Number(row.is_partly_over);
      seen.arrears += Number(row.on_empty === 'ARREARS');
    }
  }
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(2);
});
