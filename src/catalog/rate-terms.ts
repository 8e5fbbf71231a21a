import type { Checker } from '../kit/check.ts';
import { type Exact, ZERO } from '../kit/decimal.ts';
import type { PricingModel, RateTerms } from '../rating/rate-terms.ts';
import { readPropertyName } from './metric.ts';
import { readTiers, type TierFields } from './tiers.ts';

/** How a rate prices, as it is sent; which of these a model takes, and needs, is in `FIELDS`. */
export interface TermsFields {
  readonly model?: PricingModel | null | undefined;
  readonly unitAmount?: unknown;
  readonly packageSize?: unknown;
  readonly includedQuantity?: unknown;
  readonly tiers?: readonly TierFields[] | null | undefined;
  readonly percent?: unknown;
  readonly fixedAmount?: unknown;
  readonly minimumAmount?: unknown;
  readonly maximumAmount?: unknown;
  readonly property?: string | null | undefined;
  readonly flatAmount?: unknown;
}

type Field = Exclude<keyof TermsFields, 'model'>;

/** What each model may be given; the first of them it cannot do without. GIVEN needs none. */
const FIELDS: Readonly<Record<PricingModel, readonly Field[]>> = {
  PER_UNIT: ['unitAmount', 'packageSize', 'includedQuantity'],
  GRADUATED: ['tiers', 'packageSize'],
  VOLUME: ['tiers', 'packageSize'],
  PERCENTAGE: ['percent', 'fixedAmount', 'minimumAmount', 'maximumAmount', 'property'],
  GIVEN: ['minimumAmount', 'maximumAmount', 'property'],
  FLAT: ['flatAmount'],
};

const ALL_FIELDS = [...new Set(Object.values(FIELDS).flat())];

/** A hundredth of it must be exact. */
const PERCENT_SCALE = 10;

/** Reads how a rate prices. Whatever is wrong is noted, and what is returned then is of no use. */
export function readTerms(check: Checker, prefix: string, fields: TermsFields): RateTerms {
  const model = fields.model ?? 'PER_UNIT';
  noteMisplaced(check, prefix, model, fields);
  const packageSize = check.positive(`${prefix}packageSize`, fields.packageSize ?? '1');
  switch (model) {
    case 'PER_UNIT':
      return readPerUnit(check, prefix, fields, packageSize);
    case 'GRADUATED':
    case 'VOLUME':
      return { model, tiers: readTiers(check, `${prefix}tiers`, fields.tiers), packageSize };
    case 'PERCENTAGE': {
      const percent = check.nonNegative(`${prefix}percent`, fields.percent ?? '0', PERCENT_SCALE);
      const fixedAmount = check.nonNegative(`${prefix}fixedAmount`, fields.fixedAmount ?? '0');
      const bounds = readBounds(check, prefix, fields);
      return { model, fraction: percent && percent / 100n, fixedAmount, ...bounds };
    }
    case 'GIVEN':
      return { model, ...readBounds(check, prefix, fields) };
    case 'FLAT':
      return {
        model,
        flatAmount: check.nonNegative(`${prefix}flatAmount`, fields.flatAmount ?? '0'),
      };
  }
}

/** The first units of each period may be included: that is a tier that costs nothing. */
function readPerUnit(
  check: Checker,
  prefix: string,
  { unitAmount: raw, includedQuantity }: TermsFields,
  packageSize: Exact,
): RateTerms {
  const unitAmount = check.nonNegative(`${prefix}unitAmount`, raw ?? '0');
  if (includedQuantity == null) return { model: 'PER_UNIT', unitAmount, packageSize };
  const upTo = check.positive(`${prefix}includedQuantity`, includedQuantity);
  const included = { upTo, unitAmount: ZERO, flatAmount: ZERO };
  const tiers = [included, { upTo: null, unitAmount, flatAmount: ZERO }];
  return { model: 'GRADUATED', tiers, packageSize };
}

function readBounds(check: Checker, prefix: string, fields: TermsFields) {
  const bound = (name: 'minimumAmount' | 'maximumAmount') =>
    fields[name] == null ? null : check.nonNegative(`${prefix}${name}`, fields[name]);
  const minimumAmount = bound('minimumAmount');
  const maximumAmount = bound('maximumAmount');
  if (minimumAmount !== null && maximumAmount !== null && minimumAmount > maximumAmount) {
    check.note(`${prefix}maximumAmount`, 'OUT_OF_RANGE', 'Must not be below minimumAmount.');
  }
  const property =
    fields.property == null ? null : readPropertyName(check, `${prefix}property`, fields.property);
  return { minimumAmount, maximumAmount, property };
}

/** A field that the model does not know would be dropped in silence; one that it needs was forgotten. */
function noteMisplaced(
  check: Checker,
  prefix: string,
  model: PricingModel,
  fields: TermsFields,
): void {
  const [needed] = FIELDS[model];
  if (model !== 'GIVEN' && needed && fields[needed] == null) {
    check.note(`${prefix}${needed}`, 'REQUIRED', `A price of the model ${model} needs it.`);
  }
  for (const field of ALL_FIELDS) {
    if (fields[field] == null || FIELDS[model].includes(field)) continue;
    const known = FIELDS[model].join(', ');
    check.note(`${prefix}${field}`, 'NOT_ALLOWED', `The model ${model} has ${known}.`);
  }
}
