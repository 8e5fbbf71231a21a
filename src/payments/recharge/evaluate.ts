import { columns } from '../../infra/columns.ts';
import type { Queryable } from '../../infra/db.ts';
import { type Exact, exact, plain } from '../../kit/decimal.ts';
import { newId } from '../../kit/ids.ts';
import { balanceOf, freeOf, type WalletState } from '../../ledger/wallet-state.ts';
import { timeOf } from '../../ledger/wallet-time.ts';
import type { Fact } from '../../live/event.ts';
import { decide, type RechargeDecision, SAME_ASSET } from './decide.ts';
import type { RechargeStanding, RechargeTerms } from './rule.ts';
import { READ_RULES, type RuleRow } from './sql/read-rules.ts';
import type { StandingDraft, StartDraft } from './sql/write-rules.ts';
import { factsOfDecision } from './tell.ts';
import { writeDecisions } from './write-decisions.ts';

/** A rule that was decided on. */
export interface Decided {
  readonly wallet: WalletState;
  readonly row: RuleRow;
  readonly decision: RechargeDecision;
  readonly standing: StandingDraft;
  /** What is started; null where nothing is. */
  readonly start: StartDraft | null;
}

/**
 * Evaluates the recharge rules of wallets that the transaction holds, whatever they are compared with: starts what is to be
 * started, and leaves in each wallet the threshold that the next charge is compared with. One round trip to read and one to
 * write. Returns what there is to tell of each. `now` is the server's.
 */
export async function evaluateRecharges(
  tx: Queryable,
  wallets: readonly WalletState[],
  now: Date,
): Promise<ReadonlyMap<WalletState, readonly Fact[]>> {
  if (wallets.length === 0) return NOTHING_TOLD;
  const rows = await tx.query<RuleRow>(READ_RULES, [
    columns.uuid(wallets, ({ id }) => id),
    columns.uuid(wallets, ({ customerId }) => customerId),
    wallets.map((wallet) => timeOf(wallet, now)),
  ]);
  const walletOf = new Map<string, WalletState>(wallets.map((wallet) => [wallet.id, wallet]));
  const decided = rows.flatMap((row) => {
    const wallet = walletOf.get(row.wallet_id);
    return wallet ? decideOne(wallet, row, timeOf(wallet, now)) : [];
  });
  const ruled = new Set(decided.map(({ wallet }) => wallet));
  const unruled = wallets.filter((wallet) => wallet.rechargeBelow !== null && !ruled.has(wallet));
  for (const { wallet, standing } of decided) wallet.rechargeBelow = exactOrNull(standing.below);
  for (const wallet of unruled) wallet.rechargeBelow = null;
  await writeDecisions(tx, { decided, unruled }, now);
  return new Map(decided.map((each) => [each.wallet, factsOfDecision(each)]));
}

const NOTHING_TOLD: ReadonlyMap<WalletState, readonly Fact[]> = new Map();

function decideOne(wallet: WalletState, row: RuleRow, now: Date): Decided {
  const decision = decide(termsOf(row), standingOf(wallet, row, now));
  const start = startOf(row, decision, now);
  const standing: StandingDraft = {
    rule_id: row.id,
    wallet_id: row.wallet_id,
    customer_id: row.customer_id,
    below: decision.status === 'ARMED' ? row.threshold : null,
    status: decision.status,
    reason: 'reason' in decision ? decision.reason : null,
    due_at: 'until' in decision ? decision.until.toISOString() : null,
    started_at: start && now.toISOString(),
  };
  return { wallet, row, decision, standing, start };
}

function termsOf(row: RuleRow): RechargeTerms {
  return {
    isEnabled: row.enabled,
    threshold: exact(row.threshold),
    amount: exactOrNull(row.amount),
    target: exactOrNull(row.target),
    maxAmount: exact(row.max_amount),
    maxCount: row.max_count,
    cooldownMs: row.cooldown_seconds * 1000,
    asset: { kind: row.kind, scale: row.scale, minorUnits: row.minor_units },
    creditAsset: {
      kind: row.credit_kind,
      scale: row.credit_scale,
      minorUnits: row.credit_minor_units,
    },
  };
}

function standingOf(wallet: WalletState, row: RuleRow, now: Date): RechargeStanding {
  return {
    now,
    free: freeOf(balanceOf(wallet, now)),
    promised: exact(row.promised),
    isInFlight: row.in_flight,
    isSuspended: row.suspended_at !== null,
    retryAt: row.retry_at,
    lastStartedAt: row.last_started_at,
    canCharge: row.can_charge,
    rate: row.asset_id === row.credit_asset_id ? SAME_ASSET : exactOrNull(row.rate),
    usedAmount: exact(row.used_amount),
    usedCount: row.used_count,
    periodEnd: row.period_end,
  };
}

function startOf(row: RuleRow, decision: RechargeDecision, now: Date): StartDraft | null {
  if (decision.status !== 'IN_FLIGHT' || decision.charge === null) return null;
  const { amount, credit } = decision.charge;
  return {
    payment_id: newId('payment'),
    organization_id: row.organization_id,
    customer_id: row.customer_id,
    wallet_id: row.wallet_id,
    wallet_name: row.wallet_name,
    rule_id: row.id,
    provider_id: row.provider_id,
    method_id: row.method_id,
    asset_id: row.asset_id,
    amount: plain(amount),
    credit_asset_id: row.credit_asset_id,
    credit: plain(credit),
    exchange_rate_id: row.rate_id,
    expires_after_days: row.expires_after_days,
    description: `${plain(credit)} ${row.credit_code}`,
    period_start: row.period_start.toISOString(),
    max_amount: row.max_amount,
    max_count: row.max_count,
    started_at: now.toISOString(),
  };
}

function exactOrNull(text: string | null): Exact | null {
  return text === null ? null : exact(text);
}
