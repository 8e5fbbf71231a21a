import type { CreditPackArchived } from '../src/catalog/packs/archive.ts';
import type { CreditPackSaved } from '../src/catalog/packs/save.ts';
import { builder } from './builder.ts';
import { CreditPack } from './credit-pack.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { viewerOf } from './scopes.ts';

function packPayload<Shape extends { readonly packId: string }>(name: string) {
  const payload = builder.objectRef<Shape>(name).implement({ description: 'The pack.' });
  builder.objectField(payload, 'pack', (t) =>
    t.prismaField({
      type: CreditPack,
      description: 'The pack as it is now.',
      resolve: async (query, { packId }, _args, context) =>
        found(await context.services.catalog.packs.readPack(viewerOf(context), packId, query)),
    }),
  );
  return payload;
}

const CreditPackStepInput = builder.inputType('CreditPackStepInput', {
  description: 'A percentage from so many packs on. The last one that is reached holds for all.',
  fields: (t) => ({
    quantity: t.int({ required: true, description: 'From so many packs on; ascending.' }),
    percent: t.field({
      type: 'Decimal',
      required: true,
      description:
        'Above 0, at most 10 decimal places; a discount is below 100, a bonus up to 1000.',
    }),
  }),
});

export const SaveCreditPackInput = builder.inputType('SaveCreditPackInput', {
  description: 'What a pack shall be.',
  fields: (t) => ({
    code: t.string({
      required: true,
      description:
        'The code of the pack, which is made when it is not there yet: a letter, then up to 63 letters, digits or any of `_ . : -`.',
    }),
    name: t.string({
      description: 'At most 255 characters. Left out: it stays, and is the code of a new pack.',
    }),
    asset: t.string({ required: true, description: 'The code of what is bought: `CREDIT`.' }),
    amount: t.field({
      type: 'Decimal',
      required: true,
      description: 'How much of it one pack has, above 0.',
    }),
    priceAsset: t.string({
      required: true,
      description:
        'The code of what it is paid in: `USD`. Credit in a currency is paid in that currency.',
    }),
    price: t.field({
      type: 'Decimal',
      required: true,
      description: 'What one pack costs, above 0, in what its asset is paid in: cents.',
    }),
    maxQuantity: t.int({
      description: 'The most that is sold at once, 1 to 10000; 100 when left out.',
    }),
    discounts: t.field({ type: [CreditPackStepInput], description: 'Off the price; at most 20.' }),
    bonuses: t.field({ type: [CreditPackStepInput], description: 'More credits; at most 20.' }),
    expiresAfterDays: t.int({
      description: 'When the credits expire, 1 to 3650 days; never when left out.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const SaveCreditPackPayload = packPayload<CreditPackSaved>('SaveCreditPackPayload');
builder.objectField(SaveCreditPackPayload, 'changed', (t) =>
  t.exposeBoolean('changed', { description: 'False when it was so already.' }),
);

builder.mutationField('saveCreditPack', (t) =>
  t.field({
    type: resultOf('SaveCreditPackResult', SaveCreditPackPayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description:
      'Makes a pack what the input says, from now on: what is left out is as if it had never been said. What was bought before stays as it was bought. Conflict: the pack is archived.',
    authScopes: { can: 'catalog:write' },
    args: {
      input: t.arg({ type: SaveCreditPackInput, required: true, description: 'The pack.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.catalog.packs.saveCreditPack(viewerOf(context), input),
  }),
);

const ArchiveCreditPackInput = builder.inputType('ArchiveCreditPackInput', {
  description: 'Which pack is no longer sold.',
  fields: (t) => ({
    pack: t.string({ required: true, description: 'The code or the id of the pack.' }),
    archived: t.boolean({ description: 'False sells it again; true when left out.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const ArchiveCreditPackPayload = packPayload<CreditPackArchived>('ArchiveCreditPackPayload');

builder.mutationField('archiveCreditPack', (t) =>
  t.field({
    type: resultOf('ArchiveCreditPackResult', ArchiveCreditPackPayload, [
      'Invalid',
      'NotFound',
      'IdempotencyMismatch',
    ]),
    description: 'Takes a pack out of what is sold. Archiving it again changes nothing.',
    authScopes: { can: 'catalog:write' },
    args: {
      input: t.arg({ type: ArchiveCreditPackInput, required: true, description: 'The pack.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.catalog.packs.archiveCreditPack(viewerOf(context), input),
  }),
);
