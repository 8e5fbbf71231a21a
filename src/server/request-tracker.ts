import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Metrics } from '../infra/metrics.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import { GRAPHQL_PATH, pathOf } from './routes.ts';

export interface RequestTracker {
  track(request: IncomingMessage, response: ServerResponse): void;
  idle: InFlight['idle'];
}

/** Knows the requests that are being answered, and measures them. */
export function createRequestTracker(metrics: Metrics): RequestTracker {
  const inFlight = createInFlight();
  const seconds = metrics.histogram('http_request_seconds', 'HTTP requests, until answered.', [
    'route',
    'status',
  ]);

  return {
    track(request, response) {
      const startedMs = performance.now();
      const route = pathOf(request) === GRAPHQL_PATH ? 'graphql' : 'other';
      const leave = inFlight.enter();
      response.once('close', () => {
        leave();
        seconds.observe(
          { route, status: response.statusCode },
          (performance.now() - startedMs) / 1000,
        );
      });
    },
    idle: inFlight.idle,
  };
}
