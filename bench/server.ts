import { extendSchema, type GraphQLObjectType, parse } from 'graphql';
import { type Context, createContext } from '../schema/context.ts';
import { schema } from '../schema/index.ts';
import { viewerOf } from '../schema/scopes.ts';
import { readConfig } from '../src/config.ts';
import { createLog } from '../src/infra/log.ts';
import { createMetrics } from '../src/infra/metrics.ts';
import { createWaitOut } from '../src/infra/wait-out.ts';
import { type Running, start } from '../src/main.ts';
import { createServer } from '../src/server/http.ts';

/** What the parent may ask of the server under test, over the channel between them. */
export type Request = 'MEMORY' | 'STOP';

export type Answer =
  | { readonly kind: 'READY'; readonly url: string; readonly noopUrl: string }
  | { readonly kind: 'MEMORY'; readonly rssBytes: number; readonly cpuMs: number };

/**
 * The server under test, in a process of its own so that its memory and its CPU time are its own: the
 * product as it is started in production, and beside it, in the same process and over the same HTTP
 * layer, a graph with one more mutation that does nothing, and a query that returns a constant.
 */
async function serve(): Promise<void> {
  const config = readConfig();
  const running = await start({ config });
  const noop = createNoopServer(running);
  const { url: noopUrl } = await noop.listen();
  process.on('message', (request: Request) => {
    if (request === 'MEMORY') return tell(usage());
    void noop
      .stop()
      .then(running.stop)
      .then(() => process.exit(0));
  });
  process.once('disconnect', () => process.exit(1));
  tell({ kind: 'READY', url: running.url ?? '', noopUrl });
}

const NOTHING =
  'extend type Mutation { doNothing: Boolean! } extend type Query { constant: Boolean! }';

function createNoopServer({ services }: Running) {
  const extended = extendSchema(schema, parse(NOTHING));
  const { doNothing } = (extended.getMutationType() as GraphQLObjectType).getFields();
  const { constant } = (extended.getQueryType() as GraphQLObjectType).getFields();
  if (!doNothing || !constant) throw new Error('The fields that do nothing are missing.');
  // They know who asks, as every field does, and that is all.
  const isKey = (_root: unknown, _args: object, context: Context) =>
    viewerOf(context).kind === 'KEY';
  doNothing.resolve = isKey;
  constant.resolve = isKey;
  return createServer({
    config: { host: '127.0.0.1', port: 0, allowedOrigins: [] },
    schema: extended,
    log: createLog({ level: 'warn' }),
    metrics: createMetrics(),
    authenticate: services.access.authenticate,
    findLiveKeys: services.access.findLiveKeys,
    buildContext: (caller) => createContext(services, caller),
    waitOut: createWaitOut(async () => undefined),
    checks: {},
  });
}

function usage(): Answer {
  const { user, system } = process.cpuUsage();
  return { kind: 'MEMORY', rssBytes: process.memoryUsage.rss(), cpuMs: (user + system) / 1000 };
}

function tell(answer: Answer): void {
  process.send?.(answer);
}

await serve();
