import type { BalanceUpdate } from '../live/balance-update.ts';
import type { StoredStanding } from './read-standings.ts';
import { isNewer } from './standing.ts';

/** What is heard while a read is under way, which may not show it. One read at a time. */
export interface Meanwhile {
  begin(): void;
  hear(update: Partial<BalanceUpdate>): void;
  /** Something may have been missed. */
  miss(): void;
  /** Whether what was read is still what there is, for all that was heard. */
  isCurrent(standing: StoredStanding): boolean;
  end(): void;
}

export function createMeanwhile(): Meanwhile {
  const heard = new Map<unknown, Partial<BalanceUpdate>[]>();
  let isReading = false;
  let isMissing = false;

  function end(): void {
    isReading = false;
    isMissing = false;
    heard.clear();
  }

  return {
    begin() {
      end();
      isReading = true;
    },
    hear(update) {
      if (!isReading) return;
      const known = heard.get(update.customerId);
      if (known) known.push(update);
      else heard.set(update.customerId, [update]);
    },
    miss() {
      isMissing = true;
    },
    isCurrent(standing) {
      if (isMissing) return false;
      return !heard.get(standing.customerId)?.some((update) => isNewer(standing, update));
    },
    end,
  };
}
