import type { Metrics } from '../infra/metrics.ts';

/** 0 until it is told otherwise, and for good in a process that has no Redis. */
export function createDegradedGauge(metrics: Metrics) {
  return metrics.gauge(
    'live_degraded',
    'Whether hints of other processes may be missed: 1 while Redis is configured and not usable.',
  );
}
