import { isUniqueViolation } from './db.ts';

/**
 * Runs a transaction, and once more when somebody else has written the row that it was to write in between: two at
 * once meet at a unique index, and the loser then sees the other's.
 */
export async function againAfterRace<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return work();
  }
}
