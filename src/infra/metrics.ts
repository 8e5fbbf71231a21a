import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type OpenMetricsContentType,
  type PrometheusContentType,
  Registry,
} from 'prom-client';

/**
 * Where rooms make their instruments: `metrics.counter('events_total', 'Usage events recorded.')` is
 * scraped as `drawdown_events_total`. Each call of `createMetrics` is a registry of its own.
 */
export interface Metrics {
  counter<Label extends string = never>(
    name: string,
    help: string,
    labels?: readonly Label[],
  ): Counter<Label>;
  gauge<Label extends string = never>(
    name: string,
    help: string,
    labels?: readonly Label[],
  ): Gauge<Label>;
  /** Durations in seconds, unless `buckets` says otherwise. */
  histogram<Label extends string = never>(
    name: string,
    help: string,
    labels?: readonly Label[],
    buckets?: readonly number[],
  ): Histogram<Label>;
  /** The text that Prometheus scrapes, and its content type. */
  render(): Promise<{ contentType: string; body: string }>;
}

export interface MetricsOptions {
  /** Adds memory, CPU, event loop and garbage collection of this process. */
  readonly processMetrics?: boolean;
}

const PREFIX = 'drawdown_';
const DURATION_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(options: MetricsOptions = {}): Metrics {
  const registry = new Registry<PrometheusContentType | OpenMetricsContentType>();
  if (options.processMetrics) collectDefaultMetrics({ register: registry, prefix: PREFIX });
  const settings = <Label extends string>(
    name: string,
    help: string,
    labels: readonly Label[],
  ) => ({
    name: PREFIX + name,
    help,
    labelNames: [...labels],
    registers: [registry],
  });

  return {
    counter: (name, help, labels = []) => new Counter(settings(name, help, labels)),
    gauge: (name, help, labels = []) => new Gauge(settings(name, help, labels)),
    histogram: (name, help, labels = [], buckets = DURATION_BUCKETS_S) =>
      new Histogram({ ...settings(name, help, labels), buckets: [...buckets] }),
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
