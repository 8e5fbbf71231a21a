import { type Exact, min, ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';

export type GrantPurpose = 'PROMOTIONAL' | 'BUNDLED' | 'ROLLOVER' | 'PAID';
export type BurnOrder = 'PRIORITY' | 'FIFO' | 'LIFO' | 'EXPIRY_FIRST';

/** The part of a grant that decides whether and when it is drawn. */
export interface Drawable {
  readonly id: Id<'grant'>;
  readonly purpose: GrantPurpose;
  readonly priority: number;
  /** Null: since it was created, and for usage from before that arrives late. */
  readonly effectiveAt: Date | null;
  /** Moves on only where it is given a later one: see `extendGrants`. */
  expiresAt: Date | null;
  /** Codes of the metrics it may pay for; empty pays for all. */
  readonly scopeMetrics: readonly string[];
  readonly createdAt: Date;
  /** What is left of it; this and what is held of it are the parts that charges change. */
  remaining: Exact;
  /** What holds have set aside of what is left: only their captures draw it. */
  held: Exact;
}

/** When something is paid: when it occurred, when we book it, how long expired grants stay drawable. */
export interface Moment {
  readonly occurredAt: Date;
  readonly now: Date;
  readonly settlementWindowMs: number;
}

export interface Draw<Grant extends Drawable | null = Drawable> {
  readonly grant: Grant;
  readonly amount: Exact;
}

type Step = (a: Drawable, b: Drawable) => number;

const PURPOSE_RANK = { PROMOTIONAL: 0, BUNDLED: 1, ROLLOVER: 2, PAID: 3 } as const;

const byExpiry: Step = (a, b) => timeOr(a.expiresAt, Infinity) - timeOr(b.expiresAt, Infinity) || 0;
const byPurpose: Step = (a, b) => PURPOSE_RANK[a.purpose] - PURPOSE_RANK[b.purpose];
const byEffective: Step = (a, b) => startOf(a) - startOf(b);
const byCreated: Step = (a, b) => a.createdAt.getTime() - b.createdAt.getTime();
const byId: Step = (a, b) => (a.id < b.id ? -1 : Number(a.id > b.id));

/** What an asset's burn order does first. */
const FIRST_STEP: Record<BurnOrder, Step> = {
  PRIORITY: (a, b) => a.priority - b.priority,
  FIFO: byEffective,
  LIFO: (a, b) => byEffective(b, a),
  EXPIRY_FIRST: byExpiry,
};

/**
 * The burn-down order, a total order, so that a replay draws the same grants: the asset's first step
 * (priority ascending, unless it chose FIFO, LIFO or EXPIRY_FIRST), then expiry ascending with
 * never-expiring last, purpose (promotional, bundled, rollover, paid), effective time, creation, id.
 * Grants scoped to the metric come before general ones; `drawDown` sees to that.
 */
export function compareGrants(order: BurnOrder): Step {
  const steps = [FIRST_STEP[order], byExpiry, byPurpose, byEffective, byCreated, byId];
  return (a, b) => {
    for (const step of steps) {
      const difference = step(a, b);
      // Infinity - Infinity is NaN: both never expire, so the next step decides.
      if (difference) return difference;
    }
    return 0;
  };
}

/**
 * Whether a grant may pay: it was effective when the usage occurred, and if it has expired since, its
 * settlement window is still open. Usage reported ahead of time counts as occurring now.
 */
function mayPay(grant: Drawable, moment: Moment): boolean {
  const now = moment.now.getTime();
  const occurred = Math.min(moment.occurredAt.getTime(), now);
  if (grant.effectiveAt !== null && grant.effectiveAt.getTime() > occurred) return false;
  if (grant.expiresAt === null) return true;
  const expires = grant.expiresAt.getTime();
  return occurred < expires && now < expires + moment.settlementWindowMs;
}

/**
 * Takes `amount` from grants that are already in burn-down order, changing their remainders, and returns
 * what was taken from which and what is left uncovered. `metricCode` null is no usage (an adjustment):
 * it draws general grants only.
 */
export function drawDown<Grant extends Drawable>(
  sorted: readonly Grant[],
  amount: Exact,
  metricCode: string | null,
  moment: Moment,
): { draws: Draw<Grant>[]; uncovered: Exact } {
  const draws: Draw<Grant>[] = [];
  let uncovered = amount;
  for (const general of [false, true]) {
    for (const grant of sorted) {
      if (uncovered === ZERO) break;
      const isWanted = general
        ? grant.scopeMetrics.length === 0
        : metricCode !== null && grant.scopeMetrics.includes(metricCode);
      const free = freeOf(grant);
      if (!isWanted || free <= ZERO || !mayPay(grant, moment)) continue;
      const taken = min(free, uncovered);
      grant.remaining -= taken;
      uncovered -= taken;
      draws.push({ grant, amount: taken });
    }
  }
  return { draws, uncovered };
}

/** What is left of a grant and not set aside. */
export function freeOf({ remaining, held }: Pick<Drawable, 'remaining' | 'held'>): Exact {
  return held === ZERO ? remaining : remaining - held;
}

function startOf(grant: Drawable): number {
  return (grant.effectiveAt ?? grant.createdAt).getTime();
}

function timeOr(time: Date | null, otherwise: number): number {
  return time === null ? otherwise : time.getTime();
}
