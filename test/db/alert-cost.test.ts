import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDb, type Db, type Queryable } from '../../src/infra/db.ts';
import { createLog } from '../../src/infra/log.ts';
import { createMetrics } from '../../src/infra/metrics.ts';
import { DAY_MS } from '../../src/kit/clock.ts';
import { createLocalBus } from '../../src/live/local-bus.ts';
import { createServices, type Services } from '../../src/services.ts';
import { isFirst, usage } from '../laws/two-processes.ts';
import { type AlertWorld, openAlertWorld } from './alerts-fixture.ts';

// What a charge pays for the rules of its wallet, in statements.

let world: AlertWorld;
let db: Db;
let services: Services;
const sent: string[] = [];

beforeAll(async () => {
  world = await openAlertWorld();
  const { url, clock } = world.laboratory;
  const log = createLog({ level: 'silent' });
  db = createDb({ url, poolSize: 2, onIdleError: () => undefined });
  const listening: Db = {
    ...db,
    hotTransaction: (work) => db.hotTransaction((tx) => work(listenTo(tx))),
  };
  services = createServices({
    db: listening,
    bus: createLocalBus({ log }),
    clock,
    log,
    metrics: createMetrics(),
    bootstrapKey: null,
    webhooks: { allowPrivate: false, ports: [] },
    sendMail: null,
    payments: { cipher: null, publicUrl: () => 'http://127.0.0.1', allowPrivate: true },
  });
});
afterAll(async () => {
  await services?.close();
  await db?.close();
  await world?.laboratory.close();
});

function listenTo(tx: Queryable): Queryable {
  return {
    query(statement, values) {
      // The log is numbered, and webhooks are queued with it, beside the charges.
      if (!/^(?:live|webhooks)\./.test(statement.name)) sent.push(statement.name);
      return tx.query(statement, values);
    },
  };
}

/** The statements of one charge, beside those that tell of it. */
async function statementsOf(name: string, eventId: string, amount: number): Promise<string[]> {
  sent.length = 0;
  const outcome = await services.usage.record(world.viewer, usage(name, eventId, amount));
  expect(isFirst(outcome)).toBe(true);
  return [...sent];
}

const PLAIN = [
  'usage.read_organizations',
  'subscriptions.find_stale_terms',
  'ledger.write_postings',
  'usage.insert_events',
];
const EVALUATED = ['alerts.read_standing', 'alerts.insert', 'alerts.store_thresholds'];

test('a charge that crosses nothing sends what it would send without any rule', async () => {
  const { walletId } = await world.openFunded('cheap', '100');
  for (let at = 1; at <= 15; at += 1) {
    await world.createRule(`cheap ${at}`, { belowAmount: String(at) }, { walletId });
  }
  await statementsOf('cheap', 'gets remembered', 1);
  for (const eventId of ['one', 'two', 'three']) {
    expect(await statementsOf('cheap', eventId, 1)).toEqual(PLAIN);
  }
  expect(await statementsOf('cheap', 'crosses', 50)).toEqual([...PLAIN, ...EVALUATED]);
  expect(await statementsOf('cheap', 'below already', 1)).toEqual(PLAIN);
});

test('a charge never looks at grants that are about to expire: those are told when they are made', async () => {
  const { customerId, walletId } = await world.openFunded('expiring', '100');
  await world.createRule('expiring', { grantExpiringDays: 7 }, { walletId });
  await world.createRule('low', { belowAmount: '90' }, { walletId });
  const expiresAt = new Date(world.laboratory.clock.now().getTime() + DAY_MS).toISOString();
  await world.topUp(customerId, '20', { expiresAt });
  expect(await world.active(walletId)).toEqual(['expiring']);
  await statementsOf('expiring', 'gets remembered', 1);
  expect(await statementsOf('expiring', 'plain', 1)).toEqual(PLAIN);
  expect(await statementsOf('expiring', 'crosses', 30)).toEqual([...PLAIN, ...EVALUATED]);
});

test('the first charge after the rules for all customers changed looks once', async () => {
  await world.openFunded('looks', '100');
  await statementsOf('looks', 'gets remembered', 1);
  await world.createRule('for all', { belowAmount: '10' });
  // Its next threshold is the same, so the wallet has not moved on and nothing is run again.
  expect(await statementsOf('looks', 'looks', 1)).toEqual([
    ...PLAIN,
    'alerts.read_standing',
    'alerts.store_thresholds',
  ]);
  expect(await statementsOf('looks', 'looks no more', 1)).toEqual(PLAIN);
});
