import { loadConversion } from '../catalog/conversion.ts';
import { loadTerms } from '../catalog/stored-terms.ts';
import type { Queryable } from '../infra/db.ts';
import { type Exact, exact, plain } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import { pagesOf } from '../kit/pages-of.ts';
import { isRefusal } from '../kit/refusal.ts';
import { isObserved, mayFall } from '../rating/aggregation.ts';
import { type Condition, createPriceBook, type PriceBook } from '../rating/price-book.ts';
import { type RatedCharge, rateEvent } from '../rating/rate.ts';
import { costOnTop, isRunning } from '../rating/running-cost.ts';
import { sliceOf } from '../rating/slice.ts';
import { contentHashes } from '../usage/read-event.ts';
import { violationOf } from './law.ts';
import {
  type ChargedRow,
  type EventRow,
  type RateRow,
  READ_EVENTS,
  READ_RATES,
} from './sql/read-events.ts';

const BATCH = 2_000;

/** A rate that charges were made at, in a book that holds nothing else. */
interface LoneRate {
  readonly row: RateRow;
  readonly book: PriceBook;
}

/**
 * Law 7. Rates every event again with the rate that each of its charges names, and nothing but that one:
 * the metric must still count the event, the rate's dimensions and start must fit it, and quantity and
 * amount must be the same to the last digit. The event itself must have the content it was sent with.
 */
export async function recomputeCharges(tx: Queryable): Promise<string | null> {
  const rates = new Map<string, LoneRate>();
  const find = (after: string) => tx.query<EventRow>(READ_EVENTS, [after, BATCH]);
  for await (const rows of pagesOf(find)) {
    await loadRates(tx, rows, rates);
    for (const row of rows) {
      const problem = judge(row, rates);
      if (problem) return violationOf({ noun: 'usageEvent', id: row.id, problem });
    }
  }
  return null;
}

async function loadRates(
  tx: Queryable,
  rows: readonly EventRow[],
  rates: Map<string, LoneRate>,
): Promise<void> {
  const missing = rows.map((row) => row.rate_id).filter((id) => id !== null && !rates.has(id));
  if (missing.length === 0) return;
  for (const row of await tx.query<RateRow>(READ_RATES, [[...new Set(missing)]])) {
    rates.set(row.id, { row, book: bookOf(row) });
  }
}

function bookOf(row: RateRow): PriceBook {
  const { model, terms, unit_amount: unitAmount, package_size: packageSize } = row;
  const rate = {
    id: row.id as Id<'rate'>,
    dimensions: row.dimensions,
    slice: sliceOf(row.dimensions),
    ...loadTerms({ model, unitAmount, packageSize, terms }),
    effectiveFrom: row.effective_from,
  };
  const id = row.price_id as Id<'price'>;
  const price = {
    ...{ id, countedAs: id },
    rateCardId: row.rate_card_id as Id<'rateCard'>,
    assetId: row.asset_id as Id<'asset'>,
    assetScale: row.scale,
    rates: [rate],
  };
  return createPriceBook(0, [
    {
      id: row.metric_id as Id<'metric'>,
      code: row.code,
      eventType: row.event_type,
      aggregation: row.aggregation,
      property: row.property,
      conditions: row.filter as Condition[],
      conversion: loadConversion(row.conversion),
      prices: [price],
    },
  ]);
}

function judge(row: EventRow, rates: ReadonlyMap<string, LoneRate>): string | null {
  if (!contentHashes(row, row.occurred_at).includes(row.content_hash)) {
    return 'the stored event differs from the one that was sent';
  }
  if (row.rate_id === null) return null;
  const problem = judgeCharge(row, rates.get(row.rate_id));
  return problem && `charge ${row.ordinal}: ${problem}`;
}

function judgeCharge(charge: ChargedRow, rate: LoneRate | undefined): string | null {
  if (!rate) return 'there is no such rate';
  if (rate.row.metric_id !== charge.metric_id) return 'the rate is of another metric';
  if (charge.wallet_asset_id !== null && charge.wallet_asset_id !== rate.row.asset_id) {
    return 'the wallet counts another asset than the rate';
  }
  const event = {
    type: charge.type,
    occurredAt: charge.occurred_at,
    properties: charge.properties,
  };
  const rated = rateEvent(rate.book, event);
  if (isRefusal(rated)) return `the event cannot be priced at its rate (${rated.refusal})`;
  const [again] = rated;
  if (!again) return `metric ${rate.row.code} does not count the event`;
  const counts = isObserved(again.metric.aggregation)
    ? null
    : differenceOf('quantity', charge.quantity, again.quantity);
  return counts ?? judgeAmount(charge, again);
}

/** What depends on what was used before goes by what the charge says of that; law 11 is about what it says. */
function judgeAmount(charge: ChargedRow, { rate, price, metric, amount }: RatedCharge) {
  if (amount !== null) return differenceOf('amount', charge.amount, amount);
  if (charge.counted_before === null || charge.charged_before === null) {
    return 'it depends on what was used before, and does not say what that was';
  }
  const before = { quantity: exact(charge.counted_before), charged: exact(charge.charged_before) };
  const rules = { scale: price.assetScale, mayFall: mayFall(metric.aggregation) };
  const quantity = exact(charge.quantity);
  const onTop = isRunning(rate) ? costOnTop(rate, quantity, before, rules) : null;
  return onTop === null ? 'it is beyond numbers' : differenceOf('amount', charge.amount, onTop);
}

function differenceOf(what: string, stored: string, recomputed: Exact): string | null {
  const value = exact(stored);
  if (value === recomputed) return null;
  return `the ${what} is ${plain(value)}, recomputed it is ${plain(recomputed)}`;
}
