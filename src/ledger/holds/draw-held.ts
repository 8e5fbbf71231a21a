import { type Exact, min, ZERO } from '../../kit/decimal.ts';
import { type Draw, type Drawable, drawDown, type Moment } from '../burn-down.ts';
import type { Allocation, HoldState } from './hold-state.ts';

/**
 * Draws what a capture costs: first what its hold has set aside, in the order in which it was, then like any
 * charge. The hold gives up as much as it costs, wherever it came from: what a hold keeps back is never more
 * than what it was placed for less what was captured.
 */
export function drawHeld<Grant extends Drawable>(
  sorted: readonly Grant[],
  hold: Pick<HoldState, 'allocations' | 'overdraft'>,
  amount: Exact,
  metricCode: string | null,
  moment: Moment,
): { draws: Draw<Grant>[]; uncovered: Exact } {
  const draws: { grant: Grant; amount: Exact }[] = [];
  let left = amount;
  for (const allocation of hold.allocations as Allocation<Grant>[]) {
    const { grant } = allocation;
    const taken = min(allocation.amount, left);
    if (taken === ZERO || !sorted.includes(grant)) continue;
    if (!mayPayHeld(grant, metricCode, moment)) continue;
    giveUp(allocation, taken);
    grant.remaining -= taken;
    left -= taken;
    draws.push({ grant, amount: taken });
  }
  const others = drawDown(sorted, left, metricCode, moment);
  for (const { grant, amount: taken } of others.draws) {
    const known = draws.find((one) => one.grant === grant);
    if (known) known.amount += taken;
    else draws.push({ grant, amount: taken });
  }
  giveUpRest(hold, left);
  hold.allocations = hold.allocations.filter((allocation) => allocation.amount !== ZERO);
  return { draws, uncovered: others.uncovered };
}

/**
 * Whether what was set aside of a grant may pay. It was promised before the grant expired, so it may also pay
 * for what occurred after that, while the settlement window is open.
 */
function mayPayHeld(grant: Drawable, metricCode: string | null, moment: Moment): boolean {
  const { scopeMetrics, effectiveAt, expiresAt } = grant;
  if (scopeMetrics.length > 0 && !(metricCode !== null && scopeMetrics.includes(metricCode)))
    return false;
  const now = moment.now.getTime();
  const occurred = Math.min(moment.occurredAt.getTime(), now);
  if (effectiveAt !== null && effectiveAt.getTime() > occurred) return false;
  return expiresAt === null || now < expiresAt.getTime() + moment.settlementWindowMs;
}

/** What others paid: of the overdraft first, then of the grants that are drawn last. */
function giveUpRest(hold: Pick<HoldState, 'allocations' | 'overdraft'>, paid: Exact): void {
  const ofOverdraft = min(hold.overdraft, paid);
  hold.overdraft -= ofOverdraft;
  let left = paid - ofOverdraft;
  for (const allocation of [...hold.allocations].reverse()) {
    const given = min(allocation.amount, left);
    giveUp(allocation, given);
    left -= given;
  }
}

function giveUp(allocation: Allocation, amount: Exact): void {
  allocation.amount -= amount;
  allocation.grant.held -= amount;
}
