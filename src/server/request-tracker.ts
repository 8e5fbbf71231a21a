import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Metrics } from '../infra/metrics.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import { GRAPHQL_PATH, pathOf } from './routes.ts';

export interface RequestTracker {
  /** Answers false when the connection has sent too much before its answers; it is closed then. */
  track(request: IncomingMessage, response: ServerResponse): boolean;
  idle: InFlight['idle'];
}

/** Requests of one connection that are not answered yet. Browsers and most clients send one at a time. */
const MAX_PIPELINED = 16;

/** Knows the requests that are being answered, and measures them. */
export function createRequestTracker(metrics: Metrics): RequestTracker {
  const inFlight = createInFlight();
  const connections = new WeakMap<Socket, (() => void)[]>();
  const seconds = metrics.histogram('http_request_seconds', 'HTTP requests, until answered.', [
    'route',
    'status',
  ]);

  /** What each request of a connection does when it is over; a connection that is lost ends them all. */
  function unansweredOf(socket: Socket): (() => void)[] {
    const known = connections.get(socket);
    if (known) return known;
    const unanswered: (() => void)[] = [];
    connections.set(socket, unanswered);
    socket.once('close', () => {
      for (const leave of unanswered.splice(0)) leave();
    });
    return unanswered;
  }

  return {
    track(request, response) {
      const { socket } = request;
      const unanswered = unansweredOf(socket);
      if (unanswered.length >= MAX_PIPELINED) {
        socket.destroy();
        return false;
      }
      const startedMs = performance.now();
      const route = pathOf(request) === GRAPHQL_PATH ? 'graphql' : 'other';
      const leave = inFlight.enter();
      unanswered.push(leave);
      response.once('close', () => {
        const at = unanswered.indexOf(leave);
        if (at >= 0) unanswered.splice(at, 1);
        leave();
        seconds.observe(
          { route, status: response.statusCode },
          (performance.now() - startedMs) / 1000,
        );
      });
      return true;
    },
    idle: inFlight.idle,
  };
}
