import { expect, test } from 'vitest';
import { createTickEnd } from '../../src/server/websocket/tick-end.ts';

test('whoever waits for the end of a tick goes on after everything that it began, in order', async () => {
  const tickEnd = createTickEnd();
  const done: string[] = [];
  async function work(name: string, hops: number): Promise<void> {
    for (let hop = 0; hop < hops; hop += 1) await null;
    done.push(`began ${name}`);
    await tickEnd();
    done.push(`ended ${name}`);
  }
  for (let tick = 0; tick < 2; tick += 1) {
    await Promise.all([work('a', 1), work('b', 9), work('c', 1)]);
    expect(done.splice(0)).toEqual([
      ...['began a', 'began c', 'began b'],
      ...['ended a', 'ended c', 'ended b'],
    ]);
  }
});
