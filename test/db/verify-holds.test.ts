import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifyLaws } from '../../src/laws/verify.ts';
import { type Laboratory, openLaboratory } from '../laws/laboratory.ts';
import { settledLog } from '../support/settled-log.ts';
import { keepHolds } from './verify-hold-books.ts';

/** Everything that a corruption may touch, so that it can be undone. */
const TABLES = ['wallets', 'holds', 'hold_captures', 'hold_extensions', 'credit_grants'];

let laboratory: Laboratory;
let vandal: pg.Client;
let books: Awaited<ReturnType<typeof keepHolds>>;

beforeAll(async () => {
  laboratory = await openLaboratory();
  books = await keepHolds(laboratory);
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

interface Corruption {
  readonly what: string;
  /** `:name` stands for the stored id of that name in the books. */
  readonly sql: string;
  /** Every law that must notice, and no other. */
  readonly laws: readonly number[];
  /** What one of their violations says. */
  readonly says: string;
}

const CORRUPTIONS: readonly Corruption[] = [
  {
    what: 'a hold that sets nothing aside any more',
    sql: `UPDATE holds SET allocations = '[]' WHERE id = :open`,
    laws: [6],
    says: 'sets nothing aside where 4 of',
  },
  {
    what: 'a hold that has set more aside than its captures have left',
    sql: `UPDATE holds SET allocations = jsonb_set(allocations, '{0,1}', '"4"') WHERE id = :parted`,
    laws: [6, 12],
    says: 'holds have set 8 of it aside',
  },
  {
    what: 'a hold that is said to have begun with another grant',
    sql: `UPDATE holds SET reservations = replace(reservations::text, :first::text, :second::text)::jsonb
      WHERE id = :open`,
    laws: [6],
    says: 'where the order is',
  },
  {
    what: 'how much an extension set aside',
    sql: 'UPDATE hold_extensions SET amount = amount + 1 WHERE ordinal = 2',
    laws: [6, 12],
    says: 'is of 13, what was set aside adds up to 14',
  },
  {
    what: 'an extension that is forgotten',
    sql: 'DELETE FROM hold_extensions WHERE ordinal = 2',
    laws: [6, 12],
    says: 'is of 13, what was set aside adds up to 8',
  },
  {
    what: 'an extension of another grant',
    sql: 'UPDATE hold_extensions SET grant_id = :bobsFirst WHERE grant_id = :bobsSecond',
    laws: [6],
    says: 'is what its captures have left',
  },
  {
    what: 'an extension of the overdraft that was one of a grant',
    sql: 'UPDATE hold_extensions SET grant_id = NULL WHERE grant_id = :bobsSecond',
    laws: [6],
    says: 'is what its captures have left',
  },
  {
    what: 'an extension that is said to have come later than it did',
    sql: 'UPDATE hold_extensions SET sequence = 5 WHERE sequence = 4 AND grant_id = :bobsFirst',
    laws: [6],
    says: 'where the order is',
  },
  {
    what: 'an extension of a hold that is not there',
    sql: `INSERT INTO hold_extensions (wallet_id, sequence, version, ordinal, organization_id, customer_id, hold_id, amount)
      SELECT wallet_id, sequence, version, 7, organization_id, customer_id, wallet_id, amount FROM hold_extensions
      WHERE ordinal = 2`,
    laws: [12],
    says: 'was extended, but there is no such hold on wallet_',
  },
  {
    what: 'an extension in another wallet',
    sql: 'UPDATE hold_extensions SET wallet_id = :walletId WHERE ordinal = 2',
    laws: [6, 12],
    says: 'is of 13, what was set aside adds up to 8',
  },
  {
    what: "a hold's amount",
    sql: 'UPDATE holds SET amount = amount + 1 WHERE id = :open',
    laws: [12],
    says: 'is of 5, what was set aside adds up to 4',
  },
  {
    what: 'a capture more than there is',
    sql: 'UPDATE holds SET captures = 2 WHERE id = :parted',
    laws: [12],
    says: 'counts 2 captures, and has 1 of them up to number 1',
  },
  {
    what: 'what a hold has captured',
    sql: 'UPDATE holds SET captured = 4 WHERE id = :parted',
    laws: [12],
    says: 'has captured 4, its captures add up to 3',
  },
  {
    what: 'a hold that is open after the last capture it allows',
    sql: 'UPDATE holds SET max_captures = 1 WHERE id = :parted',
    laws: [12],
    says: 'allows no more captures, and is not closed',
  },
  {
    what: 'a closed hold that sets something aside',
    sql: `UPDATE holds SET overdraft = 1 WHERE id = :short`,
    laws: [12],
    says: 'is CAPTURED, and sets something aside',
  },
  {
    what: 'a capture that was forgotten',
    sql: 'DELETE FROM hold_captures WHERE usage_event_id = :captured',
    laws: [6, 12],
    says: 'counts 1 captures, and has 0 of them up to number 0',
  },
  {
    what: 'a late capture that is said to have been in time',
    sql: `UPDATE hold_captures SET amount = 2 WHERE usage_event_id = :late`,
    laws: [12],
    says: 'has captured 1, its captures add up to 2',
  },
  {
    what: 'a capture of an event that is not there',
    sql: `UPDATE hold_captures SET usage_event_id = :open WHERE usage_event_id = :late`,
    laws: [12],
    says: 'was captured for an event that does not exist',
  },
  {
    what: 'a hold of another customer',
    sql: `UPDATE holds SET customer_id = gen_random_uuid() WHERE id = :open`,
    laws: [6, 12],
    says: 'is on no wallet of that customer',
  },
  {
    what: 'how many holds of a wallet are open',
    sql: 'UPDATE wallets SET open_holds = 0 WHERE id = :walletId',
    laws: [12],
    says: 'counts 0 open holds, and has 3',
  },
  {
    what: 'more of the overdraft set aside than the policy allows',
    sql: 'UPDATE holds SET overdraft = overdraft + 2 WHERE id = :indebted',
    laws: [12],
    says: 'of the overdraft aside, OVERDRAFT allows 5',
  },
  {
    what: 'a debt beyond the policy, in a wallet that holds have moved on',
    sql: `UPDATE wallets SET overdraft_limit = 0.5 WHERE id = :walletId`,
    laws: [3, 12],
    says: 'takes the debt to',
  },
];

async function brokenLaws() {
  const { laws } = await verifyLaws(laboratory.db);
  return laws.filter((law) => !law.ok);
}

describe('drawdown verify', () => {
  it('finds nothing wrong with holds that were kept by the product', async () => {
    expect(await brokenLaws()).toEqual([]);
  });

  for (const { what, sql, laws, says } of CORRUPTIONS) {
    it(`finds ${what}`, async () => {
      const ids = books as unknown as Record<string, string>;
      await vandal.query(
        sql.replaceAll(/(?<![:\w]):(\w+)/g, (_, name: string) => `'${ids[name]}'::uuid`),
      );
      const broken = await brokenLaws();
      expect(broken.map((law) => law.violation).join('\n')).toContain(says);
      expect(broken.map((law) => law.number)).toEqual(laws);
    });
  }
});
