import { inOrganization } from '../src/access/viewer.ts';
import type { FeatureCreated } from '../src/catalog/create-feature.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { withinReach } from './cursor.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';

export const FeatureKind = builder.enumType('FeatureKind', {
  description: 'What a right to a feature says.',
  values: {
    BOOLEAN: { description: 'Whether or not: single sign-on.' },
    STATIC: { description: 'Up to a value that you count yourself: projects.' },
    METERED: { description: 'Up to a quantity of a metric, which is counted here: API calls.' },
  },
});

export const Feature = builder.prismaObject('Feature', {
  description: 'Something that a customer may have a right to. Plans say how much of it.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `feature_01h455vb4pex5vsknk084sn02q`.',
      resolve: (feature) => toTypeId('feature', feature.id),
    }),
    code: t.exposeString('code', {
      description: 'Your name for it, unique in the organization: `api_calls`.',
    }),
    name: t.exposeString('name', { description: 'What people call it: `API calls`.' }),
    kind: t.expose('kind', { type: FeatureKind, description: 'What a right to it says.' }),
    metric: t.relation('metric', {
      nullable: true,
      description: 'Whose quantity is counted; null unless it is METERED.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
  }),
});

registerNode('feature', Feature, (context, id) =>
  context.services.catalog.readFeature(viewerOf(context), id),
);

export const CreateFeatureInput = builder.inputType('CreateFeatureInput', {
  description: 'A new feature. Creating it again with the same definition answers the first one.',
  fields: (t) => ({
    code: t.string({
      required: true,
      description: 'A letter, then up to 63 letters, digits or any of `_ . : -`: `api_calls`.',
    }),
    name: t.string({ description: 'At most 255 characters; the code when left out.' }),
    kind: t.field({ type: FeatureKind, required: true, description: 'It never changes.' }),
    metric: t.string({
      description:
        'The code or TypeID of the metric that is counted: required for METERED, not allowed for the others.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const CreateFeaturePayload = builder.objectRef<FeatureCreated>('CreateFeaturePayload').implement({
  description: 'The feature.',
  fields: (t) => ({
    feature: t.prismaField({
      type: Feature,
      description: 'The new feature, or the one that was there.',
      resolve: async (query, { featureId }, _args, context) =>
        found(await context.services.catalog.readFeature(viewerOf(context), featureId, query)),
    }),
    created: t.exposeBoolean('created', {
      description: 'False when a feature of the same definition was there already.',
    }),
  }),
});

builder.mutationField('createFeature', (t) =>
  t.field({
    type: resultOf('CreateFeatureResult', CreateFeaturePayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description:
      'Creates a feature, which plans then give rights to. Conflict: the code is taken by one of another definition.',
    authScopes: { can: 'catalog:write' },
    args: {
      input: t.arg({ type: CreateFeatureInput, required: true, description: 'The feature.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.catalog.createFeature(viewerOf(context), input),
  }),
);

builder.queryFields((t) => ({
  feature: t.prismaField({
    type: Feature,
    nullable: true,
    description: 'One feature; null when the organization has none of that name.',
    authScopes: { can: 'catalog:read' },
    args: {
      feature: t.arg.string({ required: true, description: 'Its code (`api_calls`) or its id.' }),
    },
    resolve: (query, _root, { feature }, context) =>
      context.services.catalog.findFeature(viewerOf(context), feature, query),
  }),
  features: t.prismaConnection(
    {
      type: Feature,
      cursor: 'id',
      description: 'The features of the organization, oldest first.',
      authScopes: { can: 'catalog:read' },
      totalCount: (_root, _args, context) =>
        context.services.catalog.countFeatures(viewerOf(context)),
      resolve: (query, _root, _args, context) =>
        context.services.catalog.listFeatures(
          viewerOf(context),
          withinReach(query, inOrganization(viewerOf(context))),
        ),
    },
    { description: 'A page of features.' },
    { description: 'A feature and its place in the list.' },
  ),
}));
