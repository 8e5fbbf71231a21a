import { isRefusal } from '../kit/refusal.ts';
import { type Bill, billsOnTop } from './bill.ts';
import type { Consumption } from './consumption.ts';
import type { Cost, Use } from './cost.ts';
import { type Decision, denied } from './decision.ts';
import { type Gate, gateOf, type Judging } from './gate.ts';
import type { Standing } from './standing.ts';
import { weigh } from './weigh.ts';

/** When and how it is decided. */
export interface Deciding extends Judging {
  readonly settlementWindowMs: number;
  /** Whether what it could draw on is wanted also where it is allowed, which takes as long again. */
  readonly wantsAvailable: boolean;
}

const NO_ISSUES = [] as const;

/**
 * Whether a charge for this would go through now, and whether a right covers it where it is a use of a
 * feature. Whoever decides by the standing again finds the same: of its wallets only what time has ended anyway is
 * put down as ended, which is holds that have lapsed.
 */
export function decide(
  standing: Standing,
  consumption: Consumption,
  cost: Cost,
  index: number,
  deciding: Deciding,
): Decision {
  const { asOf } = standing;
  if (cost.kind === 'IMPOSSIBLE') {
    const gate = gateFor(standing, consumption, cost, [], deciding);
    const impossible = denied(cost.reason, index, asOf);
    return gate?.outcome === 'DENY'
      ? through(gate, impossible, consumption, cost, deciding)
      : impossible;
  }
  const { rated, occurredAt } = cost;
  const bills = cost.bills ?? billsOnTop(rated, standing, occurredAt);
  if (isRefusal(bills)) return denied('INPUT_INVALID', index, asOf, bills.issues);
  const gate = gateFor(standing, consumption, cost, bills, deciding);
  const paid = pay(standing, bills, occurredAt, index, deciding);
  return gate === null ? paid : through(gate, paid, consumption, cost, deciding);
}

function gateFor(
  standing: Standing,
  consumption: Consumption,
  cost: Cost,
  bills: readonly Bill[],
  deciding: Deciding,
): Gate | null {
  const { use } = cost;
  if (use === null || consumption.kind !== 'FEATURE') return null;
  const { subject } = consumption;
  // Named one by one: it is made for every check.
  const { feature, aggregation, quantity, key } = use;
  return gateOf(standing, { feature, aggregation, quantity, key, subject, bills }, deciding);
}

/** What the right says counts before what the wallet says, unless the right would let it pass. */
function through(
  gate: Gate,
  paid: Decision,
  consumption: Consumption,
  { use }: Cost,
  { now }: Judging,
): Decision {
  const isShut = gate.outcome === 'DENY';
  const isPaidFirst = !isShut && paid.outcome !== 'ALLOW';
  const isSlow = gate.outcome === 'THROTTLE' && paid.outcome === 'ALLOW';
  // Named one by one: it is made for every check.
  return {
    outcome: isShut ? 'DENY' : isSlow ? 'THROTTLE' : paid.outcome,
    reason: isPaidFirst ? paid.reason : gate.reason,
    index: paid.index,
    assetId: paid.assetId,
    walletId: paid.walletId,
    available: paid.available,
    required: paid.required,
    shortfall: paid.shortfall,
    limit: gate.limit,
    used: gate.used,
    resetsAt: gate.resetsAt,
    lacking: isShut && use ? lackingOf(gate, consumption, use, now) : null,
    issues: paid.issues,
    asOf: paid.asOf,
  };
}

function lackingOf(
  { bounds }: Gate,
  consumption: Consumption,
  use: Use,
  at: Date,
): Decision['lacking'] {
  if (consumption.kind !== 'FEATURE') return null;
  return { use, at, isOfSubject: consumption.subject !== null, bounds };
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
    limit: null,
    used: null,
    resetsAt: null,
    lacking: null,
    issues: NO_ISSUES,
    asOf: standing.asOf,
  };
}
