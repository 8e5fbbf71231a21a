import { randomUUID } from 'node:crypto';
import { SECOND_MS } from '../kit/clock.ts';
import { type Exact, plain, ZERO } from '../kit/decimal.ts';
import type { HoldApi, Outcome, Refused } from './hold-api.ts';
import type { LeaseState } from './next-step.ts';
import type { Terms } from './read-options.ts';
import { type Tell, troubleOf } from './tell.ts';

export interface SetAsideDeps {
  readonly api: HoldApi;
  readonly terms: Terms;
  readonly state: LeaseState;
  readonly tell: Tell;
  readonly nowMs: () => number;
}

interface Placement {
  readonly key: string;
  readonly amount: Exact;
  /** When it was sent first, from when on it may last. */
  readonly sentMs: number;
}

/** How a lease comes by its block, and keeps it. The state knows what became of it before each resolves. */
export function createSetAside({ api, terms, state, tell, nowMs }: SetAsideDeps) {
  const { block, pauses } = state;
  const ttlMs = terms.ttlSeconds * SECOND_MS;
  /** The same until it is answered: a hold that was placed without our hearing of it is found by its key. */
  let placement: Placement | null = null;
  /** A whole block, or as much as there was when one was refused. */
  let wanted = terms.block;

  async function place(): Promise<Outcome> {
    placement ??= { key: randomUUID(), amount: wanted, sentMs: nowMs() };
    const { key, amount, sentMs } = placement;
    const isOfMetric = terms.place.metric !== undefined;
    const how = { ttlSeconds: terms.ttlSeconds, idempotencyKey: key };
    const what = isOfMetric ? terms.place : { ...terms.place, amount: plain(amount) };
    const outcome = await api.place({ ...what, ...how });
    if ('failed' in outcome) return outcome;
    const part = isOfMetric ? null : partOf(outcome);
    placement = null;
    wanted = part ?? terms.block;
    if ('refused' in outcome) {
      if (part === null) refused(outcome);
      return outcome;
    }
    block.see(outcome);
    block.lastUntil(sentMs + ttlMs);
    pauses.funds.succeeded();
    if (amount === terms.block) tell.enough();
    return outcome;
  }

  /** Nothing is given up by an extension, so it may be sent again; one that answers has the block last longer. */
  async function extend(amount: Exact | null): Promise<Outcome> {
    const sentMs = nowMs();
    const more = amount === null ? {} : { amount: plain(amount) };
    const outcome = await api.extend({ hold: block.id, ttlSeconds: terms.ttlSeconds, ...more });
    if ('failed' in outcome) return outcome;
    if (!('refused' in outcome)) {
      block.see(outcome);
      block.lastUntil(sentMs + ttlMs);
    } else if (outcome.refused === 'HOLD_EXPIRED') block.end('EXPIRED');
    else if (outcome.refused === 'HOLD_CLOSED' || outcome.refused === 'NOT_FOUND')
      block.end('GONE');
    return outcome;
  }

  /** What is taken and not charged yet is part of what is held, so a whole block is to be left beside it. */
  async function refill(): Promise<Outcome> {
    const outcome = await extend(terms.block + block.takenRoundedUp());
    if ('failed' in outcome) return outcome;
    if (!('refused' in outcome)) {
      pauses.funds.succeeded();
      tell.enough();
      return outcome;
    }
    if (block.status !== 'OPEN') return outcome;
    const part = partOf(outcome);
    refused(outcome);
    return part === null ? outcome : extend(block.held + part);
  }

  async function renew(): Promise<Outcome> {
    const outcome = await extend(null);
    if ('refused' in outcome && block.status === 'OPEN') {
      pauses.renewals.failed();
      tell.trouble(troubleOf(outcome));
    } else if (!('failed' in outcome)) pauses.renewals.succeeded();
    return outcome;
  }

  /** To be tried again after a pause; until then it goes on with what is left. */
  function refused(refusal: Refused): void {
    pauses.funds.failed();
    if (refusal.refused === 'INSUFFICIENT_FUNDS') tell.low(refusal);
    else tell.trouble(troubleOf(refusal));
  }

  /** Whether there may be a block that nobody has told us of. */
  const isPlacing = () => placement !== null;

  return { place, refill, renew, isPlacing };
}

/** The last of a balance is less than a block, and is to be spent too. */
function partOf(outcome: Outcome): Exact | null {
  if (!('refused' in outcome) || outcome.refused !== 'INSUFFICIENT_FUNDS') return null;
  return outcome.available !== null && outcome.available > ZERO ? outcome.available : null;
}
