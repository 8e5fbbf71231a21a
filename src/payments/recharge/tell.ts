import type { Fact, PaymentFacts, RechargeAction, RechargeFacts } from '../../live/event.ts';
import type { WaitReason } from './decide.ts';
import type { Decided } from './evaluate.ts';
import type { StartDraft } from './sql/write-rules.ts';

/** What a rule waits for that somebody can do something about; of the others nothing is told. */
const ACTIONS: Readonly<Partial<Record<WaitReason, RechargeAction>>> = {
  NO_METHOD: 'CHANGE_METHOD',
  NO_RATE: 'SET_RATE',
};

/** What there is to tell of a decision: what is started, and once that nothing can be. */
export function factsOfDecision({ row, decision, start }: Decided): Fact[] {
  const of = { ruleId: row.id, walletId: row.wallet_id, paymentId: null };
  if (start !== null) {
    const quiet = { reason: null, retryAt: null, action: 'NOTHING' as const };
    const started = { ...of, ...quiet, paymentId: start.payment_id };
    return [
      { type: 'payment.created', ...paymentFacts(start) },
      { type: 'recharge.started', ...started },
    ];
  }
  if (!('reason' in decision)) return [];
  const isSaid = row.status === decision.status && row.reason === decision.reason;
  if (isSaid) return [];
  const why = { reason: decision.reason, retryAt: decision.until.toISOString() };
  if (decision.status === 'CAPPED') {
    return [{ type: 'recharge.capped', ...of, ...why, action: 'RAISE_CAP' }];
  }
  const action = ACTIONS[decision.reason];
  return action ? [{ type: 'recharge.declined', ...of, ...why, action }] : [];
}

function paymentFacts({ payment_id, asset_id, amount }: StartDraft): PaymentFacts {
  return {
    paymentId: payment_id,
    status: 'PENDING',
    assetId: asset_id,
    amount,
    failureCode: null,
  };
}

/** How an attempt that is over is told. */
export function rechargeFact(
  type: 'recharge.succeeded' | 'recharge.declined' | 'recharge.suspended',
  facts: RechargeFacts,
): Fact {
  return { type, ...facts };
}
