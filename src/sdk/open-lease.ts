import { type Exact, max, parseDecimal, plain, ZERO } from '../kit/decimal.ts';
import { createBlock } from './block.ts';
import { createHoldApi } from './hold-api.ts';
import { createKeeper, type Keeper } from './keep-lease.ts';
import { LeaseError } from './lease-error.ts';
import { isLow, type LeaseState } from './next-step.ts';
import { createPause } from './pause.ts';
import { readEvent } from './read-event.ts';
import { readOptions, type Terms } from './read-options.ts';
import { createReports } from './reports.ts';
import type { Lease, LeaseOptions, LeaseRefusal } from './sdk.js';
import { createTell } from './tell.ts';

/** A clock that only goes forward, whatever is done to that of the machine. */
const nowMs = () => performance.now();

export async function openLease(options: LeaseOptions): Promise<Lease | LeaseRefusal> {
  const terms = readOptions(options);
  const block = createBlock(terms.block, nowMs);
  const pauses = {
    server: createPause(nowMs),
    funds: createPause(nowMs),
    renewals: createPause(nowMs),
    captures: createPause(nowMs),
  };
  const endMs = Number.POSITIVE_INFINITY;
  const state = { terms, block, reports: createReports(), pauses, isClosing: false, endMs };
  const tell = createTell(terms, block);
  const api = createHoldApi(terms, () => state.endMs - nowMs());
  const keeper = createKeeper({ api, terms, state, tell, nowMs });
  const begun = await keeper.begin();
  if ('failed' in begun) throw begun.failed;
  if ('refused' in begun && begun.refused !== 'INSUFFICIENT_FUNDS') {
    return { refused: begun.refused, message: begun.message };
  }
  keeper.wake();
  return leaseOn(state, terms, keeper);
}

function leaseOn(state: LeaseState, terms: Terms, keeper: Keeper): Lease {
  const { block, reports } = state;
  let closed: ReturnType<Lease['close']> | null = null;

  function settle(taken: string): Exact {
    if (closed) throw new LeaseError('CLOSED', 'The lease is closed.');
    return readAmount(taken);
  }

  return {
    get remaining() {
      return plain(block.isUsable() && !closed ? max(block.left(), ZERO) : ZERO);
    },
    get waiting() {
      return reports.count;
    },
    tryTake(amount) {
      const exact = readAmount(amount);
      if (closed || reports.count >= terms.maxWaiting) return false;
      const isTaken = block.take(exact);
      if (!isTaken || isLow(state)) keeper.wake();
      return isTaken;
    },
    report(event, amount) {
      const taken = settle(amount);
      reports.add({ event: readEvent(event), taken, atMs: nowMs() });
      keeper.wake();
    },
    giveBack(amount) {
      block.settle(settle(amount));
    },
    close: () => {
      closed ??= keeper.finish();
      return closed;
    },
  };
}

function readAmount(raw: string): Exact {
  const value = parseDecimal(raw);
  if (typeof value !== 'string' && value >= ZERO) return value;
  throw new LeaseError('BAD_AMOUNT', `"${raw}" is not an amount of zero or more, such as "0.25".`);
}
