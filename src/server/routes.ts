import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HostedPages } from '../payments/pages/page.ts';
import type { HandleHttp } from './graphql-http/graphql-http.ts';
import type { InboundWebhooks } from './inbound-webhooks.ts';
import { answerFront, wantsHtml } from './pages/front-page.ts';
import type { Graphiql } from './pages/graphiql.ts';
import { answerPage } from './pages/hosted-page.ts';
import type { AnswerProbe } from './probes/probes.ts';
import { sendFault } from './respond.ts';

export interface RoutesOptions {
  readonly graphql: HandleHttp;
  readonly graphiql: Graphiql;
  readonly probes: AnswerProbe;
  /** Null: no payment provider is heard. */
  readonly inbound: InboundWebhooks | null;
  /** Where customers pay, by what their paths begin with: `/sandbox/`. @default nowhere */
  readonly hosted?: Readonly<Record<string, HostedPages>>;
}

export const GRAPHQL_PATH = '/graphql';

/** What is where. Everything else is 404 in JSON. */
export function createRoutes(options: RoutesOptions): HandleHttp {
  const { graphql, graphiql, probes, inbound, hosted = {} } = options;

  async function elsewhere(request: IncomingMessage, response: ServerResponse, requestId: string) {
    if (inbound && (await inbound.serve(request, response, requestId))) return;
    const path = pathOf(request);
    const [, pages] = Object.entries(hosted).find(([start]) => path.startsWith(start)) ?? [];
    if (pages) return answerPage(pages, request, response, { path, requestId });
    if (!isRead(request)) return notFound(response, requestId);
    if (path === '/') return answerFront(request, response);
    const probed = probes(path, response);
    if (probed) return probed;
    const isGraphiql = path === '/graphiql' || path.startsWith('/graphiql/');
    if (isGraphiql && (await graphiql.serve(request, response, path))) return;
    notFound(response, requestId);
  }

  return async (request, response, requestId) => {
    if (pathOf(request) !== GRAPHQL_PATH) return elsewhere(request, response, requestId);
    if (isVisit(request)) return showGraphiql(response);
    return graphql(request, response, requestId);
  };
}

export function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Somebody entered the address of the API in a browser, and asks nothing. */
function isVisit(request: IncomingMessage): boolean {
  return isRead(request) && wantsHtml(request) && !/[?&]query=/.test(request.url ?? '');
}

function showGraphiql(response: ServerResponse): void {
  response.writeHead(303, {
    location: '/graphiql',
    'content-length': 0,
    'cache-control': 'no-cache',
    vary: 'accept',
  });
  response.end();
}

export function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

function notFound(response: ServerResponse, requestId: string): void {
  sendFault(response, requestId, {
    status: 404,
    code: 'NOT_FOUND',
    message: 'There is nothing here: the API is at /graphql, and GET / lists what else there is.',
  });
}
