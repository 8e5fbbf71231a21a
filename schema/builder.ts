import SchemaBuilder from '@pothos/core';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import type { PrismaClient } from '../prisma/generated/client/client.ts';
import type PrismaTypes from '../prisma/generated/pothos-types.ts';
import { getDatamodel } from '../prisma/generated/pothos-types.ts';
import type { Exact } from '../src/kit/decimal.ts';
import type { Context } from './context.ts';

/** A JSON value as it arrived: the operation that gets it checks it. */
type Unchecked = string | number | boolean | object;

/** The one builder of the graph. It knows plug-ins and scalars; the nouns are in their own files. */
export const builder = new SchemaBuilder<{
  Context: Context;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    /** Inputs arrive unchecked, so that a wrong one is a typed error of its operation. */
    Decimal: { Input: Unchecked; Output: Exact | { toFixed(): string } | string };
    DateTime: { Input: Unchecked; Output: Date };
    JSON: { Input: Unchecked; Output: unknown };
    SafeInt: { Input: number; Output: number | bigint };
  };
  Connection: { totalCount?: number };
}>({
  plugins: [PrismaPlugin, RelayPlugin],
  defaultFieldNullability: false,
  prisma: {
    client: (context) => context.services.reads as PrismaClient,
    dmmf: getDatamodel(),
    onUnusedQuery: null,
    maxConnectionSize: 100,
    defaultConnectionSize: 20,
  },
  relay: { nodeQueryOptions: false, nodesQueryOptions: false, cursorType: 'String' },
});

builder.queryType({
  description: 'Everything that can be read. Amounts are exact decimal strings.',
});
builder.mutationType({
  description:
    'Everything that can be changed. Each mutation returns a union of its payload and the typed errors it can give.',
});
builder.subscriptionType({
  description: 'Everything that is pushed, over WebSocket (graphql-transport-ws) or SSE.',
});
