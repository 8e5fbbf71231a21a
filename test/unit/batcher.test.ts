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

test('who goes on at once from what a batch has answered is in the next one', async () => {
  const { batcher, batches } = open(1_000);
  const goOn = async (item: number) => {
    await batcher.submit([item]);
    // As many steps as a caller may take before its next one; none of them waits for anything.
    for (let step = 0; step < 20; step += 1) await null;
    await batcher.submit([item + 1]);
  };
  // The second does not fit into the first batch, and waits already when that is answered.
  await Promise.all([goOn(6), batcher.submit([3]), batcher.submit([2])]);
  expect(batches).toEqual([
    [6, 3],
    [2, 7],
  ]);
});
