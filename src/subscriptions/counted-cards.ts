import type { Period } from './periods.ts';

/** What a subscription had for some time, as far as it says whose usage counts for. */
export interface Holding {
  readonly subscriptionId: string;
  readonly from: Date;
  /** Null: until now. */
  readonly until: Date | null;
  /** Its prices: of its own, and of its plan's version. */
  readonly cards: readonly string[];
  /** From when on its plan's version wants a minimum in the asset, which it does in no trial; null: it does not. */
  readonly owesFrom: Date | null;
  /** Whether any of its cards prices something in the asset. */
  readonly hasPrices: boolean;
}

/** Usage that is priced by a card and occurred within a time. */
export interface CountedCard extends Period {
  readonly card: string;
  /** Periods of its counters that began from here on belong to it. */
  readonly countersFrom: Date;
}

/**
 * Whose usage counts for the minimum of a subscription within a time. A card of a plan or a contract is that of the
 * subscription that had it last. The default one is that of the subscription with a minimum that was in force: of
 * several, one that has no prices of its own comes first, then the older one; while there was none, the last one's, or
 * the first one's that came. So each usage counts once, whatever subscriptions there are.
 *
 * `holdings` are in the order of their subscriptions, the older first.
 */
export function countedCards(
  subscriptionId: string,
  within: Period,
  holdings: readonly Holding[],
  defaultCard: string | null,
): CountedCard[] {
  const own = cardsOf(subscriptionId, holdings).flatMap((card) =>
    ownSpans(subscriptionId, within, holdings, card),
  );
  if (defaultCard === null) return own;
  const rest = defaultSpans(subscriptionId, within, holdings);
  return [
    ...own,
    ...rest.map((span) => ({ ...span, card: defaultCard, countersFrom: span.start })),
  ];
}

function cardsOf(subscriptionId: string, holdings: readonly Holding[]): string[] {
  const own = holdings.filter((each) => each.subscriptionId === subscriptionId);
  return [...new Set(own.flatMap(({ cards }) => cards))];
}

/** Until the next one has it: what is used before a worker has ended its terms is priced by them, too. */
function ownSpans(
  subscriptionId: string,
  within: Period,
  holdings: readonly Holding[],
  card: string,
): CountedCard[] {
  const holders = holdings
    .filter(({ cards }) => cards.includes(card))
    .sort((a, b) => a.from.getTime() - b.from.getTime());
  return holders
    .map((holder, index) => ({ holder, until: holders[index + 1]?.from ?? within.end }))
    .filter(({ holder }) => holder.subscriptionId === subscriptionId)
    .map(({ holder: { from }, until }) => ({
      start: from < within.start ? within.start : from,
      end: until < within.end ? until : within.end,
    }))
    .filter(({ start, end }) => start < end)
    .map((span) => ({ ...span, card, countersFrom: within.start }));
}

function defaultSpans(
  subscriptionId: string,
  within: Period,
  holdings: readonly Holding[],
): Period[] {
  const wanting = holdings
    .flatMap((each) => (each.owesFrom === null ? [] : [{ ...each, from: each.owesFrom }]))
    .filter(({ from, until }) => until === null || from < until);
  const bounds = wanting
    .flatMap(({ from, until }) => [from, until ?? within.end])
    .filter((bound) => bound > within.start && bound < within.end)
    .sort((a, b) => a.getTime() - b.getTime());
  const starts = [within.start, ...bounds];
  return starts
    .map((start, index) => ({ start, end: starts[index + 1] ?? within.end }))
    .filter(({ start, end }) => start < end)
    .filter(({ start }) => holderAt(wanting, start)?.subscriptionId === subscriptionId);
}

/** Nobody holds it otherwise between this instant and the next bound. */
function holderAt(wanting: readonly Holding[], at: Date): Holding | undefined {
  const inForce = wanting.filter(({ from, until }) => from <= at && (until === null || at < until));
  const first = inForce.find(({ hasPrices }) => !hasPrices) ?? inForce[0];
  return first ?? lastBefore(wanting, at) ?? firstOf(wanting);
}

function lastBefore(wanting: readonly Holding[], at: Date): Holding | undefined {
  return wanting
    .filter(({ until }) => until !== null && until <= at)
    .reduce<Holding | undefined>(
      (last, each) => (last?.until && each.until && each.until <= last.until ? last : each),
      undefined,
    );
}

function firstOf(wanting: readonly Holding[]): Holding | undefined {
  return wanting.reduce<Holding | undefined>(
    (first, each) => (first && first.from <= each.from ? first : each),
    undefined,
  );
}
