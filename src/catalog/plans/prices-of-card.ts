import { groupBy } from '../../kit/group-by.ts';
import type { Id } from '../../kit/ids.ts';
import type { PlanDefinition, PriceDefinition } from './definition.ts';
import type { NamedAsset, Names } from './names.ts';

/** One price of a version's card, and what rates it has. */
export interface PriceOfCard {
  readonly metricId: Id<'metric'>;
  readonly asset: NamedAsset;
  readonly rates: readonly PriceDefinition[];
}

/** What a version says of prices, as its card has it: one price for each metric and asset. */
export function pricesOfCard(
  { prices }: Pick<PlanDefinition, 'prices'>,
  names: Names,
): PriceOfCard[] {
  const byKey = groupBy(prices, ({ metric, asset }) => `${metric} ${asset}`);
  return [...byKey.values()].map((rates) => {
    const [first] = rates;
    const metric = first && names.metrics.get(first.metric);
    const asset = first && names.assets.get(first.asset);
    if (!metric || !asset) throw new Error('A price names what was not resolved.');
    return { metricId: metric.id as Id<'metric'>, asset, rates };
  });
}
