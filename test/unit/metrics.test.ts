import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/infra/metrics.ts';

describe('createMetrics', () => {
  it('names every instrument drawdown_*', async () => {
    const metrics = createMetrics();
    metrics.counter('events_total', 'Usage events.', ['outcome']).inc({ outcome: 'recorded' }, 2);
    metrics.gauge('watchers', 'Open subscriptions.').set(3);
    metrics.histogram('commit_seconds', 'Commits.').observe(0.002);
    const { contentType, body } = await metrics.render();
    expect(contentType).toContain('text/plain');
    expect(body).toContain('drawdown_events_total{outcome="recorded"} 2');
    expect(body).toContain('drawdown_watchers 3');
    expect(body).toContain('drawdown_commit_seconds_bucket{le="0.0025"} 1');
  });

  it('shares nothing between two of them', async () => {
    const [first, second] = [createMetrics(), createMetrics()];
    first.counter('events_total', 'Usage events.').inc();
    second.counter('events_total', 'Usage events.');
    expect((await first.render()).body).toContain('drawdown_events_total 1');
    expect((await second.render()).body).toContain('drawdown_events_total 0');
  });

  it('measures the process when asked to', async () => {
    const { body } = await createMetrics({ processMetrics: true }).render();
    expect(body).toContain('drawdown_process_resident_memory_bytes');
  });
});
