import type { Queryable } from '../infra/db.ts';
import { monthOf, type Period } from '../metering/period.ts';
import { isObserved } from '../rating/aggregation.ts';
import type { CardPrices, PriceBook } from '../rating/price-book.ts';
import { isTiered } from '../rating/rate-terms.ts';
import type { Interval } from '../subscriptions/periods.ts';
import { READ_FIRST_PERIOD } from './sql/read-periods.ts';

interface Framed {
  readonly organizationId: string;
  readonly customerId: string | null;
  readonly interval: Interval;
  readonly span: Period;
}

/**
 * From when on events have to be counted, so that counters stand where they would at the beginning of the span: from
 * the earliest beginning of a period that this lies in.
 */
export async function countedFrom(
  tx: Queryable,
  { organizationId, customerId, interval, span }: Framed,
): Promise<Date> {
  const [row] = await tx.query<{ start: Date | null }>(READ_FIRST_PERIOD, [
    organizationId,
    customerId,
    span.start,
    interval.unit,
    interval.count,
  ]);
  const month = monthOf(span.start).start;
  return row?.start && row.start < month ? row.start : month;
}

/** Whether anything that is priced depends on what was used before. */
export function isAnythingCounted(book: PriceBook, card: CardPrices): boolean {
  return [...book.metricsByEventType.values()].flat().some(({ id, aggregation, prices }) => {
    const all = [...prices, ...(card.get(id) ?? [])];
    return isObserved(aggregation)
      ? all.length > 0
      : all.some(({ rates }) => rates.some((rate) => isTiered(rate)));
  });
}
