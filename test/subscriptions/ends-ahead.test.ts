import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Viewer } from '../../src/access/viewer.ts';
import { evaluate } from '../../src/alerts/evaluate.ts';
import { createDb, type Db } from '../../src/infra/db.ts';
import { fromTypeId } from '../../src/kit/ids.ts';
import { cancelSubscription } from '../../src/subscriptions/cancel.ts';
import { openShop, type Shop } from './shop.ts';

// Who ends a subscription now has its usage read outside the transaction that locks its wallet.

let shop: Shop;
let db: Db;
beforeAll(async () => {
  shop = await openShop();
  db = createDb({ url: shop.api.databaseUrl, poolSize: 2, onIdleError: () => undefined });
  await shop.plan('committed', { asset: 'USD', minimum: '100' });
});
afterAll(async () => {
  const broken = await shop.brokenLaw();
  await db.close();
  await shop.stop();
  expect(broken).toBeNull();
});

it.each(['NOW', 'PERIOD_END'] as const)('what is ended %s', async (when) => {
  const who = await shop.customer(`ends-${when}`, '400');
  const subscription = await shop.subscribed(who, 'committed');
  await shop.use(who, 30);
  const sent: string[] = [];
  const direct: Db['direct'] = {
    query: (statement, values) => {
      sent.push(statement.name);
      return db.direct.query(statement, values);
    },
  };
  const id = fromTypeId('subscription', subscription) ?? '';
  const row = await db.prisma.subscription.findFirstOrThrow({ where: { id } });
  const viewer = { organizationId: row.organizationId } as Viewer;
  const nobodyIsTold = { announce: () => undefined, publishChanges: () => undefined };
  const deps = { db: { ...db, direct }, clock: shop.clock, watch: evaluate, ...nobodyIsTold };
  expect(await cancelSubscription(deps, viewer, { subscription, when })).toEqual({
    subscriptionId: id,
  });
  expect(sent.includes('subscriptions.read_usage')).toBe(when === 'NOW');
});
