import { fromEpochMs } from '../../kit/clock.ts';
import { plain, ZERO } from '../../kit/decimal.ts';
import { idempotencyMismatch, isRefusal } from '../../kit/refusal.ts';
import { insufficientFunds } from '../../ledger/funds.ts';
import type { HoldState } from '../../ledger/holds/hold-state.ts';
import { reserve } from '../../ledger/holds/reserve.ts';
import { holdsOf } from '../../ledger/holds/set-aside.ts';
import type { WalletState } from '../../ledger/wallet-state.ts';
import { timeOf } from '../../ledger/wallet-time.ts';
import type { Accepted, Decision, Situation } from '../decide.ts';
import { decided, type FoundHold } from './decision.ts';
import { estimateAmount } from './estimate-amount.ts';
import type { PlaceHold } from './operation.ts';

export function decidePlace(
  operation: PlaceHold,
  situation: Situation,
  accepted: Accepted,
): Decision {
  const wallet = situation.walletOf(operation.customerId, operation.assetId);
  const key = keyOf(operation);
  const first =
    situation.foundHold(operation) ?? (key === null ? undefined : accepted.holds.get(key));
  if (first) return repeated(operation, first);
  const amount = amountOf(operation, situation);
  if (isRefusal(amount)) return { kind: 'REFUSE', refusal: amount };
  if (!wallet) {
    return { kind: 'REFUSE', refusal: insufficientFunds(operation.assetId, null, amount, ZERO) };
  }
  const now = timeOf(wallet, situation.now);
  const hold = toHold(operation, wallet, now);
  const refusal = reserve(wallet, hold, amount, now);
  if (refusal) return { kind: 'REFUSE', refusal };
  const holds = holdsOf(wallet);
  holds.open.set(hold.id, hold);
  holds.changed.add(hold);
  if (key !== null) accepted.holds.set(key, { state: hold, ...operation.terms });
  holds.nextLapseMs = Math.min(holds.nextLapseMs, hold.expiresAt.getTime());
  wallet.facts.push({
    type: 'hold.placed',
    holdId: hold.id,
    walletId: wallet.id,
    amount: plain(amount),
    expiresAt: hold.expiresAt.toISOString(),
  });
  return decided(hold, false);
}

function amountOf({ amount, estimate, assetId }: PlaceHold, situation: Situation) {
  if (estimate) return estimateAmount(estimate, assetId, situation.counterOf);
  if (amount === null) throw new Error('A hold is placed for neither an amount nor an estimate.');
  return amount;
}

/** By which another call in the same batch finds it; null for one without a key. */
function keyOf({ customerId, terms: { idempotencyKey } }: PlaceHold): string | null {
  return idempotencyKey === null ? null : `${customerId}/${idempotencyKey}`;
}

/** One that has our own id was placed by an attempt whose answer was lost; any other has our key. */
function repeated(operation: PlaceHold, { state, content }: FoundHold): Decision {
  if (state.id === operation.holdId) return decided(state, false);
  const { idempotencyKey, content: sent } = operation.terms;
  const fields = new Set([...Object.keys(content), ...Object.keys(sent)]);
  const differing = [...fields].find((field) => content[field] !== sent[field]);
  if (differing === undefined) return decided(state, true);
  return { kind: 'REFUSE', refusal: idempotencyMismatch(idempotencyKey ?? '', differing) };
}

function toHold(operation: PlaceHold, wallet: WalletState, now: Date): HoldState {
  return {
    id: operation.holdId,
    organizationId: wallet.organizationId,
    customerId: wallet.customerId,
    walletId: wallet.id,
    metricId: operation.metric?.id ?? null,
    metricCode: operation.metric?.code ?? null,
    maxCaptures: operation.maxCaptures,
    createdAt: now,
    status: 'OPEN',
    amount: ZERO,
    captured: ZERO,
    captures: 0,
    allocations: [],
    overdraft: ZERO,
    unwritten: [],
    expiresAt: fromEpochMs(now.getTime() + operation.ttlMs),
    isLapsed: false,
    closedAt: null,
    closedSequence: null,
    terms: operation.terms,
  };
}
