import { type Exact, ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';

/** What usage of a metric cost in an asset, and what it would cost. */
export interface Line {
  readonly metricId: Id<'metric'>;
  readonly assetId: Id<'asset'>;
  /** What the simulated charges count. */
  quantity: Exact;
  actual: Exact;
  simulated: Exact;
}

/** One line for each metric and asset. */
export interface Tally {
  line(metricId: Id<'metric'>, assetId: Id<'asset'>): Line;
  lines(): Iterable<Line>;
}

export function createTally(): Tally {
  const lines = new Map<string, Line>();
  return {
    line(metricId, assetId) {
      const key = `${metricId}/${assetId}`;
      const known = lines.get(key);
      if (known) return known;
      const line = { metricId, assetId, quantity: ZERO, actual: ZERO, simulated: ZERO };
      lines.set(key, line);
      return line;
    },
    lines: () => lines.values(),
  };
}
