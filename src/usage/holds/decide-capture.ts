import { type Exact, plain, ZERO } from '../../kit/decimal.ts';
import { bookLapsed, closeHold } from '../../ledger/holds/close.ts';
import type { HoldState } from '../../ledger/holds/hold-state.ts';
import { holdsOf } from '../../ledger/holds/set-aside.ts';
import type { WalletState } from '../../ledger/wallet-state.ts';
import { timeOf } from '../../ledger/wallet-time.ts';
import {
  type Accepted,
  type Decision,
  type Duplicate,
  decideFirst,
  findRepeat,
  keyOf,
  type Recording,
  type Refused,
  type Situation,
} from '../decide.ts';
import type { Candidate } from '../event.ts';
import { decided } from './decision.ts';
import { closed, findHold, unknown } from './find-hold.ts';
import { markAll } from './mark-all.ts';
import type { CaptureHold } from './operation.ts';

/**
 * A capture is usage: each event is recorded and paid like any other, first from what the hold has set aside.
 * Events that were captured before are repetitions, and a capture of nothing else writes nothing unless it is
 * the one that closes the hold. Of a hold that has expired it is paid from what is there, and marked late.
 */
export function decideCapture(
  operation: CaptureHold,
  situation: Situation,
  accepted: Accepted,
): Decision {
  const repeats = operation.candidates.map((it) => findRepeat(it, situation, accepted.events));
  const mismatch = repeats.find((it) => it?.kind === 'REFUSE');
  if (mismatch) return mismatch;
  const found = findHold(operation, situation);
  if (!found) return unknown(operation, operation.path);
  const { hold, wallet } = found;
  const isNothingNew = repeats.every((it) => it !== null);
  if (isNothingNew && (hold.status !== 'OPEN' || hold.isLapsed || !operation.final)) {
    return decided(hold, true, { recordings: repeats as Duplicate[] });
  }
  if (hold.status === 'CAPTURED' || hold.status === 'RELEASED') return closed(hold);
  const late = hold.status === 'EXPIRED' || hold.isLapsed;
  const recordings = payAll(operation.candidates, situation, accepted, wallet, hold, late);
  if ('kind' in recordings) {
    const refused = operation.candidates.filter((_, index) => repeats[index] === null);
    return { ...recordings, refused };
  }
  for (const it of recordings) if (it.kind === 'RECORD') accepted.events.set(keyOf(it.event), it);
  const now = timeOf(wallet, situation.now);
  if (late) bookLapsed(wallet, now);
  const ofThis = recordings.filter((it): it is Recording => it.kind === 'RECORD');
  const amount = note(wallet, hold, ofThis, late, now);
  const isLast = operation.final || hold.captures === hold.maxCaptures;
  if (isLast) closeHold(wallet, hold, 'CAPTURED', now);
  wallet.facts.push({
    type: 'hold.captured',
    holdId: hold.id,
    walletId: wallet.id,
    amount: plain(amount),
    usageEventIds: ofThis.map(({ event }) => event.id),
    late,
    closed: isLast,
  });
  return decided(hold, false, { recordings, late });
}

/** Pays all events that are new or, if one cannot be, leaves everything as it was. */
function payAll(
  candidates: readonly Candidate[],
  situation: Situation,
  accepted: Accepted,
  wallet: WalletState,
  hold: HoldState,
  late: boolean,
): (Recording | Duplicate)[] | Refused {
  const putBack = markAll(candidates, situation, { wallet, hold });
  const ofThis: Accepted['events'] = new Map();
  const recordings: (Recording | Duplicate)[] = [];
  for (const candidate of candidates) {
    const decision =
      findRepeat(candidate, situation, accepted.events) ??
      findRepeat(candidate, situation, ofThis) ??
      decideFirst(candidate, situation, late ? null : hold);
    if (decision.kind === 'REFUSE') {
      putBack();
      return decision;
    }
    if (decision.kind === 'RECORD') ofThis.set(keyOf(decision.event), decision);
    recordings.push(decision);
  }
  return recordings;
}

/** Keeps what the hold paid for; returns what that cost in its asset. */
function note(
  wallet: WalletState,
  hold: HoldState,
  recordings: readonly Recording[],
  late: boolean,
  capturedAt: Date,
): Exact {
  const holds = holdsOf(wallet);
  let total = ZERO;
  hold.captures += recordings.length > 0 ? 1 : 0;
  for (const { event, charges } of recordings) {
    let amount = ZERO;
    for (const charge of charges) if (charge.walletId === wallet.id) amount += charge.amount;
    total += amount;
    const { captures: capture } = hold;
    holds.captured.push({ hold, usageEventId: event.id, capture, amount, late, capturedAt });
  }
  hold.captured += total;
  holds.changed.add(hold);
  return total;
}
