import { expect, test } from 'vitest';
import { createBatcher } from '../../src/usage/batcher.ts';

/** Items are their own sizes; answers the batches that were committed. */
function open(maxWaiting: number) {
  const batches: number[][] = [];
  const batcher = createBatcher<number, number>({
    commit: async (items) => {
      batches.push([...items]);
      return [...items];
    },
    sizeOf: (item) => item,
    maxBatch: 10,
    maxWaiting,
    isItemFault: () => false,
  });
  return { batcher, batches };
}

test('a batch takes as much as it may, however few items that is', async () => {
  const { batcher, batches } = open(1_000);
  await Promise.all([4, 5, 6, 3, 1, 20, 2].map((size) => batcher.submit([size])));
  expect(batches).toEqual([[4, 5], [6, 3, 1], [20], [2]]);
});

test('what is too much for what waits is turned away, until that is committed', async () => {
  const { batcher } = open(10);
  const first = batcher.submit([7]);
  expect(batcher.isFull()).toBe(true);
  expect(batcher.submit([4])).toBeNull();
  const second = batcher.submit([3]);
  expect(await Promise.all([first, second])).toEqual([[7], [3]]);
  await batcher.idle();
  expect(batcher.isFull()).toBe(false);
  expect(await batcher.submit([10])).toEqual([10]);
});
