import type { Viewer } from '../access/viewer.ts';
import { type AdvanceDeps, createAdvance } from './advance.ts';
import { type AdvanceTestClockInput, advanceTestClock } from './advance-test-clock.ts';
import { type CreateTestClockInput, createTestClock } from './create-test-clock.ts';
import { type DeleteTestClockInput, deleteTestClock } from './delete-test-clock.ts';
import { QUEUE_LEFT_BEHIND } from './sql/add-job.ts';
import { findClock, listClocks } from './store.ts';

export type Clocks = ReturnType<typeof createClocks>;

export type ClocksDeps = Pick<AdvanceDeps, 'db' | 'clock'>;

/** Time for customers of tests. Every room that goes by a customer's time asks `now-of.ts` for it. */
export function createClocks(deps: AdvanceDeps) {
  const { db } = deps;
  return {
    createTestClock: (viewer: Viewer, input: CreateTestClockInput) =>
      createTestClock(deps, viewer, input),
    advanceTestClock: (viewer: Viewer, input: AdvanceTestClockInput) =>
      advanceTestClock(deps, viewer, input),
    deleteTestClock: (viewer: Viewer, input: DeleteTestClockInput) =>
      deleteTestClock(deps, viewer, input),
    findTestClock: (viewer: Viewer, id: string, query: object = {}) =>
      findClock(db, viewer, id, query),
    listTestClocks: (viewer: Viewer, query: object) => listClocks(db, viewer, query),
    /** The job that brings a clock to where it was told to go. */
    advance: createAdvance(deps),
    /** Takes up clocks that were left on their way; nothing is more than one run takes. */
    async sweep() {
      await db.direct.query(QUEUE_LEFT_BEHIND, []);
      return false;
    },
  };
}
