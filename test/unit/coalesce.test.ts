import { describe, expect, it } from 'vitest';
import { coalesce } from '../../src/live/coalesce.ts';

function createWork() {
  const finishers: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const work = () => new Promise<void>((resolve, reject) => finishers.push({ resolve, reject }));
  return { work, finishers };
}

describe('coalesce', () => {
  it('lets those who come during a run share the next one', async () => {
    const { work, finishers } = createWork();
    const run = coalesce(work);
    const first = run();
    const [second, third] = [run(), run()];
    expect(second).toBe(third);
    expect(finishers).toHaveLength(1);
    finishers[0]?.resolve();
    await first;
    await Promise.resolve();
    expect(finishers).toHaveLength(2);
    finishers[1]?.resolve();
    await second;
    expect(finishers).toHaveLength(2);
  });

  it('runs again after a run that failed', async () => {
    const { work, finishers } = createWork();
    const run = coalesce(work);
    const first = run();
    const second = run();
    finishers[0]?.reject(new Error('The database is away.'));
    await expect(first).rejects.toThrow('away');
    await Promise.resolve();
    finishers[1]?.resolve();
    await second;
    run();
    expect(finishers).toHaveLength(3);
  });
});
