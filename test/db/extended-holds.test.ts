import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toTypeId } from '../../src/kit/ids.ts';
import { verifyLaws } from '../../src/laws/verify.ts';
import {
  given,
  type Laboratory,
  openAsset,
  openCustomer,
  openLaboratory,
} from '../laws/laboratory.ts';
import { settledLog } from '../support/settled-log.ts';

// A lease extends its hold for months. What it costs to write the hold must not grow with that.

const EXTENSIONS = 200;
/** So many that the entries are replayed in more than one part. */
const EVENTS_EACH = 30;
const BLOCK = '60';
const PATIENCE = { timeout: 120_000 };

let laboratory: Laboratory;
let client: pg.Client;

beforeAll(async () => {
  laboratory = await openLaboratory();
  client = new pg.Client({ connectionString: laboratory.url });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await laboratory?.close();
});

async function brokenLaws() {
  const { laws } = await verifyLaws(laboratory.db);
  return laws.filter(({ ok }) => !ok).map(({ number, violation }) => `${number} ${violation}`);
}

/** How large the row of the hold is, what it says it set aside when, and how often it was extended. */
async function stored(holdId: string) {
  const { rows } = await client.query(
    `SELECT pg_column_size(h.*) AS bytes, h.reservations, h.amount::float8 AS amount,
        (SELECT count(*)::int FROM hold_extensions e WHERE e.hold_id = h.id) AS extensions
      FROM holds h WHERE h.id = $1`,
    [holdId],
  );
  return rows[0];
}

test(
  'a hold that was extended many times is written as one that was extended once',
  PATIENCE,
  async () => {
    const { services, openOrganization } = laboratory;
    const viewer = await openOrganization('Acme');
    const spec = { code: 'CREDIT', scale: 2, burnOrder: 'PRIORITY' } as const;
    const asset = await openAsset(services, viewer, spec);
    const metric = { code: 'units', eventType: 'use', aggregation: 'SUM', property: 'n' } as const;
    given(await services.catalog.createBillableMetric(viewer, metric));
    const price = { metric: 'units', asset: 'CREDIT', unitAmount: '1' };
    given(await services.catalog.createPrice(viewer, price));
    const customerId = await openCustomer(services, viewer, 'ada');
    const of = { customerId, asset, scopeMetrics: [] };
    for (const priority of [10, 20]) {
      given(await services.ledger.grantCredit(viewer, of, { amount: '5000', priority }));
    }
    const place = { customer: { externalId: 'ada' }, asset: 'CREDIT', amount: BLOCK };
    const { holdId } = given(await services.usage.holds.place(viewer, place));
    const hold = toTypeId('hold', holdId);
    // One goes on from memory, the other from what the first has written.
    const processes = [services, laboratory.startProcess().services] as const;

    /** As a lease does: tells what was used, and fills its block again. */
    async function refill(round: number) {
      const { usage } = processes[round % 10 === 9 ? 1 : 0];
      const events = Array.from({ length: EVENTS_EACH }, (_, n) => ({
        ...{ eventId: `${round}/${n}`, type: 'use', properties: { n: 1 } },
      }));
      given(await usage.holds.capture(viewer, { hold, events, final: false }));
      given(await usage.holds.extend(viewer, { hold, amount: BLOCK }));
    }

    await refill(0);
    const once = await stored(holdId);
    expect(once).toMatchObject({ amount: 90, extensions: 1 });
    for (let round = 1; round < EXTENSIONS; round += 1) await refill(round);
    expect(await stored(holdId)).toEqual({
      ...once,
      amount: 60 + EVENTS_EACH * EXTENSIONS,
      // One of them took the rest of the first grant, and of the second one what was missing.
      extensions: EXTENSIONS + 1,
    });

    await settledLog(laboratory.url);
    expect(await brokenLaws()).toEqual([]);
    const last = `sequence = (SELECT max(sequence) FROM hold_extensions)`;
    const forget = `DELETE FROM hold_extensions WHERE ${last}`;
    await expect(client.query(forget)).rejects.toThrow('never changed or removed');
    // Somebody with a superuser's hands: triggers do not stop them.
    await client.query('SET session_replication_role = replica');
    await client.query(forget);
    expect(await brokenLaws()).toEqual([
      expect.stringMatching(
        /^6 .* sets 60 of \S+ aside where 30 of \S+ is what its captures have left$/,
      ),
      `12 ${hold}: is of 6060, what was set aside adds up to 6030`,
    ]);
  },
);
