import type { CatalogueSnapshot, SnapshotFeature } from '../catalog/snapshot.ts';
import { type Exact, ZERO } from '../kit/decimal.ts';
import { type Invalid, invalid, isRefusal } from '../kit/refusal.ts';
import { outsideWindow } from '../rating/accepted-window.ts';
import { countedQuantity, NEVER_SAID, rateEstimate } from '../rating/estimate.ts';
import type { CardPrices, IndexedMetric } from '../rating/price-book.ts';
import { type RatedCharge, rateEvent } from '../rating/rate.ts';
import type { OutsideWindow, RatingRefusal } from '../rating/refusals.ts';
import { type Bill, billOf, billsOf, isPriced } from './bill.ts';
import { namesOf } from './catalogue-names.ts';
import type { Consumption } from './consumption.ts';
import type { DecisionReason } from './decision.ts';
import type { Said } from './on-top.ts';
import type { Rules } from './rules.ts';

/** What a consumption costs whoever has the same prices. */
export type Cost =
  | {
      readonly kind: 'CHARGES';
      readonly rated: readonly RatedCharge[];
      /** Null where it depends on what somebody has used before. */
      readonly bills: readonly Bill[] | null;
      readonly occurredAt: Date;
      /** What it uses of a feature; null where it is no use of one. */
      readonly use: Use | null;
    }
  | {
      readonly kind: 'IMPOSSIBLE';
      readonly reason: DecisionReason;
      readonly use: Use | null;
    };

/** So much of a feature, in the unit in which usage of it is counted. */
export interface Use extends Said {
  readonly feature: SnapshotFeature;
}

/** `cards` come before the default one. Paths of issues are below `path`. */
export function costOf(
  consumption: Consumption,
  { catalogue }: Pick<Rules, 'catalogue'>,
  cards: readonly CardPrices[],
  now: Date,
  path: string,
): Cost | Invalid {
  switch (consumption.kind) {
    case 'EVENT': {
      const { type, properties } = consumption;
      const occurredAt = consumption.occurredAt ?? now;
      const event = { type, properties, occurredAt };
      const rated = outsideWindow(occurredAt, now) ?? rateEvent(catalogue.book, event, cards);
      return toCost(rated, occurredAt, (issue) => `${path}event.${issue}`);
    }
    case 'METRIC': {
      const metric = namesOf(catalogue).metrics.get(consumption.metric);
      if (!metric) return impossible('METRIC_NOT_FOUND');
      return estimateOf(metric, consumption, catalogue, cards, now, path);
    }
    case 'FEATURE': {
      const { metrics, features } = namesOf(catalogue);
      const feature = features.get(consumption.feature);
      if (!feature) return impossible('FEATURE_NOT_FOUND');
      const metric = feature.metricId === null ? undefined : metrics.get(feature.metricId);
      const cost = metric
        ? estimateOf(metric, consumption, catalogue, cards, now, path)
        : toCost([], now, (issue) => path + issue);
      const { quantity: asked } = consumption;
      const quantity = metric ? countedQuantity(metric, asked) : asked;
      const aggregation = metric?.aggregation ?? null;
      const use = { feature, aggregation, quantity, key: NEVER_SAID };
      return isRefusal(cost) ? cost : { ...cost, use };
    }
    case 'ASSET': {
      const asset = namesOf(catalogue).assets.get(consumption.asset);
      if (!asset) return impossible('ASSET_NOT_FOUND');
      const bills = [billOf(asset.id, consumption.amount)];
      return { kind: 'CHARGES', rated: [], bills, occurredAt: now, use: null };
    }
  }
}

/** What so much of a metric would cost, as of an event that has it all or so many events. */
function estimateOf(
  metric: IndexedMetric,
  estimate: { readonly quantity: Exact; readonly properties: Readonly<Record<string, unknown>> },
  { book }: CatalogueSnapshot,
  cards: readonly CardPrices[],
  now: Date,
  path: string,
): Cost | Invalid {
  const isNothing = estimate.quantity === ZERO;
  const rated = isNothing ? [] : rateEstimate(book, metric, estimate, now, cards);
  return toCost(rated, now, (issue) => path + issue);
}

function toCost(
  rated: RatedCharge[] | RatingRefusal | OutsideWindow,
  occurredAt: Date,
  pathOf: (issue: string) => string,
): Cost | Invalid {
  if (!isRefusal(rated)) {
    const bills = isPriced(rated) ? billsOf(rated) : null;
    return { kind: 'CHARGES', rated, bills, occurredAt, use: null };
  }
  switch (rated.refusal) {
    case 'Invalid':
      return invalid(...rated.issues.map((issue) => ({ ...issue, path: pathOf(issue.path) })));
    case 'UnknownEventType':
      return impossible('EVENT_TYPE_UNKNOWN');
    case 'PriceNotFound':
      return impossible('PRICE_NOT_FOUND');
    case 'OutsideWindow':
      return impossible(rated.direction === 'TOO_OLD' ? 'EVENT_TOO_OLD' : 'EVENT_IN_FUTURE');
  }
}

function impossible(reason: DecisionReason): Cost {
  return { kind: 'IMPOSSIBLE', reason, use: null };
}
