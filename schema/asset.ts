import { inOrganization } from '../src/access/viewer.ts';
import type { AssetCreated } from '../src/catalog/create-asset.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { withinReach } from './cursor.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';

export const AssetKind = builder.enumType('AssetKind', {
  description: 'What an asset is.',
  values: {
    FIAT: { description: 'A currency: `USD`, `JPY`.' },
    CUSTOM: { description: 'A unit of your own: `CREDIT`, `GPU_SECOND`.' },
  },
});

export const BurnOrder = builder.enumType('BurnOrder', {
  description:
    'Which of the grants that may pay for usage is drawn first. Scoped grants come before general ones in every order; what this step leaves equal is settled by expiry, purpose and age.',
  values: {
    PRIORITY: { description: 'By the priority of the grants, 0 first.' },
    FIFO: { description: 'The oldest first.' },
    LIFO: { description: 'The newest first.' },
    EXPIRY_FIRST: { description: 'The one that expires next first, whatever its priority.' },
  },
});

export const Asset = builder.prismaObject('Asset', {
  description: 'What a wallet counts: a currency, or a unit of your own.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `asset_01h455vb4pex5vsknk084sn02q`.',
      resolve: (asset) => toTypeId('asset', asset.id),
    }),
    code: t.exposeString('code', {
      description: 'Your name for it, unique in the organization: `USD`, `CREDIT`.',
    }),
    name: t.exposeString('name', { description: 'What people call it: `US Dollar`.' }),
    kind: t.expose('kind', { type: AssetKind, description: 'A currency or a unit of your own.' }),
    scale: t.exposeInt('scale', {
      description: 'Decimal places of the smallest step the ledger keeps, 0 to 12.',
    }),
    minorUnits: t.exposeInt('minorUnits', {
      description:
        'Decimal places in which it is paid: 2 for `USD`. What is to be paid for a pack or at a top-up is quoted in it; the ledger keeps `scale`.',
    }),
    burnOrder: t.expose('burnOrder', {
      type: BurnOrder,
      description: 'Which grants are drawn first.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
  }),
});

registerNode('asset', Asset, (context, id) =>
  context.services.catalog.readAsset(viewerOf(context), id),
);

export const CreateAssetInput = builder.inputType('CreateAssetInput', {
  description: 'A new asset. Creating it again with the same definition answers the first one.',
  fields: (t) => ({
    code: t.string({
      required: true,
      description: 'A capital letter, then up to 31 capitals, digits or `_`: `USD`, `GPU_SECOND`.',
    }),
    name: t.string({ description: 'At most 255 characters; the code when left out.' }),
    kind: t.field({
      type: AssetKind,
      description: 'FIAT when the code is an ISO 4217 currency, CUSTOM otherwise.',
    }),
    scale: t.int({
      description:
        'Decimal places the ledger keeps, 0 to 12; 12 when left out. Charges are rounded half-even to it, and an amount with more places is refused.',
    }),
    minorUnits: t.int({
      description:
        'Decimal places in which it is paid, at most `scale`. By default those of ISO 4217 for FIAT (2 if unknown), 0 for CUSTOM.',
    }),
    burnOrder: t.field({ type: BurnOrder, description: 'PRIORITY when left out.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const CreateAssetPayload = builder.objectRef<AssetCreated>('CreateAssetPayload').implement({
  description: 'The asset.',
  fields: (t) => ({
    asset: t.prismaField({
      type: Asset,
      description: 'The new asset, or the one that was there.',
      resolve: async (query, payload, _args, context) =>
        found(await context.services.catalog.readAsset(viewerOf(context), payload.assetId, query)),
    }),
    created: t.exposeBoolean('created', {
      description: 'False when an asset of the same definition was there already.',
    }),
  }),
});

builder.mutationField('createAsset', (t) =>
  t.field({
    type: resultOf('CreateAssetResult', CreateAssetPayload, [
      'Invalid',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description: 'Creates an asset. Conflict: the code is taken by an asset of another definition.',
    authScopes: { can: 'catalog:write' },
    args: {
      input: t.arg({ type: CreateAssetInput, required: true, description: 'The asset.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.catalog.createAsset(viewerOf(context), input),
  }),
);

builder.queryField('asset', (t) =>
  t.prismaField({
    type: Asset,
    nullable: true,
    description: 'One asset; null when the organization has none of that name.',
    authScopes: { can: 'catalog:read' },
    args: {
      asset: t.arg.string({ required: true, description: 'Its code (`USD`) or its id.' }),
    },
    resolve: (query, _root, { asset }, context) =>
      context.services.catalog.findAsset(viewerOf(context), asset, query),
  }),
);

builder.queryField('assets', (t) =>
  t.prismaConnection(
    {
      type: Asset,
      cursor: 'id',
      description: 'The assets of the organization, oldest first.',
      authScopes: { can: 'catalog:read' },
      totalCount: (_root, _args, context) =>
        context.services.catalog.countAssets(viewerOf(context)),
      resolve: (query, _root, _args, context) =>
        context.services.catalog.listAssets(
          viewerOf(context),
          withinReach(query, inOrganization(viewerOf(context))),
        ),
    },
    { description: 'A page of assets.' },
    { description: 'An asset and its place in the list.' },
  ),
);
