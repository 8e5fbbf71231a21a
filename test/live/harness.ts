import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { createLog, type Log } from '../../src/infra/log.ts';
import { createMetrics, type Metrics } from '../../src/infra/metrics.ts';
import { type Id, newId } from '../../src/kit/ids.ts';
import { type BalanceHub, createBalanceHub } from '../../src/live/balance-hub.ts';
import type { BalanceUpdate } from '../../src/live/balance-update.ts';
import type { Bus } from '../../src/live/bus.ts';
import { createLocalBus } from '../../src/live/local-bus.ts';
import { createPublishBalances, type PublishBalances } from '../../src/live/publish.ts';
import { createServer, type Server, type ServerOptions } from '../../src/server/http.ts';

/** The stored side of the story: what is committed, whether or not anybody was told. */
export interface Ledger {
  /** Commits one more change of the wallet, and returns it untold. */
  commit(walletId: string): BalanceUpdate;
  read(walletId: string): Promise<BalanceUpdate | null>;
  readVersions(walletIds: readonly string[]): Promise<Map<string, number>>;
  /** How often the versions were asked for. */
  versionReads(): number;
}

export function createLedger(organizationOf: (walletId: string) => string = () => 'org_a'): Ledger {
  const wallets = new Map<string, BalanceUpdate>();
  let versionReads = 0;

  function state(walletId: string, version: number): BalanceUpdate {
    const settled = String(1_000_000 - version);
    return {
      walletId,
      customerId: `customer of ${walletId}`,
      organizationId: organizationOf(walletId),
      version,
      balance: { settled, held: '0', available: settled, pending: '0' },
      at: new Date().toISOString(),
    };
  }

  return {
    commit(walletId) {
      const update = state(walletId, (wallets.get(walletId)?.version ?? 0) + 1);
      wallets.set(walletId, update);
      return update;
    },
    read: async (walletId) => wallets.get(walletId) ?? null,
    async readVersions(walletIds) {
      versionReads += 1;
      return new Map(walletIds.map((id) => [id, wallets.get(id)?.version ?? 0]));
    },
    versionReads: () => versionReads,
  };
}

/** Lets everything that is ready to run do so. */
export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Waits until it is so; the test's own time limit says when to give up. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

export const silentLog: Log = createLog({ level: 'silent' });

/** A long-lived recheck, so that only what a test does itself makes a watcher catch up. */
export function createTestHub(
  bus: Bus,
  ledger: Ledger,
  metrics: Metrics = createMetrics(),
): BalanceHub {
  return createBalanceHub({
    bus,
    log: silentLog,
    metrics,
    readVersions: ledger.readVersions,
    recheckMs: 3_600_000,
  });
}

const ACME = newId('organization');
const OTHER = newId('organization');
export const ACME_KEY = 'Bearer sk_acme';
export const OTHER_KEY = 'Bearer sk_other';
/** Ends a moment after it was shown. */
export const SHORT_TOKEN = 'Bearer short';

function viewerOf(organizationId: Id<'organization'>, expiresAt: Date | null): Viewer {
  return {
    organizationId,
    mode: 'TEST',
    kind: expiresAt ? 'CUSTOMER' : 'KEY',
    keyId: null,
    customerId: null,
    scopes: new Set(['wallet:read']),
    expiresAt,
  };
}

async function authenticate(authorization: string | undefined) {
  if (authorization === ACME_KEY) return viewerOf(ACME, null);
  if (authorization === OTHER_KEY) return viewerOf(OTHER, null);
  if (authorization === SHORT_TOKEN) return viewerOf(ACME, new Date(Date.now() + 150));
  if (authorization === 'Bearer outage') throw new Error('The database is away.');
  return { refusal: 'Unauthenticated' as const, message: 'This credential is not valid.' };
}

interface TestContext {
  readonly secret: string;
  readonly viewer: Viewer | null;
  readonly requestId: string;
}

/** Wallets named `acme-...` belong to one organization, all others to the other. */
function ownerOf(walletId: string): string {
  return walletId.startsWith('acme') ? ACME : OTHER;
}

export interface TestServer {
  readonly url: string;
  readonly graphqlUrl: string;
  readonly wsUrl: string;
  readonly hub: BalanceHub;
  readonly ledger: Ledger;
  readonly publish: PublishBalances;
  readonly server: Server;
  /** Commits a change and tells it. */
  change(walletId: string): BalanceUpdate;
  /** Resolves the query field `slow`, once somebody waits for it. */
  readonly slow: { readonly asked: Promise<void>; finish(): void };
  stop(): Promise<void>;
}

export async function startTestServer(overrides: Partial<ServerOptions> = {}): Promise<TestServer> {
  const ledger = createLedger(ownerOf);
  const bus = createLocalBus({ log: silentLog });
  const metrics = createMetrics();
  const hub = createTestHub(bus, ledger, metrics);
  const publish = createPublishBalances({ bus });
  const slow = createSlow();
  const server = createServer({
    config: { host: '127.0.0.1', port: 0, allowedOrigins: ['https://app.example.com'] },
    schema: createSchema(hub, ledger, slow),
    authenticate,
    // A getter, as in the product: it must be read when a resolver asks for it, and not before.
    buildContext: (caller) => ({
      ...caller,
      get secret() {
        if (caller.viewer) return 'told';
        throw new Error('A getter of the context was read too early.');
      },
    }),
    log: silentLog,
    metrics,
    checks: {},
    operationsFolder: mkdtempSync(join(tmpdir(), 'drawdown-operations-')),
    ...overrides,
  });
  const { url } = await server.listen();
  return {
    url,
    graphqlUrl: `${url}/graphql`,
    wsUrl: `${url.replace('http', 'ws')}/graphql`,
    hub,
    ledger,
    publish,
    server,
    slow,
    change(walletId) {
      const update = ledger.commit(walletId);
      publish([update]);
      return update;
    },
    async stop() {
      hub.close();
      await server.stop();
    },
  };
}

function createSlow() {
  let ask = () => {};
  let finish = () => {};
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return {
    asked,
    finish: () => finish(),
    resolve: async () => {
      ask();
      await finished;
      return 'done';
    },
  };
}

function createSchema(
  hub: BalanceHub,
  ledger: Ledger,
  slow: ReturnType<typeof createSlow>,
): GraphQLSchema {
  const balance = new GraphQLObjectType<BalanceUpdate>({
    name: 'BalanceUpdate',
    fields: {
      walletId: { type: new GraphQLNonNull(GraphQLString) },
      version: { type: new GraphQLNonNull(GraphQLInt) },
      available: { type: GraphQLString, resolve: (update) => update.balance.available },
      /** Makes a frame as large as a test likes. */
      padding: {
        type: GraphQLString,
        args: { length: { type: new GraphQLNonNull(GraphQLInt) } },
        resolve: (_, { length }) => 'x'.repeat(length),
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
          return hub.watchBalance({ walletId, sinceVersion, readSnapshot: ledger.read });
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
