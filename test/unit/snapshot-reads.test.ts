import { expect, test } from 'vitest';
import { createSnapshotReads } from '../../src/live/snapshot-reads.ts';
import { createLedger } from '../live/harness.ts';

/** Reads that answer when they are told to, with what was committed when they began. */
function createReads() {
  const ledger = createLedger();
  const asked: string[][] = [];
  const answers: (() => void)[] = [];
  const read = createSnapshotReads(async (walletIds) => {
    asked.push([...walletIds]);
    const states = await ledger.readUpdates(walletIds);
    await new Promise<void>((resolve) => answers.push(resolve));
    return states;
  });
  async function answer(): Promise<void> {
    while (answers.length === 0) await new Promise((resolve) => setImmediate(resolve));
    answers.shift()?.();
  }
  return { ledger, asked, read, answer };
}

test('who asks while a read is under way shares the next one, and its object', async () => {
  const { ledger, asked, read, answer } = createReads();
  ledger.commit('a');
  const first = read('a');
  while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
  ledger.commit('a');
  const later = [read('a'), read('a'), read('b')];
  await answer();
  expect((await first)?.version).toBe(1);
  await answer();
  const [one, two, none] = await Promise.all(later);
  expect(one?.version).toBe(2);
  expect(two).toBe(one);
  expect(none).toBeNull();
  expect(asked).toEqual([['a'], ['a', 'b']]);
});

test('a read that fails fails for those who wait for it, and for nobody else', async () => {
  let isAway = true;
  const ledger = createLedger();
  ledger.commit('a');
  const read = createSnapshotReads(async () => {
    if (isAway) throw new Error('The database is away.');
    return ledger.readUpdates(['a']);
  });
  await expect(Promise.all([read('a'), read('b')])).rejects.toThrow('away');
  isAway = false;
  expect((await read('a'))?.version).toBe(1);
});

test('a query names five hundred wallets at most', async () => {
  const { asked, read, answer } = createReads();
  const all = Promise.all(Array.from({ length: 1_200 }, (_, at) => read(`w${at}`)));
  for (let round = 0; round < 3; round += 1) await answer();
  await all;
  expect(asked.map(({ length }) => length)).toEqual([500, 500, 200]);
});
