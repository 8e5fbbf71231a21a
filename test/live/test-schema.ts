import {
  GraphQLError,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import type { Viewer } from '../../src/access/viewer.ts';
import { newId } from '../../src/kit/ids.ts';
import type { BalanceHub } from '../../src/live/balance-hub.ts';
import type { BalanceUpdate } from '../../src/live/balance-update.ts';
import { customerOf } from './harness.ts';

export const ACME = newId('organization');
export const OTHER = newId('organization');

interface TestContext {
  /** What was loaded for these versions, or could not be. */
  readonly loaded: Map<number, Promise<string>>;
  readonly secret: string;
  readonly viewer: Viewer | null;
  readonly requestId: string;
}

/** How often the fields that cost something were executed. */
export interface Executed {
  busy: number;
  padding: number;
  beside: number;
}

/** What is read beside an event, and whether it is away. */
export interface Beside {
  isAway: boolean;
}

/** Wallets named `acme-...` belong to one organization, all others to the other. */
export function ownerOf(walletId: string): string {
  return walletId.startsWith('acme') ? ACME : OTHER;
}

/** Of whoever is shown the same. */
export function nameOf(viewer: Viewer): string {
  return [viewer.organizationId, viewer.customerId, ...viewer.scopes].join(' ');
}

/** A graph as small as the transports need it to be tested. */
export function createSchema(
  hub: BalanceHub,
  slow: { resolve(): Promise<string> },
  executed: Executed,
  beside: Beside,
): GraphQLSchema {
  function pad(length: number): string {
    executed.padding += 1;
    return 'x'.repeat(length);
  }
  async function readBeside(): Promise<string> {
    await new Promise((resolve) => setImmediate(resolve));
    executed.beside += 1;
    if (beside.isAway) throw Object.assign(new Error('secret'), { code: 'ECONNREFUSED' });
    return 'there';
  }
  const balance = new GraphQLObjectType<BalanceUpdate, TestContext>({
    name: 'BalanceUpdate',
    fields: {
      walletId: { type: new GraphQLNonNull(GraphQLString) },
      version: { type: new GraphQLNonNull(GraphQLInt) },
      available: { type: GraphQLString, resolve: (update) => update.balance.available },
      /** Makes a frame as large as a test likes. */
      padding: {
        type: GraphQLString,
        args: { length: { type: new GraphQLNonNull(GraphQLInt) } },
        resolve: (_, { length }) => pad(length),
      },
      /** Tells who asks apart. */
      seenBy: { type: GraphQLString, resolve: (_, __, { viewer }) => viewer && nameOf(viewer) },
      /** As `padding`, but not at once. */
      later: {
        type: GraphQLString,
        resolve: async () => {
          await new Promise((resolve) => setImmediate(resolve));
          return pad(1);
        },
      },
      /** Fails while what it reads is away. */
      beside: {
        type: GraphQLString,
        resolve: ({ version }, _, { loaded }) => {
          const found = loaded.get(version) ?? readBeside();
          loaded.set(version, found);
          return found;
        },
      },
      /** Fails when the version is even. */
      fails: {
        type: GraphQLString,
        resolve: ({ version }) => {
          pad(1);
          if (version % 2 === 0) throw new Error('secret: it is even');
          return 'odd';
        },
      },
    },
  });
  const query: GraphQLObjectType = new GraphQLObjectType<unknown, TestContext>({
    name: 'Query',
    fields: () => ({
      me: {
        type: GraphQLString,
        resolve: (_, __, { viewer }) => {
          if (viewer) return viewer.organizationId;
          throw new GraphQLError('Send a credential.', {
            extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
          });
        },
      },
      secret: { type: GraphQLString, resolve: (_, __, context) => context.secret },
      requestId: { type: GraphQLString, resolve: (_, __, context) => context.requestId },
      echo: {
        type: GraphQLString,
        args: { text: { type: GraphQLString } },
        resolve: (_, a) => a.text,
      },
      count: { type: GraphQLInt, args: { n: { type: GraphQLInt } }, resolve: (_, a) => a.n },
      sum: {
        type: GraphQLInt,
        args: { of: { type: new GraphQLList(GraphQLInt) } },
        resolve: (_, { of }) => of.reduce((sum: number, item: number) => sum + item, 0),
      },
      fault: {
        type: GraphQLString,
        resolve: () => {
          throw new Error('secret: the password is 1234');
        },
      },
      slow: { type: GraphQLString, resolve: slow.resolve },
      /** Keeps the process busy, as validating and introspecting do. */
      busy: {
        type: GraphQLInt,
        args: { ms: { type: new GraphQLNonNull(GraphQLInt) } },
        resolve: (_, { ms }) => {
          for (const end = performance.now() + ms; performance.now() < end; );
          executed.busy += 1;
          return executed.busy;
        },
      },
      padding: {
        type: GraphQLString,
        args: { length: { type: new GraphQLNonNull(GraphQLInt) } },
        resolve: (_, { length }) => pad(length),
      },
      self: { type: query, resolve: () => ({}) },
    }),
  });
  const mutation = new GraphQLObjectType({
    name: 'Mutation',
    fields: { touch: { type: GraphQLString, resolve: () => 'touched' } },
  });
  const subscription = new GraphQLObjectType<unknown, TestContext>({
    name: 'Subscription',
    fields: {
      balanceChanged: {
        type: new GraphQLNonNull(balance),
        args: {
          walletId: { type: new GraphQLNonNull(GraphQLString) },
          sinceVersion: { type: GraphQLInt },
        },
        subscribe: (_, { walletId, sinceVersion }, { viewer }) => {
          if (viewer?.organizationId !== ownerOf(walletId)) {
            throw new GraphQLError('There is no such wallet.', {
              extensions: { code: 'NOT_FOUND' },
            });
          }
          return hub.watchBalance({
            organizationId: ownerOf(walletId),
            customerId: customerOf(walletId),
            walletId,
            sinceVersion,
          });
        },
        resolve: (update) => update,
      },
      breaks: {
        type: GraphQLString,
        // biome-ignore lint/correctness/useYield: it is there to fail before the first value.
        subscribe: async function* () {
          throw new Error('secret: the stream broke');
        },
      },
    },
  });
  return new GraphQLSchema({ query, mutation, subscription });
}
