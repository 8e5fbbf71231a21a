import { arrayLiteral } from '../infra/array-literal.ts';
import type { Queryable } from '../infra/db.ts';
import { fromEpochMs } from '../kit/clock.ts';
import { groupBy } from '../kit/group-by.ts';
import type { Id } from '../kit/ids.ts';
import { READ_TERMS, type TermsRow } from './sql/read-terms.ts';
import { type CustomerTerms, createTerms } from './terms.ts';

/** The terms of those customers that have or had a subscription. */
export async function readTerms(
  db: Queryable,
  customerIds: readonly string[],
): Promise<Map<string, CustomerTerms>> {
  const rows = await db.query<TermsRow>(READ_TERMS, [arrayLiteral(customerIds, (id) => id)]);
  return new Map(rows.map((row) => [row.customer_id, termsOf(row)]));
}

/** What a row of terms says. */
export function termsOf({ version, spans, periods }: TermsRow): CustomerTerms {
  const periodsOf = groupBy(periods ?? [], ([subscriptionId]) => subscriptionId);
  return createTerms(
    version,
    (spans ?? []).map(({ subscriptionId, fromMs, untilMs, overrideCardId, cardId }) => ({
      from: fromEpochMs(fromMs),
      until: untilMs === null ? null : fromEpochMs(untilMs),
      rateCardIds: [overrideCardId, cardId].filter((id) => id !== null) as Id<'rateCard'>[],
      periods: (periodsOf.get(subscriptionId) ?? []).map(([, startMs, endMs]) => ({
        start: fromEpochMs(startMs),
        end: fromEpochMs(endMs),
      })),
    })),
  );
}
