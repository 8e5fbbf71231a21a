import DataLoader from 'dataloader';
import type { Queryable } from '../infra/db.ts';
import { nowIn, readNows } from './now-of.ts';

/** What time it is by the test clocks of one request, by their stored ids. */
export function createTestNowsLoader(db: Queryable) {
  return new DataLoader(async (testClockIds: readonly string[]) => {
    const nows = await readNows(db, testClockIds);
    return testClockIds.map((id) => nowIn(nows, id));
  });
}
