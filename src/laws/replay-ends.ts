import type { Drawable } from '../ledger/burn-down.ts';
import type { GrantExtensionRow } from './sql/read-entries.ts';

/** When grants were to expire as the entries of their wallet go by: they may have been given later ends. */
export interface ReplayedEnds {
  /** Gives grants the ends that they had when this entry was booked. Whether one has another now. */
  advanceTo(sequence: number): boolean;
}

/** `rows` are in the order in which it happened; the grants have their last ends, and get their first ones. */
export function replayEnds(
  rows: readonly GrantExtensionRow[],
  grants: ReadonlyMap<string, Drawable>,
): ReplayedEnds {
  const steps = [...rows]
    .reverse()
    .flatMap(({ grant_id, former_end, until_sequence: sequence }) => {
      const grant = grants.get(grant_id);
      if (!grant) return [];
      const later = grant.expiresAt;
      grant.expiresAt = former_end;
      return [{ sequence, grant, later }];
    })
    .reverse();
  let next = 0;

  return {
    advanceTo(sequence) {
      const before = next;
      for (let step = steps[next]; step && step.sequence < sequence; step = steps[next]) {
        step.grant.expiresAt = step.later;
        next += 1;
      }
      return next > before;
    },
  };
}
