import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Metrics } from '../infra/metrics.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import { isStream } from './respond.ts';
import { GRAPHQL_PATH, pathOf } from './routes.ts';

export interface RequestTracker {
  track(request: IncomingMessage, response: ServerResponse): void;
  /** Ends the answers that would never end by themselves. */
  endStreams(): void;
  idle: InFlight['idle'];
}

/** Knows the requests that are being answered, and measures them. */
export function createRequestTracker(metrics: Metrics): RequestTracker {
  const inFlight = createInFlight();
  const open = new Set<ServerResponse>();
  const seconds = metrics.histogram('http_request_seconds', 'HTTP requests, until answered.', [
    'route',
    'status',
  ]);

  return {
    track(request, response) {
      const startedMs = performance.now();
      const route = pathOf(request) === GRAPHQL_PATH ? 'graphql' : 'other';
      const leave = inFlight.enter();
      open.add(response);
      response.once('close', () => {
        open.delete(response);
        leave();
        seconds.observe(
          { route, status: response.statusCode },
          (performance.now() - startedMs) / 1000,
        );
      });
    },
    endStreams() {
      for (const response of open) if (isStream(response)) response.destroy();
    },
    idle: inFlight.idle,
  };
}
