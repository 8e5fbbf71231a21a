import { type Exact, exact, plain } from '../kit/decimal.ts';
import type { PricingModel, RateTerms, Tier } from '../rating/rate-terms.ts';

/** A tier as JSON; amounts are canonical decimal text. */
export interface StoredTier {
  readonly upTo: string | null;
  readonly unitAmount: string;
  readonly flatAmount: string;
}

/** What a model needs beyond an amount per package; what it does not need is left out. */
export interface StoredDetails {
  readonly tiers?: readonly StoredTier[];
  readonly percent?: string;
  readonly fixedAmount?: string;
  readonly minimumAmount?: string | null;
  readonly maximumAmount?: string | null;
  readonly property?: string | null;
  readonly flatAmount?: string;
}

/** The terms of a rate as its row has them, and as an outcome that must survive JSON says them. */
export interface StoredTerms {
  readonly model: PricingModel;
  /** Null for every model but PER_UNIT. */
  readonly unitAmount: string | null;
  readonly packageSize: string;
  /** Null for PER_UNIT. */
  readonly terms: StoredDetails | null;
}

type Numeric = string | { toFixed(): string };

/** The same columns as a query answers them. */
export interface TermsRow {
  readonly model: PricingModel;
  readonly unitAmount: Numeric | null;
  readonly packageSize: Numeric;
  readonly terms: unknown;
}

/** A percentage is written in hundredths. */
const HUNDRED = 100n;

export function storeTerms(terms: RateTerms): StoredTerms {
  const { model } = terms;
  const rest = { unitAmount: null, packageSize: '1' };
  switch (terms.model) {
    case 'PER_UNIT':
      return {
        model,
        unitAmount: plain(terms.unitAmount),
        packageSize: plain(terms.packageSize),
        terms: null,
      };
    case 'GRADUATED':
    case 'VOLUME': {
      const tiers = terms.tiers.map(storeTier);
      return { model, unitAmount: null, packageSize: plain(terms.packageSize), terms: { tiers } };
    }
    case 'PERCENTAGE': {
      const percent = plain(terms.fraction * HUNDRED);
      const fixedAmount = plain(terms.fixedAmount);
      return { ...rest, model, terms: { percent, fixedAmount, ...storeBounds(terms) } };
    }
    case 'GIVEN':
      return { ...rest, model, terms: storeBounds(terms) };
    case 'FLAT':
      return { ...rest, model, terms: { flatAmount: plain(terms.flatAmount) } };
  }
}

export function loadTerms(row: TermsRow): RateTerms {
  const { model } = row;
  const details = (row.terms ?? {}) as StoredDetails;
  const packageSize = exact(row.packageSize);
  switch (model) {
    case 'PER_UNIT':
      return { model, unitAmount: amount(row.unitAmount), packageSize };
    case 'GRADUATED':
    case 'VOLUME':
      return { model, tiers: (details.tiers ?? []).map(loadTier), packageSize };
    case 'PERCENTAGE': {
      const fraction = amount(details.percent) / HUNDRED;
      return { model, fraction, fixedAmount: amount(details.fixedAmount), ...loadBounds(details) };
    }
    case 'GIVEN':
      return { model, ...loadBounds(details) };
    case 'FLAT':
      return { model, flatAmount: amount(details.flatAmount) };
  }
}

function storeTier({ upTo, unitAmount, flatAmount }: Tier): StoredTier {
  return {
    upTo: upTo === null ? null : plain(upTo),
    unitAmount: plain(unitAmount),
    flatAmount: plain(flatAmount),
  };
}

function loadTier({ upTo, unitAmount, flatAmount }: StoredTier): Tier {
  return {
    upTo: upTo === null ? null : exact(upTo),
    unitAmount: exact(unitAmount),
    flatAmount: exact(flatAmount),
  };
}

interface Bounds {
  readonly minimumAmount: Exact | null;
  readonly maximumAmount: Exact | null;
  readonly property: string | null;
}

function storeBounds({ minimumAmount, maximumAmount, property }: Bounds) {
  const text = (bound: Exact | null) => (bound === null ? null : plain(bound));
  return { minimumAmount: text(minimumAmount), maximumAmount: text(maximumAmount), property };
}

function loadBounds({ minimumAmount, maximumAmount, property }: StoredDetails): Bounds {
  return {
    minimumAmount: minimumAmount == null ? null : exact(minimumAmount),
    maximumAmount: maximumAmount == null ? null : exact(maximumAmount),
    property: property ?? null,
  };
}

/** A rate in words: `0.5 a unit`, `3 per 1000`, `GRADUATED {"tiers":[...]}`. */
export function termsText(row: TermsRow): string {
  const { model, unitAmount, packageSize, terms } = storeTerms(loadTerms(row));
  if (model === 'PER_UNIT') {
    return packageSize === '1' ? `${unitAmount} a unit` : `${unitAmount} per ${packageSize}`;
  }
  return `${model} ${JSON.stringify(terms)}${packageSize === '1' ? '' : ` per ${packageSize}`}`;
}

function amount(value: Numeric | null | undefined): Exact {
  if (value == null) throw new Error('A rate lacks an amount that its model needs.');
  return exact(value);
}
