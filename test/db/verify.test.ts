import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifyLaws } from '../../src/laws/verify.ts';
import { type Laboratory, openLaboratory } from '../laws/laboratory.ts';
import { settledLog } from '../support/settled-log.ts';
import { keepBooks } from './verify-books.ts';
import { CORRUPTIONS } from './verify-corruptions.ts';
import { COUNTER_CORRUPTIONS } from './verify-counter-corruptions.ts';
import { PAYMENT_CORRUPTIONS } from './verify-payment-corruptions.ts';

const ALL = [...CORRUPTIONS, ...COUNTER_CORRUPTIONS, ...PAYMENT_CORRUPTIONS];

/** Everything that a corruption may touch, so that it can be undone. */
const TABLES = [
  'rates',
  'wallets',
  'credit_grants',
  'adjustments',
  'ledger_entries',
  'usage_events',
  'charges',
  'usage_counters',
  'usage_readings',
  'usage_corrections',
  'charge_corrections',
  'event_runs',
  'event_logs',
  'payments',
  'payment_refunds',
];

let laboratory: Laboratory;
let vandal: pg.Client;
let books: Awaited<ReturnType<typeof keepBooks>>;

beforeAll(async () => {
  laboratory = await openLaboratory();
  books = await keepBooks(laboratory);
  await settledLog(laboratory.url);
  vandal = new pg.Client({ connectionString: laboratory.url });
  await vandal.connect();
  // Somebody with a superuser's hands: neither triggers nor foreign keys stop them.
  await vandal.query('SET session_replication_role = replica');
  for (const table of TABLES) await vandal.query(`CREATE TABLE saved_${table} AS TABLE ${table}`);
});

afterEach(async () => {
  for (const table of TABLES) {
    await vandal.query(`DELETE FROM ${table}`);
    await vandal.query(`INSERT INTO ${table} SELECT * FROM saved_${table}`);
  }
});

afterAll(async () => {
  await vandal?.end();
  await laboratory?.close();
});

async function brokenLaws() {
  const { ok, laws } = await verifyLaws(laboratory.db);
  const broken = laws.filter((law) => !law.ok);
  expect(ok).toBe(broken.length === 0);
  return broken;
}

describe('drawdown verify', () => {
  it('finds nothing wrong with books that were kept by the product', async () => {
    const { ok, laws } = await verifyLaws(laboratory.db);
    expect(laws.filter((law) => !law.ok)).toEqual([]);
    expect(ok).toBe(true);
    expect(laws.map((law) => law.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12]);
    expect(laws.every((law) => law.checked > 0)).toBe(true);
  });

  for (const { what, sql, laws, says } of ALL) {
    it(`finds ${what}`, async () => {
      await corrupt(sql);
      const broken = await brokenLaws();
      expect(broken.map((law) => law.number)).toEqual(laws);
      expect(broken.map((law) => law.violation).join('\n')).toContain(says);
    });
  }
});

async function corrupt(sql: string): Promise<void> {
  const ids = books as unknown as Record<string, string>;
  await vandal.query(
    sql.replaceAll(/(?<![:\w]):(\w+)/g, (_, name: string) => `'${ids[name]}'::uuid`),
  );
}
