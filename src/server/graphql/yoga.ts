import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Viewer } from '../../access/viewer.ts';
import { createDocumentCache } from './document-cache.ts';
import { documentLimits } from './document-limits.ts';
import type { KnownDocuments } from './known-documents.ts';
import type { PresentErrors } from './present-errors.ts';
import { referenceExecutor } from './reference-executor.ts';
import type { Subscribe } from './subscribe.ts';

/** What the transports know about a request before any of it is executed. */
export interface Caller {
  /** Null when no credential was sent: such a caller may only introspect. */
  readonly viewer: Viewer | null;
  readonly requestId: string;
}

/** One who asks over HTTP, where the answer shows late whether it ends by itself. */
export interface HttpCaller extends Caller {
  /** Called when the operation turned out to be a subscription, before anything of it is sent. */
  readonly onSubscribed: () => void;
}

/** What the transports ask of the context of an operation. */
export interface OperationContext {
  /** Forgets what was loaded, and that it could not be. */
  renewLoaders(): void;
}

/** Makes the context of one operation. */
export type BuildContext = (caller: Caller) => OperationContext;

export type GraphqlYoga = YogaServerInstance<HttpCaller, object>;

export interface YogaOptions {
  readonly schema: GraphQLSchema;
  readonly buildContext: BuildContext;
  readonly presentErrors: PresentErrors;
  readonly documents: KnownDocuments;
  readonly subscribe: Subscribe;
}

/** Executes operations for both transports, and speaks GraphQL over HTTP and SSE. */
export function createGraphqlYoga({
  schema,
  buildContext,
  presentErrors,
  documents,
  subscribe,
}: YogaOptions): GraphqlYoga {
  return createYoga<HttpCaller, object>({
    schema,
    plugins: [
      referenceExecutor(subscribe),
      ownContext(buildContext),
      documentLimits(),
      documents.plugin,
      presentResults(presentErrors),
    ],
    parserAndValidationCache: {
      documentCache: documents.parsed,
      errorCache: createDocumentCache<unknown>(),
    },
    // `presentErrors` masks for both transports, and knows the request id.
    maskedErrors: false,
    logging: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    multipart: false,
    batching: false,
  });
}

/** Yoga's own `context` option copies values; a getter of the context is to stay one, read when asked for. */
function ownContext(buildContext: BuildContext): Plugin<object, Caller> {
  return {
    onContextBuilding({ context }) {
      const { viewer, requestId } = context as unknown as Caller;
      const built = buildContext({ viewer, requestId });
      Object.defineProperties(context, Object.getOwnPropertyDescriptors(built));
    },
  };
}

function presentResults(presentErrors: PresentErrors): Plugin<object, HttpCaller> {
  function present(result: ExecutionResult, requestId: string): ExecutionResult {
    return result.errors ? { ...result, errors: presentErrors(result.errors, requestId) } : result;
  }

  return {
    onResultProcess({ result, setResult, serverContext }) {
      const { requestId } = serverContext;
      if (Symbol.asyncIterator in result) {
        serverContext.onSubscribed();
        setResult(mapped(result, (item) => present(item, requestId)));
      } else if (!Array.isArray(result) && result.errors) {
        setResult(present(result, requestId));
      }
    },
  };
}

/** Unlike a generator, `return()` reaches the source while a value is awaited. */
function mapped<T>(source: AsyncIterable<T>, change: (item: T) => T): AsyncIterableIterator<T> {
  const iterator = source[Symbol.asyncIterator]();
  return {
    async next() {
      const item = await iterator.next();
      return item.done ? item : { done: false, value: change(item.value) };
    },
    return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
