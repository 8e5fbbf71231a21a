import type { Viewer } from '../../src/access/viewer.ts';
import { createMetrics } from '../../src/infra/metrics.ts';
import { type Id, newId } from '../../src/kit/ids.ts';
import type { BalanceHub } from '../../src/live/balance-hub.ts';
import type { BalanceUpdate } from '../../src/live/balance-update.ts';
import { createLocalBus } from '../../src/live/local-bus.ts';
import { createPublishBalances, type PublishBalances } from '../../src/live/publish.ts';
import type { Caller } from '../../src/server/graphql/yoga.ts';
import { createServer, type Server, type ServerOptions } from '../../src/server/http.ts';
import { alwaysThere, createLedger, createTestHub, type Ledger, silentLog } from './harness.ts';
import { ACME, type Beside, createSchema, type Executed, OTHER, ownerOf } from './test-schema.ts';

export const ACME_KEY = 'Bearer sk_acme';
export const OTHER_KEY = 'Bearer sk_other';
/** Ends a second after it was shown. */
export const SHORT_TOKEN = 'Bearer short';

/** Of the same organization as `ACME_KEY`: the same view with another credential, and three other views. */
export const ACME_OTHER_KEY = 'Bearer sk_acme_2';
export const ACME_WIDE_KEY = 'Bearer sk_acme_wide';
export const ACME_CUSTOMERS = ['Bearer customer_1', 'Bearer customer_2'] as const;

export const ACME_KEY_ID = newId('apiKey');

function viewerOf(organizationId: Id<'organization'>, expiresAt: Date | null): Viewer {
  return {
    organizationId,
    mode: 'TEST',
    kind: expiresAt ? 'CUSTOMER' : 'KEY',
    keyId: expiresAt ? null : ACME_KEY_ID,
    signingKeyId: expiresAt ? newId('signingKey') : null,
    customerId: null,
    scopes: new Set(['wallet:read']),
    expiresAt,
  };
}

const CUSTOMER_IDS = new Map<string, Id<'customer'>>(
  ACME_CUSTOMERS.map((token) => [token, newId('customer')]),
);
const inAnHour = () => new Date(Date.now() + 3_600_000);

async function authenticate(authorization: string | undefined) {
  if (authorization === ACME_KEY) return viewerOf(ACME, null);
  if (authorization === ACME_OTHER_KEY) {
    return { ...viewerOf(ACME, null), keyId: newId('apiKey') };
  }
  if (authorization === ACME_WIDE_KEY) {
    const scopes = new Set(['wallet:read', 'customer:read'] as const);
    return { ...viewerOf(ACME, null), scopes };
  }
  const customerId = CUSTOMER_IDS.get(authorization ?? '');
  if (customerId) return { ...viewerOf(ACME, inAnHour()), customerId };
  if (authorization === OTHER_KEY) return viewerOf(OTHER, null);
  if (authorization === SHORT_TOKEN) return viewerOf(ACME, new Date(Date.now() + 1_000));
  if (authorization === 'Bearer outage') throw new Error('The database is away.');
  return { refusal: 'Unauthenticated' as const, message: 'This credential is not valid.' };
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
  readonly executed: Executed;
  readonly beside: Beside;
  stop(): Promise<void>;
}

export async function startTestServer(overrides: Partial<ServerOptions> = {}): Promise<TestServer> {
  const ledger = createLedger(ownerOf);
  const bus = createLocalBus({ log: silentLog });
  const metrics = createMetrics();
  const hub = createTestHub(bus, ledger, metrics);
  const publish = createPublishBalances({ bus });
  const slow = createSlow();
  const executed = { busy: 0, padding: 0, beside: 0 };
  const beside = { isAway: false };
  const server = createServer({
    config: { host: '127.0.0.1', port: 0, allowedOrigins: ['https://app.example.com'] },
    schema: createSchema(hub, slow, executed, beside),
    authenticate,
    findLiveKeys: async (keyIds) => new Set(keyIds),
    buildContext: createTestContext,
    waitOut: alwaysThere,
    log: silentLog,
    metrics,
    checks: {},
    operationsFolder: 'a folder that does not exist',
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
    executed,
    beside,
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

function createTestContext(caller: Caller) {
  const loaded = new Map<number, Promise<string>>();
  return {
    ...caller,
    loaded,
    renewLoaders: () => loaded.clear(),
    // A getter, as in the product: it must be read when a resolver asks for it, and not before.
    get secret() {
      if (caller.viewer) return 'told';
      throw new Error('A getter of the context was read too early.');
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
