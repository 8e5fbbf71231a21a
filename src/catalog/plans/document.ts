import { plain } from '../../kit/decimal.ts';
import type { PlanDefinition } from './definition.ts';
import { type PriceDocument, priceDocument } from './prices.ts';

/** Amounts become text, everything else stays. */
type Written<Value> = Value extends bigint
  ? string
  : Value extends readonly (infer Item)[]
    ? Written<Item>[]
    : Value extends object
      ? { -readonly [Name in keyof Value]: Written<Value[Name]> }
      : Value;

/** What a plan says as a column or a file keeps it, whole; the reader reads it again. */
export type PlanDocument = Written<Omit<PlanDefinition, 'prices'>> & { prices: PriceDocument[] };

export function toDocument(definition: PlanDefinition): PlanDocument {
  const prices = definition.prices.map(priceDocument);
  const text = JSON.stringify({ ...definition, prices }, (_name, value) =>
    typeof value === 'bigint' ? plain(value) : value,
  );
  return JSON.parse(text) as PlanDocument;
}
