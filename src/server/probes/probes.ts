import type { ServerResponse } from 'node:http';
import type { Metrics } from '../../infra/metrics.ts';
import { sendJson } from '../respond.ts';
import type { AnswerReadiness } from './health.ts';

/** What those ask who run the process: null for any other path. */
export type AnswerProbe = (path: string, response: ServerResponse) => Promise<void> | null;

export function createProbes(options: {
  readonly readiness: AnswerReadiness;
  readonly metrics: Metrics;
}): AnswerProbe {
  const { readiness, metrics } = options;
  return (path, response) => {
    if (path === '/livez') return answerAlive(response);
    if (path === '/readyz') return readiness(response);
    return path === '/metrics' ? answerMetrics(response, metrics) : null;
  };
}

async function answerAlive(response: ServerResponse): Promise<void> {
  sendJson(response, 200, { alive: true });
}

async function answerMetrics(response: ServerResponse, metrics: Metrics): Promise<void> {
  const { contentType, body } = await metrics.render();
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' });
  response.end(body);
}
