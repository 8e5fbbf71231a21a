import { plain } from '../../kit/decimal.ts';
import type { PlanDefinition } from './definition.ts';

/** Amounts become text, everything else stays: what a column or a file keeps, and the reader reads again. */
export type Document<Value> = Value extends bigint
  ? string
  : Value extends readonly (infer Item)[]
    ? Document<Item>[]
    : Value extends object
      ? { -readonly [Name in keyof Value]: Document<Value[Name]> }
      : Value;

export type PlanDocument = Document<PlanDefinition>;

export function toDocument<Value>(value: Value): Document<Value> {
  const text = JSON.stringify(value, (_name, each) =>
    typeof each === 'bigint' ? plain(each) : each,
  );
  return JSON.parse(text) as Document<Value>;
}
