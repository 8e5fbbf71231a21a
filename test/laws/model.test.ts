import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Laboratory, openLaboratory, START } from './laboratory.ts';
import { openModel } from './model.ts';
import { operations } from './operations.ts';

/** `DRAWDOWN_SEED=123 npx vitest run test/laws` repeats a run. */
const SEED = Number(process.env.DRAWDOWN_SEED ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = Number(process.env.DRAWDOWN_RUNS ?? 10);
const MAX_MS = 180_000;

let laboratory: Laboratory;

beforeAll(async () => {
  process.stderr.write(`The model test runs with DRAWDOWN_SEED=${SEED}\n`);
  laboratory = await openLaboratory();
});
afterAll(async () => {
  await laboratory?.close();
});

describe('The product', () => {
  it(
    'does what a serial reference does, and keeps every law after every operation',
    async () => {
      let count = 0;
      const processes = [laboratory.services, laboratory.startProcess().services];
      await fc.assert(
        fc.asyncProperty(operations, async (list) => {
          laboratory.clock.set(START);
          const model = await openModel(laboratory, processes, `Model ${count++}`);
          for (const operation of list) await model.step(operation);
          await model.finish();
        }),
        { seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: MAX_MS - 30_000 },
      );
      expect(count).toBeGreaterThan(0);
    },
    MAX_MS,
  );
});
