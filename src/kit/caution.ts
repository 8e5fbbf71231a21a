/** Whether to make sure first, after trust turned out to be misplaced. */
export interface Caution {
  /** Whether this round has to make sure; each asking is a round. */
  isDue(): boolean;
  raise(): void;
}

/** Lasts for so many rounds after it was last raised. */
export function createCaution(rounds: number): Caution {
  let left = 0;
  return {
    isDue() {
      if (left === 0) return false;
      left -= 1;
      return true;
    },
    raise() {
      left = rounds;
    },
  };
}
