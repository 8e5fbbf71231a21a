import type { Period as PeriodShape } from '../src/metering/period.ts';
import { builder } from './builder.ts';

/** The one shape of a time that has a beginning and an end, whatever it is of. */
export const Period = builder.objectRef<PeriodShape>('Period').implement({
  description: 'A time: from its beginning up to, but without, its end.',
  fields: (t) => ({
    startsAt: t.field({
      type: 'DateTime',
      description: 'When it begins or began.',
      resolve: ({ start }) => start,
    }),
    endsAt: t.field({
      type: 'DateTime',
      description: 'When it ends or has ended, and a next one begins.',
      resolve: ({ end }) => end,
    }),
  }),
});
