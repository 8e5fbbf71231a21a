import { type Exact, min, ONE, ZERO } from '../kit/decimal.ts';

/** A hold as the server has just said that it is. */
export interface HeldBlock {
  readonly id: string;
  readonly status: 'OPEN' | 'CAPTURED' | 'RELEASED' | 'EXPIRED';
  readonly held: Exact;
}

/** EXPIRED can still be captured, late. GONE is all else that sets nothing aside, also before the first one. */
export type BlockStatus = 'OPEN' | 'EXPIRED' | 'GONE';

/**
 * What is left of the block: what the server says that it sets aside, less what was taken and has not been
 * charged yet. Time is that of a clock which nobody sets.
 */
export interface Block {
  readonly id: string;
  readonly status: BlockStatus;
  readonly held: Exact;
  /** What was taken, rounded up to the places that the asset keeps: estimates may have more. */
  takenRoundedUp(): Exact;
  /** Up to when it sets value aside at least, as far as this process can know. */
  readonly untilMs: number;
  /** Below zero when work has cost more than was taken for it. */
  left(): Exact;
  /** Whether its time is not over. */
  isUsable(): boolean;
  take(amount: Exact): boolean;
  /** What was taken has been charged, or given back. */
  settle(taken: Exact): void;
  /** What an answer says. */
  see(hold: HeldBlock): void;
  /** It was set aside, or extended, by a request that went out before `untilMs` less its time to live. */
  lastUntil(untilMs: number): void;
  end(status: Exclude<BlockStatus, 'OPEN'>): void;
}

/** `size` is a whole block: the server accepts no more places than the asset keeps. */
export function createBlock(size: Exact, nowMs: () => number): Block {
  let step = finest(ONE, size);
  let id = '';
  let status: BlockStatus = 'GONE';
  let held = ZERO;
  let taken = ZERO;
  let untilMs = 0;

  const left = () => held - taken;
  const isUsable = () => status === 'OPEN' && nowMs() < untilMs;
  const end = (as: Exclude<BlockStatus, 'OPEN'>) => {
    status = as;
    held = ZERO;
  };

  return {
    get id() {
      return id;
    },
    get status() {
      return status;
    },
    get held() {
      return held;
    },
    takenRoundedUp() {
      const whole = taken / step;
      return (whole * step < taken ? whole + 1n : whole) * step;
    },
    get untilMs() {
      return untilMs;
    },
    left,
    isUsable,
    take(amount) {
      if (!isUsable() || amount > left()) return false;
      taken += amount;
      return true;
    },
    settle(amount) {
      taken -= min(amount, taken);
    },
    see(hold) {
      // A block that follows another one lasts as long as itself.
      if (hold.id !== id) untilMs = 0;
      ({ id } = hold);
      if (hold.status !== 'OPEN') return end(hold.status === 'EXPIRED' ? 'EXPIRED' : 'GONE');
      status = 'OPEN';
      ({ held } = hold);
      step = finest(step, held);
    },
    lastUntil(ms) {
      untilMs = Math.max(untilMs, ms);
    },
    end,
  };
}

/** The largest power of ten, and no larger than `step`, that the amount is a multiple of. */
function finest(step: Exact, amount: Exact): Exact {
  let found = step;
  while (amount % found !== ZERO) found /= 10n;
  return found;
}
