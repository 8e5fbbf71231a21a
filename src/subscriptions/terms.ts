import type { Id } from '../kit/ids.ts';
import { monthOf, type Period } from '../metering/period.ts';
import type { CardPrices } from '../rating/price-book.ts';
import type { CountingPeriods } from './counting-periods.ts';
import type { RightsSource } from './rights-source.ts';

/** A version of a plan that a subscription was on for some time, and the prices that came with it. */
export interface TermsSpan {
  readonly from: Date;
  /** Null: until now. */
  readonly until: Date | null;
  /** Those of the subscription alone come before those of the plan's version. */
  readonly rateCardIds: readonly Id<'rateCard'>[];
  /** What is on them, in the same order. */
  readonly prices: readonly CardPrices[];
  /** The subscription's. */
  readonly periods: CountingPeriods;
}

/**
 * What a customer's subscriptions come to. They price its usage besides the default rate card, and give it
 * rights: by the plans it was on, and when. Late usage goes by what held when it occurred.
 */
export interface CustomerTerms {
  /** Moves on with every change of the customer's subscriptions. */
  readonly version: number;
  /** The rate cards that come before the default one, in their order. */
  cardsAt(at: Date): readonly Id<'rateCard'>[];
  /** The prices that are on them. */
  pricesAt(at: Date): readonly CardPrices[];
  /** In which usage that is priced on a card is counted: the subscription's, or the calendar month in UTC. */
  periodOf(rateCardId: Id<'rateCard'>, at: Date): Period;
  /** Of the subscriptions that give rights now. */
  readonly rights: readonly RightsSource[];
}

/** As much of them as counting goes by. */
export type CountingTerms = Pick<CustomerTerms, 'periodOf'>;

const NOTHING: readonly never[] = [];

/** Of a customer that never had a subscription. */
export const NO_TERMS: CustomerTerms = {
  version: 0,
  cardsAt: () => NOTHING,
  pricesAt: () => NOTHING,
  periodOf: (_rateCardId, at) => monthOf(at),
  rights: NOTHING,
};

/** `spans` are in the order of their subscriptions: the first subscription comes first. */
export function createTerms(
  version: number,
  spans: readonly TermsSpan[],
  rights: readonly RightsSource[],
): CustomerTerms {
  return {
    version,
    rights,
    cardsAt: (at) => spans.filter((span) => holdsAt(span, at)).flatMap((span) => span.rateCardIds),
    pricesAt: (at) => spans.filter((span) => holdsAt(span, at)).flatMap((span) => span.prices),
    periodOf(rateCardId, at) {
      const span = spans.find((it) => holdsAt(it, at) && it.rateCardIds.includes(rateCardId));
      return span?.periods.at(at) ?? monthOf(at);
    },
  };
}

function holdsAt({ from, until }: TermsSpan, at: Date): boolean {
  return from <= at && (until === null || at < until);
}
