import { afterAll, beforeAll, expect, test } from 'vitest';
import { given, openCatalog } from './catalog-fixture.ts';

let room: Awaited<ReturnType<typeof openCatalog>>;

beforeAll(async () => {
  room = await openCatalog();
});
afterAll(() => room.close());

test('the prices of one card count under the first of their metric in their asset, each by itself', async () => {
  const shop = await room.openOrganization('Cards');
  const { catalog } = room;
  for (const code of ['USD', 'CREDIT']) given(await catalog.createAsset(shop, { code }));
  for (const code of ['calls', 'tokens']) {
    const metric = { code, eventType: code, aggregation: 'COUNT' as const };
    given(await catalog.createBillableMetric(shop, metric));
    given(await catalog.createPrice(shop, { metric: code, asset: 'USD', unitAmount: '1' }));
  }

  /** Publishes a plan of so many prices; under which each counts, by metric and asset. */
  async function sell(code: string, ...prices: readonly (readonly [string, string])[]) {
    const said = prices.map(([metric, asset]) => ({ metric, asset, unitAmount: '2' }));
    given(await catalog.plans.savePlanDraft(shop, { code, definition: { prices: said } }));
    given(await catalog.plans.publishPlan(shop, { plan: code }));
    const rows = await room.db.prisma.price.findMany({
      where: { rateCard: { code: `${code}@1`, organizationId: shop.organizationId } },
      include: { metric: true, asset: true },
    });
    return new Map(rows.map((row) => [`${row.metric.code} ${row.asset.code}`, row]));
  }

  const first = await sell('first', ['calls', 'USD']);
  const second = await sell('second', ['calls', 'USD'], ['tokens', 'USD'], ['calls', 'CREDIT']);
  const third = await sell('third', ['calls', 'CREDIT'], ['calls', 'USD'], ['tokens', 'USD']);
  const under = (card: typeof first) => (name: string) => card.get(name)?.countedAs;
  const idOf = (card: typeof first, name: string) => card.get(name)?.id;
  expect(under(first)('calls USD')).toBe(idOf(first, 'calls USD'));
  expect(second.size).toBe(3);
  expect(under(second)('calls USD')).toBe(idOf(first, 'calls USD'));
  for (const name of ['tokens USD', 'calls CREDIT']) {
    expect(under(second)(name)).toBe(idOf(second, name));
    expect(under(third)(name)).toBe(idOf(second, name));
  }
  expect(under(third)('calls USD')).toBe(idOf(first, 'calls USD'));
});
