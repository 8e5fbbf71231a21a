import type { Condition, NumberRange as RangeShape } from '../src/rating/price-book.ts';
import { builder } from './builder.ts';

const NumberRange = builder.objectRef<RangeShape>('NumberRange').implement({
  description: 'Bounds of a number; those that are not set are null.',
  fields: (t) => ({
    gt: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'It is above this.',
      resolve: ({ gt }) => gt ?? null,
    }),
    gte: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'It is this or above.',
      resolve: ({ gte }) => gte ?? null,
    }),
    lt: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'It is below this.',
      resolve: ({ lt }) => lt ?? null,
    }),
    lte: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'It is this or below.',
      resolve: ({ lte }) => lte ?? null,
    }),
  }),
});

export const PropertyFilter = builder.objectRef<Condition>('PropertyFilter').implement({
  description: 'A condition on one event property. Exactly one of the four is set.',
  fields: (t) => ({
    property: t.exposeString('property', { description: 'The name of the property.' }),
    equals: t.string({
      nullable: true,
      description: 'The value it must have.',
      resolve: (condition) => condition.equals ?? null,
    }),
    in: t.stringList({
      nullable: true,
      description: 'The values it may have.',
      resolve: (condition) => (condition.in ? [...condition.in] : null),
    }),
    exists: t.boolean({
      nullable: true,
      description: 'Whether it must be there (true) or must not (false).',
      resolve: (condition) => condition.exists ?? null,
    }),
    range: t.field({
      type: NumberRange,
      nullable: true,
      description: 'Where it must lie, as a number.',
      resolve: (condition) => condition.range ?? null,
    }),
  }),
});

const NumberRangeInput = builder.inputType('NumberRangeInput', {
  description: 'Bounds of a number: at least one, and at most one at each end.',
  fields: (t) => ({
    gt: t.field({ type: 'Decimal', description: 'It must be above this.' }),
    gte: t.field({ type: 'Decimal', description: 'It must be this or above.' }),
    lt: t.field({ type: 'Decimal', description: 'It must be below this.' }),
    lte: t.field({ type: 'Decimal', description: 'It must be this or below.' }),
  }),
});

export const PropertyFilterInput = builder.inputType('PropertyFilterInput', {
  description:
    'A condition on one event property: exactly one of `equals`, `in`, `exists` and `range`. Numbers and booleans compare by what they read as: `1` and `"1"` are one value.',
  fields: (t) => ({
    property: t.string({ required: true, description: 'The name of the property: `region`.' }),
    equals: t.string({ description: 'The value it must have: `eu`.' }),
    in: t.stringList({ description: 'The values it may have, 1 to 100 of them.' }),
    exists: t.boolean({ description: 'Whether it must be there (true) or must not (false).' }),
    range: t.field({
      type: NumberRangeInput,
      description: 'Where it must lie. A text that is no number lies in no range.',
    }),
  }),
});
