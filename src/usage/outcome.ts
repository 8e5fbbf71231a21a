import type { BalanceUpdate } from '../live/balance-update.ts';
import type { Committed } from './commit.ts';
import type { Decision, Recording } from './decide.ts';
import type { Outcome, Recorded } from './event.ts';

/** What callers are told of a batch that has been committed. */
export function toOutcomes({ decisions, updates }: Committed): Outcome[] {
  const updateOf = new Map<string, BalanceUpdate>(
    updates.map((update) => [update.walletId, update]),
  );
  return decisions.map((decision) => toOutcome(decision, updateOf));
}

function toOutcome(decision: Decision, updateOf: ReadonlyMap<string, BalanceUpdate>): Outcome {
  switch (decision.kind) {
    case 'REFUSE':
      return decision.refusal;
    case 'DUPLICATE':
      return decision.first?.kind === 'RECORD'
        ? { ...recorded(decision.first, updateOf), duplicate: true }
        : { event: decision.event, duplicate: true, throttled: false };
    case 'RECORD':
      return recorded(decision, updateOf);
  }
}

function recorded(
  { event, charges, throttled }: Recording,
  updateOf: ReadonlyMap<string, BalanceUpdate>,
): Recorded {
  const balances: BalanceUpdate[] = [];
  for (const { walletId } of charges) {
    const update = walletId === null ? undefined : updateOf.get(walletId);
    if (update && !balances.includes(update)) balances.push(update);
  }
  return { event, duplicate: false, throttled, charges, balances };
}
