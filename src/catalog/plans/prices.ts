import type { Checker } from '../../kit/check.ts';
import { type Fields, readFields } from '../../kit/fields.ts';
import type { PricingModel } from '../../rating/rate-terms.ts';
import { type Dimensions, readDimensions } from '../dimensions.ts';
import { readTerms, type TermsFields } from '../rate-terms.ts';
import { type StoredDetails, storeTerms } from '../stored-terms.ts';
import { MAX_TIERS, type TierFields } from '../tiers.ts';
import type { PriceDefinition } from './definition.ts';

const MODELS = [
  'PER_UNIT',
  'GRADUATED',
  'VOLUME',
  'PERCENTAGE',
  'GIVEN',
  'FLAT',
] as const satisfies PricingModel[];

/** The amounts that a model may have, other than its tiers. */
const AMOUNTS = [
  'unitAmount',
  'packageSize',
  'includedQuantity',
  'percent',
  'fixedAmount',
  'minimumAmount',
  'maximumAmount',
  'flatAmount',
] as const satisfies (keyof TermsFields)[];

const FIELDS = ['metric', 'asset', 'dimensions', 'model', ...AMOUNTS, 'tiers', 'property'];
const TIER_FIELDS = ['upTo', 'unitAmount', 'flatAmount'];

export function readPrice(check: Checker, path: string, raw: unknown): PriceDefinition {
  const fields = readFields(check, path, raw, FIELDS);
  return {
    metric: fields.code('metric'),
    asset: fields.code('asset'),
    dimensions: readDimensions(check, fields.at('dimensions'), fields.raw('dimensions')),
    terms: readTerms(check, `${path}.`, termsFields(check, fields)),
  };
}

function termsFields(check: Checker, fields: Fields): TermsFields {
  const tiers = fields.list('tiers', MAX_TIERS, (at, raw) => tierFields(check, at, raw));
  return {
    ...Object.fromEntries(AMOUNTS.map((name) => [name, fields.raw(name)])),
    model: fields.choice('model', MODELS, 'PER_UNIT'),
    tiers: fields.has('tiers') ? tiers : null,
    property: fields.optionalText('property', 128),
  };
}

function tierFields(check: Checker, path: string, raw: unknown): TierFields {
  const fields = readFields(check, path, raw, TIER_FIELDS);
  return Object.fromEntries(TIER_FIELDS.map((name) => [name, fields.raw(name)]));
}

/** A price as it is written: what its model has, and nothing else. */
export interface PriceDocument extends StoredDetails {
  readonly metric: string;
  readonly asset: string;
  readonly dimensions: Dimensions;
  readonly model: PricingModel;
  readonly unitAmount?: string;
  readonly packageSize?: string;
}

export function priceDocument({ terms, ...price }: PriceDefinition): PriceDocument {
  const { model, unitAmount, packageSize, terms: details } = storeTerms(terms);
  const all = { unitAmount, packageSize, ...details };
  const isSaid = ([name, value]: [string, unknown]) =>
    value != null && (name !== 'packageSize' || value !== '1');
  const said = Object.fromEntries(Object.entries(all).filter(isSaid));
  return { ...price, model, ...said };
}
