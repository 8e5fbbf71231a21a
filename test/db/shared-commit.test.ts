import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../src/access/viewer.ts';
import { fromTypeId } from '../../src/kit/ids.ts';
import { LANES } from '../../src/usage/group-commit.ts';
import { laneOf } from '../../src/usage/lanes.ts';
import { withAdmin } from '../support/admin.ts';
import { KEY, setUpCalls, startApi, type TestApi } from '../support/api.ts';
import { holdWallets } from '../support/held-wallets.ts';

// Events of all organizations are committed together. What PostgreSQL refuses of one is nobody else's loss.

/** Refuses the rows of one customer, and counts how often the others' were tried, also in vain. */
const TRIGGER = `
  CREATE SEQUENCE tries;
  CREATE FUNCTION refuse_the_cursed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF starts_with(NEW.event_id, 'cursed') THEN
      RAISE EXCEPTION 'refused' USING ERRCODE = substr(NEW.event_id, 8);
    END IF;
    PERFORM nextval('tries');
    RETURN NEW;
  END $$;
  CREATE TRIGGER refuse_the_cursed BEFORE INSERT ON usage_events
    FOR EACH ROW EXECUTE FUNCTION refuse_the_cursed()`;

let api: TestApi;
let mine: Viewer;
let theirs: Viewer;
let theirCustomer = 'acme';

beforeAll(async () => {
  api = await startApi();
  const otherKey = await api.otherKey();
  const { customerId } = await setUpCalls(api.ask);
  const lane = (typeId: string) => laneOf(fromTypeId('customer', typeId) ?? '', LANES);
  // Only what goes down one lane can meet in one commit.
  for (let count = 0, theirLane = -1; theirLane !== lane(customerId); count += 1) {
    theirCustomer = `customer ${count}`;
    const their = await setUpCalls(
      (query, given) => api.ask(query, given, otherKey),
      theirCustomer,
    );
    theirLane = lane(their.customerId);
  }
  [mine, theirs] = (await Promise.all([KEY, otherKey].map(logIn))) as [Viewer, Viewer];
  await withAdmin(api.databaseUrl, (admin) => admin.query(TRIGGER));
  // From here on names and prices are in memory, so that an event waits for nothing but its commit.
  await Promise.all([record(mine, 'warm'), record(theirs, 'warm')]);
});
afterAll(() => api.stop());

async function logIn(key: string): Promise<Viewer> {
  const viewer = await api.services.access.authenticate(`Bearer ${key}`);
  if ('refusal' in viewer) throw new Error(viewer.message);
  return viewer;
}

function record(viewer: Viewer, eventId: string) {
  const externalId = viewer === mine ? 'acme' : theirCustomer;
  const event = { customer: { externalId }, eventId, type: 'api.call' };
  return api.services.usage.record(viewer, event);
}

const tries = () =>
  withAdmin(api.databaseUrl, async (admin) => {
    const { rows } = await admin.query('SELECT last_value::int AS value FROM tries');
    return rows[0].value as number;
  });

test.each([
  ['22003', 'a number out of range'],
  ['23514', 'a check'],
  ['22P05', 'a character that cannot be stored'],
])(
  "a row that PostgreSQL refuses with %s, %s, is not another organization's loss",
  async (code) => {
    const before = await tries();
    const held = await holdWallets(api.databaseUrl);
    const first = record(mine, `first-${code}`);
    await held.untilAwaited();
    // While that commit waits the next one fills.
    const innocent = record(mine, `innocent-${code}`);
    const cursed = record(theirs, `cursed-${code}`);
    cursed.catch(() => undefined);
    const after = record(theirs, `after-${code}`);
    await turn();
    await held.release();

    for (const recorded of [first, innocent, after]) {
      expect(await recorded).toMatchObject({ duplicate: false, throttled: false });
    }
    await expect(cursed).rejects.toMatchObject({ code });
    // Theirs was tried together with the refused one, and then alone: they did meet in one commit.
    expect((await tries()) - before).toBe(1 + 2 + 1);
  },
);
