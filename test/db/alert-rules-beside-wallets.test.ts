import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Id } from '../../src/kit/ids.ts';
import { LOCK_KNOWN_WALLETS } from '../../src/ledger/sql/lock-known-wallets.ts';
import { LOCK_WALLETS } from '../../src/ledger/sql/lock-wallets.ts';
import { given, openCustomer } from '../laws/laboratory.ts';
import { isFirst } from '../laws/two-processes.ts';
import { holdWallets, untilAwaited } from '../support/held-wallets.ts';
import { type AlertWorld, openAlertWorld } from './alerts-fixture.ts';

// Rules that are being made while somebody opens wallets of the same customer, or charges them.

let world: AlertWorld;

beforeAll(async () => {
  world = await openAlertWorld();
});
afterAll(async () => {
  await world?.expectLaws();
  await world?.laboratory.close();
});

const low = { belowAmount: '80' };

const WAYS: [string, (customerId: Id<'customer'>) => Promise<unknown>][] = [
  ['by a grant', (customerId) => world.topUp(customerId, '100')],
  [
    'with nothing in it',
    async (customerId) => {
      const target = { customerId, asset: world.credit };
      given(await world.laboratory.services.ledger.openWallet(world.viewer, target, {}));
      await world.topUp(customerId, '100');
    },
  ],
];

test.each(WAYS)(
  'a wallet that is opened meanwhile, %s, is charged under the rule',
  async (how, open) => {
    const customerId = await openCustomer(world.laboratory.services, world.viewer, how);
    await world.topUp(customerId, '100', { walletName: 'savings' });
    const held = await holdWallets(world.laboratory.url);
    const making = world.createRule(how, low, { customerId });
    await held.untilAwaited('JOIN wallets');
    const opening = open(customerId);
    await held.untilAwaited('pg_advisory_xact_lock_shared');
    await held.release();
    await Promise.all([making, opening]);
    expect(isFirst(await world.charge(how, `30 ${how}`, 30))).toBe(true);
    expect(await world.told(customerId)).toEqual([`raised ${how}`]);
  },
);

test('a rule for a wallet that waits for another one keeps nobody from the first', async () => {
  const { laboratory, credit } = world;
  const { customerId, walletId } = await world.openFunded('a circle', '100');
  await world.topUp(customerId, '100', { walletName: 'savings' });
  const [savings] = await laboratory.db.prisma.wallet.findMany({
    where: { customerId, name: 'savings' },
  });
  // As a batch of charges that has one wallet and is about to take the other, in the order of their names.
  const charge = new pg.Client({ connectionString: laboratory.url });
  await charge.connect();
  try {
    await charge.query(`SET lock_timeout = '2s'`);
    await charge.query('BEGIN');
    await charge.query('UPDATE wallets SET version = version WHERE id = $1', [walletId]);
    const making = world.createRule('a circle', low, { walletId: savings?.id ?? '' });
    await untilAwaited(charge, 'JOIN wallets');
    const keys = [[customerId], [credit.id]];
    const known = await charge.query(LOCK_KNOWN_WALLETS.text, [...keys, [null], [null], 'savings']);
    const read = await charge.query(LOCK_WALLETS.text, [...keys, ['savings']]);
    expect([known.rowCount, read.rowCount]).toEqual([1, 1]);
    await charge.query('COMMIT');
    expect(await making).toEqual(expect.any(String));
  } finally {
    await charge.end();
  }
});
