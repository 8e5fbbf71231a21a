import { createServer as createHttpServer } from 'node:http';
import type { Log } from '../../infra/log.ts';
import type { Metrics } from '../../infra/metrics.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Server } from '../http.ts';
import { listen } from '../listen.ts';
import { requestIdOf } from '../request-id.ts';
import { sendFault } from '../respond.ts';
import { isRead, pathOf } from '../routes.ts';
import { createReadiness, type ReadinessChecks } from './health.ts';
import { createProbes } from './probes.ts';

export interface ProbeServerOptions {
  readonly host: string;
  readonly port: number;
  readonly checks: ReadinessChecks;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
}

/** `/livez`, `/readyz` and `/metrics` of a process that has no API. */
export function createProbeServer(options: ProbeServerOptions): Server {
  const probes = createProbes({ ...options, readiness: createReadiness(options) });
  const http = createHttpServer((request, response) => {
    const requestId = requestIdOf(request);
    const fail = (status: number, code: string, message: string) =>
      sendFault(response, requestId, { status, code, message });
    const answered = isRead(request) ? probes(pathOf(request), response) : null;
    if (!answered) return fail(404, 'NOT_FOUND', 'Here are /livez, /readyz and /metrics only.');
    answered.catch((error) => {
      options.log.error({ requestId, error }, 'A request failed.');
      fail(500, 'INTERNAL_SERVER_ERROR', 'Internal error');
    });
  });

  return {
    listen: () => listen(http, options),
    async stop() {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      http.closeAllConnections();
      await closed;
    },
  };
}
