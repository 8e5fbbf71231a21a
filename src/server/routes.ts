import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics } from '../infra/metrics.ts';
import type { Graphiql } from './graphiql.ts';
import type { HandleHttp } from './graphql-http.ts';
import type { AnswerReadiness } from './health.ts';
import { sendFault, sendJson } from './respond.ts';

export interface RoutesOptions {
  readonly graphql: HandleHttp;
  readonly graphiql: Graphiql;
  readonly readiness: AnswerReadiness;
  readonly metrics: Metrics;
}

export const GRAPHQL_PATH = '/graphql';

/** What is where. Everything else is 404 in JSON. */
export function createRoutes(options: RoutesOptions): HandleHttp {
  const { graphql, graphiql, readiness, metrics } = options;

  async function elsewhere(request: IncomingMessage, response: ServerResponse, requestId: string) {
    if (request.method !== 'GET' && request.method !== 'HEAD') return notFound(response, requestId);
    const path = pathOf(request);
    if (path === '/livez') return sendJson(response, 200, { alive: true });
    if (path === '/readyz') return readiness(response);
    if (path === '/metrics') return answerMetrics(response, metrics);
    const isGraphiql = path === '/graphiql' || path.startsWith('/graphiql/');
    if (isGraphiql && (await graphiql.serve(request, response, path))) return;
    notFound(response, requestId);
  }

  return (request, response, requestId) =>
    pathOf(request) === GRAPHQL_PATH
      ? graphql(request, response, requestId)
      : elsewhere(request, response, requestId);
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
    message: 'There is nothing here.',
  });
}

async function answerMetrics(response: ServerResponse, metrics: Metrics): Promise<void> {
  const { contentType, body } = await metrics.render();
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' });
  response.end(body);
}
