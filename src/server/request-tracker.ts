import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Metrics } from '../infra/metrics.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import { GRAPHQL_PATH, pathOf } from './routes.ts';

export interface RequestTracker {
  /** Answers false when the connection has sent too much before its answers; it is closed then. */
  track(request: IncomingMessage, response: ServerResponse): boolean;
  /** From now on each connection ends with the last answer that is owed to it, which says so. */
  closeBehindAnswers(): void;
  idle: InFlight['idle'];
}

/** A request that is not answered yet. */
interface Unanswered {
  readonly response: ServerResponse;
  readonly leave: () => void;
  /** Whether the connection is to end with its answer, for nothing was asked behind it yet. */
  isLast: boolean;
}

/** Requests of one connection that are not answered yet. Browsers and most clients send one at a time. */
const MAX_PIPELINED = 16;

/** Knows the requests that are being answered, and measures them. */
export function createRequestTracker(metrics: Metrics): RequestTracker {
  const inFlight = createInFlight();
  const connections = new Map<Socket, Unanswered[]>();
  let isClosing = false;
  const seconds = metrics.histogram('http_request_seconds', 'HTTP requests, until answered.', [
    'route',
    'status',
  ]);

  /** What each request of a connection does when it is over; a connection that is lost ends them all. */
  function unansweredOf(socket: Socket): Unanswered[] {
    const known = connections.get(socket);
    if (known) return known;
    const unanswered: Unanswered[] = [];
    connections.set(socket, unanswered);
    socket.once('close', () => {
      connections.delete(socket);
      for (const { leave } of unanswered.splice(0)) leave();
    });
    return unanswered;
  }

  /** Whoever has one more request finds another process: behind the answer it would be cut off. */
  function closeBehindLast(unanswered: readonly Unanswered[]): void {
    const [before, last] = [unanswered.at(-2), unanswered.at(-1)];
    if (before?.isLast) setLast(before, false);
    if (last?.response.shouldKeepAlive) setLast(last, true);
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
      const one = { response, leave, isLast: false };
      unanswered.push(one);
      if (isClosing) closeBehindLast(unanswered);
      response.once('close', () => {
        const at = unanswered.indexOf(one);
        if (at >= 0) unanswered.splice(at, 1);
        leave();
        seconds.observe(
          { route, status: response.statusCode },
          (performance.now() - startedMs) / 1000,
        );
      });
      return true;
    },
    closeBehindAnswers() {
      isClosing = true;
      for (const unanswered of connections.values()) closeBehindLast(unanswered);
    },
    idle: inFlight.idle,
  };
}

function setLast(one: Unanswered, isLast: boolean): void {
  if (one.response.headersSent) return;
  one.isLast = isLast;
  one.response.shouldKeepAlive = !isLast;
}
