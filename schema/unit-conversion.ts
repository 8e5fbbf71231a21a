import type { StoredConversion } from '../src/catalog/conversion.ts';
import { builder } from './builder.ts';

export const UnitRounding = builder.enumType('UnitRounding', {
  description: 'How a converted value becomes a whole number of units.',
  values: {
    NONE: { description: 'It does not: it keeps its decimal places, at most 12.' },
    CEILING: { description: 'Begun units count.' },
    FLOOR: { description: 'Only full units count.' },
    HALF_UP: { description: 'To the nearest; half a unit counts.' },
  },
});

export const UnitConversion = builder.objectRef<StoredConversion>('UnitConversion').implement({
  description: 'What makes units of a value before it is counted: times, divided by, rounded.',
  fields: (t) => ({
    multiply: t.expose('multiply', { type: 'Decimal', description: 'First it is multiplied.' }),
    divide: t.expose('divide', { type: 'Decimal', description: 'Then it is divided.' }),
    rounding: t.expose('rounding', { type: UnitRounding, description: 'Then it is rounded.' }),
  }),
});

export const UnitConversionInput = builder.inputType('UnitConversionInput', {
  description:
    'What makes units of each value before it is counted, such as begun minutes of seconds: `{ divide: "60", rounding: CEILING }`.',
  fields: (t) => ({
    multiply: t.field({
      type: 'Decimal',
      description: 'First it is multiplied; above 0, at most 10^12; 1 when left out.',
    }),
    divide: t.field({
      type: 'Decimal',
      description: 'Then it is divided; above 0, at most 10^12; 1 when left out.',
    }),
    rounding: t.field({
      type: UnitRounding,
      description: 'Then it is rounded; NONE when left out.',
    }),
  }),
});
