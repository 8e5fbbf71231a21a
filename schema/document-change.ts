import type { Difference } from '../src/catalog/plans/difference.ts';
import { builder } from './builder.ts';

export const DocumentChange = builder.objectRef<Difference>('DocumentChange').implement({
  description: 'One place in which two documents differ.',
  fields: (t) => ({
    path: t.exposeString('path', {
      description:
        'Where, in the document; an item of a list goes by its name: `fees.base.amount`, `prices.images CREDIT {"size":"large"}`.',
    }),
    before: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What was there, null for nothing.',
      resolve: (change) => change.before,
    }),
    after: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What is there, null for nothing.',
      resolve: (change) => change.after,
    }),
  }),
});
