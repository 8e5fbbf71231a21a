import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DAY_MS, systemClock } from '../../src/kit/clock.ts';
import { runAt } from '../../src/server/run-at.ts';

describe('runAt', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z') });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('waits longer than a timer can', () => {
    const action = vi.fn();
    runAt(new Date('2026-03-01T00:00:00Z'), systemClock, action);
    vi.advanceTimersByTime(59 * DAY_MS - 1);
    expect(action).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(action).toHaveBeenCalledOnce();
  });

  it('runs at once when the instant is past', () => {
    const action = vi.fn();
    runAt(new Date('2025-12-31T23:59:59Z'), systemClock, action);
    expect(action).toHaveBeenCalledOnce();
  });

  it('can be called off', () => {
    const action = vi.fn();
    const callOff = runAt(new Date('2026-01-02T00:00:00Z'), systemClock, action);
    callOff();
    vi.advanceTimersByTime(2 * DAY_MS);
    expect(action).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
