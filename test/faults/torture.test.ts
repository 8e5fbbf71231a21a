import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { torture } from '../torture/torture.ts';

// A short `npm run torture`: the long one is for those who change what it is about.

const DURATION_MS = 10_000;
const PATIENCE_MS = 240_000;
const seed = Number(process.env.DRAWDOWN_SEED ?? Math.floor(Math.random() * 2 ** 31));

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test(
  'servers and Redis are killed under load: every balance, event and webhook arrives',
  async () => {
    console.log(`The torture runs with DRAWDOWN_SEED=${seed}`);
    const lines: string[] = [];
    const say = (text: string) => lines.push(text);
    const faults = await torture({
      databaseUrl: database.url,
      seed,
      durationMs: DURATION_MS,
      postgres: null,
      say,
    });
    expect(faults, `seed ${seed}: ${lines.join('; ')}`).toEqual([]);
  },
  PATIENCE_MS,
);
