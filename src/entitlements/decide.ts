import { isRefusal } from '../kit/refusal.ts';
import { type Bill, billsOnTop } from './bill.ts';
import type { Cost } from './cost.ts';
import { type Decision, denied } from './decision.ts';
import type { Standing } from './standing.ts';
import { weigh } from './weigh.ts';

/** When and how it is decided. */
export interface Deciding {
  /** By the customer's time. */
  readonly now: Date;
  readonly settlementWindowMs: number;
  /** Whether what it could draw on is wanted also where it is allowed, which takes as long again. */
  readonly wantsAvailable: boolean;
}

const NO_ISSUES = [] as const;

/** Whether a charge for this would go through now. Pure: nothing of the standing is changed by it. */
export function decide(
  standing: Standing,
  cost: Cost,
  index: number,
  deciding: Deciding,
): Decision {
  const { asOf } = standing;
  if (cost.kind === 'IMPOSSIBLE') return denied(cost.reason, index, asOf);
  const { rated, occurredAt } = cost;
  const bills = cost.bills ?? billsOnTop(rated, standing, occurredAt);
  if (isRefusal(bills)) return denied('INPUT_INVALID', index, asOf, bills.issues);
  return pay(standing, bills, occurredAt, index, deciding);
}

function pay(
  standing: Standing,
  bills: readonly Bill[],
  occurredAt: Date,
  index: number,
  { now, settlementWindowMs, wantsAvailable }: Deciding,
): Decision {
  const moment = { occurredAt, now, settlementWindowMs };
  const weighed = weigh(standing.wallets, bills, moment, wantsAvailable);
  const { refusal, bill, wallet, isThrottled, available } = weighed;
  return {
    outcome: refusal ? 'DENY' : isThrottled ? 'THROTTLE' : 'ALLOW',
    reason: refusal ? 'INSUFFICIENT_FUNDS' : isThrottled ? 'OVERDRAWN' : null,
    index,
    assetId: bill?.assetId ?? null,
    walletId: wallet?.id ?? null,
    available,
    required: bill?.required ?? null,
    shortfall: refusal?.shortfall ?? null,
    issues: NO_ISSUES,
    asOf: standing.asOf,
  };
}
