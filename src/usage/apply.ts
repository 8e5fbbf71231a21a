import type { Queryable } from '../infra/db.ts';
import { ZERO } from '../kit/decimal.ts';
import { type Posted, post } from '../ledger/post.ts';
import { toldOf } from '../ledger/tell.ts';
import { isChanged, type WalletState } from '../ledger/wallet-state.ts';
import { isDue, type Watch, type Watched } from '../ledger/watch.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import { writeOutbox } from '../live/outbox.ts';
import type { Counter } from '../metering/counter.ts';
import { writeCounters } from '../metering/counters.ts';
import { writeReadings } from '../metering/readings.ts';
import { writeUses } from '../metering/uses.ts';
import type { Decision, Recording } from './decide.ts';
import { insertEvents } from './insert-events.ts';
import type { Operation } from './operation.ts';
import { toldOfUsage } from './tell.ts';

/** A batch on which everything has been decided. */
export interface Decided {
  readonly operations: readonly Operation[];
  /** One for each operation, in order. */
  readonly decisions: readonly Decision[];
  readonly wallets: readonly WalletState[];
  readonly counters: readonly Counter[];
  alertVersionOf(wallet: WalletState): number;
}

/** Sends what was decided, and what there is to tell of it; the commit waits for it. */
export async function apply(
  tx: Queryable,
  { operations, decisions, wallets, counters, alertVersionOf }: Decided,
  watch: Watch,
  now: Date,
): Promise<BalanceUpdate[]> {
  const accepted = recordingsOf(decisions);
  const changed = wallets.filter(isChanged);
  // Wallets before counters before events, as everybody does, so that nobody waits for one while he holds
  // the other.
  const posted = post(tx, changed, now);
  const { written, updates } = posted;
  const counted = writeCounters(tx, counters, now);
  const said = writeReadings(tx, counters);
  const used = writeUses(tx, counters);
  const recorded = accepted.length > 0 && insertEvents(tx, inOrder(accepted), counted !== null);
  const watched = dueOf(changed, posted, alertVersionOf);
  // The rules are read behind the write, which holds the wallets and fails where one has moved on: it is
  // waited for beside them, so that its failure is the one that is seen.
  if (watched.length > 0)
    await Promise.all([written, counted, said, used, recorded, watch(tx, watched, now)]);
  const told = [...toldOfUsage(operations, decisions), ...toldOf(changed, updates)];
  writeOutbox(tx, told, now);
  return updates;
}

/** What is recorded, with and without a hold. */
function recordingsOf(decisions: readonly Decision[]): Recording[] {
  const accepted: Recording[] = [];
  for (const decision of decisions) {
    if (decision.kind === 'RECORD') accepted.push(decision);
    if (decision.kind !== 'HOLD') continue;
    for (const it of decision.recordings) if (it.kind === 'RECORD') accepted.push(it);
  }
  return accepted;
}

/** The wallets whose rules have to be evaluated; mostly none. */
function dueOf(
  changed: readonly WalletState[],
  { settled, free }: Pick<Posted, 'settled' | 'free'>,
  alertVersionOf: Decided['alertVersionOf'],
): Watched[] {
  const due: Watched[] = [];
  for (const [index, wallet] of changed.entries()) {
    const left = { settled: settled[index] ?? ZERO, free: free[index] ?? ZERO };
    if (!isDue(wallet, left, alertVersionOf(wallet))) continue;
    due.push({
      wallet,
      settled: left.settled,
      isCredit: false,
      isOpened: false,
      grantsToJudge: [],
    });
  }
  return due;
}

/**
 * Events that cost something are ordered by the locks of their wallets. No lock orders those that cost
 * nothing, so they come last, sorted: whoever else writes the same ones writes them in the same order.
 */
function inOrder(accepted: readonly Recording[]): readonly Recording[] {
  const isFree = ({ charges }: Recording) => charges.every(({ entryCount }) => entryCount === 0);
  const free = accepted.filter(isFree);
  if (free.length === 0) return accepted;
  const keyOf = ({ event }: Recording) => event.customerId + event.eventId;
  free.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return [...accepted.filter((recording) => !isFree(recording)), ...free];
}
