import { readTerms, type TermsFields } from '../../src/catalog/rate-terms.ts';
import { createChecker } from '../../src/kit/check.ts';
import { type Exact, exact, plain } from '../../src/kit/decimal.ts';
import type { Id } from '../../src/kit/ids.ts';
import { isRefusal } from '../../src/kit/refusal.ts';
import { findMetric, rateEstimate } from '../../src/rating/estimate.ts';
import { type BookMetric, createPriceBook } from '../../src/rating/price-book.ts';
import { type RatedCharge, rateEvent } from '../../src/rating/rate.ts';
import { isTiered } from '../../src/rating/rate-terms.ts';
import { costOnTop } from '../../src/rating/running-cost.ts';

export const AT = new Date('2026-01-10T00:00:00.000Z');

type Properties = Readonly<Record<string, unknown>>;

/** Terms as `createPrice` reads them. */
export function termsOf(fields: TermsFields) {
  const check = createChecker();
  const terms = readTerms(check, '', fields);
  const fault = check.fault();
  if (fault) throw new Error(JSON.stringify(fault));
  return terms;
}

/** A shop that sums the property `n` of calls, at one rate. */
export function shopOf(fields: TermsFields, { scale = 2, ...metric }: ShopOptions = {}) {
  const rate = {
    id: 'rate' as Id<'rate'>,
    dimensions: {},
    slice: '',
    ...termsOf(fields),
    effectiveFrom: null,
  };
  const price = {
    id: 'price' as Id<'price'>,
    rateCardId: 'card' as Id<'rateCard'>,
    countedAs: 'price' as Id<'price'>,
    assetId: 'asset' as Id<'asset'>,
    assetScale: scale,
  };
  const book = createPriceBook(1, [
    {
      id: 'metric' as Id<'metric'>,
      code: 'calls',
      eventType: 'call',
      aggregation: 'SUM',
      property: 'n',
      conditions: [],
      conversion: null,
      ...metric,
      prices: [{ ...price, rates: [rate] }],
    },
  ]);

  function rated(properties: Properties): RatedCharge {
    const charges = rateEvent(book, { type: 'call', occurredAt: AT, properties });
    if (isRefusal(charges)) throw new Error(JSON.stringify(charges));
    const [charge] = charges;
    if (!charge) throw new Error('Nothing was counted.');
    return charge;
  }

  /** What a charge comes to on top of those before it, which it is counted among. */
  function owe({ rate: at, quantity, amount, events }: RatedCharge, before: Before): Exact {
    const rules = { scale, mayFall: false };
    const owed = isTiered(at) ? costOnTop(at, quantity, before, rules, events) : amount;
    if (owed === null) throw new Error('Beyond numbers.');
    before.quantity += quantity;
    before.charged += owed;
    return owed;
  }

  /** The amounts of events that are rated one after the other, each on top of those before it. */
  function charge(events: readonly Properties[], before = nothing()): Exact[] {
    return events.map((properties) => owe(rated(properties), before));
  }

  /** What so many events are estimated to cost on top of those before. */
  function estimate(count: number, before: Before): Exact {
    const counted = findMetric(book, 'calls');
    if (!counted) throw new Error('There is no metric.');
    const charges = rateEstimate(book, counted, { quantity: exact(count), properties: {} }, AT);
    if (isRefusal(charges)) throw new Error(JSON.stringify(charges));
    return charges.reduce((sum, each) => sum + owe(each, before), exact(0));
  }

  return {
    charge: (...events: readonly Properties[]) => charge(events).map(plain),
    total: (...events: readonly Properties[]) =>
      plain(charge(events).reduce((sum, amount) => sum + amount, exact(0))),
    /** What events cost on top of so many others, and what they were estimated to cost. */
    onTop(others: number, count: number) {
      const [one, other] = [nothing(), nothing()];
      for (const before of [one, other]) charge(Array(others).fill({}), before);
      const charged = charge(Array(count).fill({}), one);
      return {
        charged: plain(charged.reduce((sum, amount) => sum + amount, exact(0))),
        estimated: plain(estimate(count, other)),
      };
    },
    /** What rating says, in short. */
    refusal: (properties: Properties) => {
      const charges = rateEvent(book, { type: 'call', occurredAt: AT, properties });
      if (!isRefusal(charges)) return 'not refused';
      if (charges.refusal !== 'Invalid') return charges.refusal;
      return charges.issues.map(({ path, code }) => `${path} ${code}`).join();
    },
  };
}

interface Before {
  quantity: Exact;
  charged: Exact;
}

const nothing = (): Before => ({ quantity: exact(0), charged: exact(0) });

interface ShopOptions
  extends Partial<Pick<BookMetric, 'aggregation' | 'property' | 'conversion' | 'conditions'>> {
  readonly scale?: number;
}
