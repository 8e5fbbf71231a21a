import type { BalanceUpdate } from '../live/balance-update.ts';
import type { Committed } from './commit.ts';
import type { Decision, Duplicate, Recording } from './decide.ts';
import type { Outcome, Recorded } from './event.ts';
import type { HoldDecision } from './holds/decision.ts';
import type { HoldOutcome, HoldRefusal } from './holds/outcome.ts';

/** What became of an operation: an event's own outcome, or a hold's. */
export type AnyOutcome = Outcome | HoldOutcome | HoldRefusal;

type UpdateOf = ReadonlyMap<string, BalanceUpdate>;

/** What callers are told of a batch that has been committed. */
export function toOutcomes({ decisions, updates }: Committed): AnyOutcome[] {
  const updateOf = new Map<string, BalanceUpdate>(
    updates.map((update) => [update.walletId, update]),
  );
  return decisions.map((decision) => toOutcome(decision, updateOf));
}

function toOutcome(decision: Decision, updateOf: UpdateOf): AnyOutcome {
  switch (decision.kind) {
    case 'REFUSE':
      return decision.refusal;
    case 'DUPLICATE':
    case 'RECORD':
      return ofEvent(decision, updateOf);
    case 'HOLD':
      return ofHold(decision, updateOf);
  }
}

function ofEvent(decision: Recording | Duplicate, updateOf: UpdateOf): Recorded {
  if (decision.kind === 'RECORD') return recorded(decision, updateOf);
  return decision.first
    ? { ...recorded(decision.first, updateOf), duplicate: true }
    : { event: decision.event, duplicate: true, throttled: false };
}

function ofHold({ kind: _, recordings, ...hold }: HoldDecision, updateOf: UpdateOf): HoldOutcome {
  return {
    ...hold,
    events: recordings.map((it) => ofEvent(it, updateOf)),
    balance: updateOf.get(hold.walletId) ?? null,
  };
}

function recorded({ event, charges, throttled }: Recording, updateOf: UpdateOf): Recorded {
  const balances: BalanceUpdate[] = [];
  for (const { walletId } of charges) {
    const update = walletId === null ? undefined : updateOf.get(walletId);
    if (update && !balances.includes(update)) balances.push(update);
  }
  return { event, duplicate: false, throttled, charges, balances };
}
