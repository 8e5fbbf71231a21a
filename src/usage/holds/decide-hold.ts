import { fromEpochMs } from '../../kit/clock.ts';
import { max, plain, ZERO } from '../../kit/decimal.ts';
import { closeHold } from '../../ledger/holds/close.ts';
import { heldBy } from '../../ledger/holds/hold-state.ts';
import { reserve } from '../../ledger/holds/reserve.ts';
import { timeOf } from '../../ledger/wallet-time.ts';
import type { Accepted, Decision, Situation } from '../decide.ts';
import { decideCapture } from './decide-capture.ts';
import { decidePlace } from './decide-place.ts';
import { decided } from './decision.ts';
import { closed, findHold, isOpen, unknown } from './find-hold.ts';
import type { ExtendHold, HoldOperation, ReleaseHold } from './operation.ts';

/** Decides about one operation on a hold. All or nothing, like an event. */
export function decideHold(
  operation: HoldOperation,
  situation: Situation,
  accepted: Accepted,
): Decision {
  switch (operation.kind) {
    case 'PLACE':
      return decidePlace(operation, situation, accepted);
    case 'CAPTURE':
      return decideCapture(operation, situation, accepted);
    case 'EXTEND':
      return decideExtend(operation, situation);
    case 'RELEASE':
      return decideRelease(operation, situation);
  }
}

function decideExtend(operation: ExtendHold, situation: Situation): Decision {
  const found = findHold(operation, situation);
  if (!found) return unknown(operation);
  const { hold, wallet } = found;
  if (!isOpen(hold)) return closed(hold);
  const { amount, ttlMs } = operation;
  const now = timeOf(wallet, situation.now);
  const more = amount === null ? ZERO : max(amount - heldBy(hold), ZERO);
  const refusal = more === ZERO ? null : reserve(wallet, hold, more, now);
  if (refusal) return { kind: 'REFUSE', refusal };
  const until = ttlMs === null ? 0 : now.getTime() + ttlMs;
  const isLater = until > hold.expiresAt.getTime();
  if (isLater) hold.expiresAt = fromEpochMs(until);
  if (isLater || more !== ZERO) wallet.holds?.changed.add(hold);
  return decided(hold, !isLater && more === ZERO);
}

function decideRelease(operation: ReleaseHold, situation: Situation): Decision {
  const found = findHold(operation, situation);
  if (!found) return unknown(operation);
  const { hold, wallet } = found;
  if (hold.status === 'RELEASED') return decided(hold, true);
  if (!isOpen(hold)) return closed(hold);
  const amount = plain(heldBy(hold));
  closeHold(wallet, hold, 'RELEASED', timeOf(wallet, situation.now));
  wallet.facts.push({ type: 'hold.released', holdId: hold.id, walletId: wallet.id, amount });
  return decided(hold, false);
}
