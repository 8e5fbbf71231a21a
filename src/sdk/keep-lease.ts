import { pause } from './backoff.ts';
import type { HoldApi, Outcome } from './hold-api.ts';
import { LeaseError } from './lease-error.ts';
import { type LeaseState, nextStep, type Step } from './next-step.ts';
import type { Terms } from './read-options.ts';
import type { Report } from './reports.ts';
import type { ClosedLease } from './sdk.js';
import { createSendReports } from './send-reports.ts';
import { createSetAside } from './set-aside.ts';
import type { Tell } from './tell.ts';

export interface KeeperDeps {
  readonly api: HoldApi;
  readonly terms: Terms;
  /** `endMs` is when everything is over, whatever is left: known when the lease is closing. */
  readonly state: LeaseState & { isClosing: boolean; endMs: number };
  readonly tell: Tell;
  readonly nowMs: () => number;
}

/** What a lease does in the background: one thing at a time, and nothing while there is nothing to do. */
export interface Keeper {
  /** The first block, or why there is none. */
  begin(): Promise<Outcome>;
  /** Something has changed that there may be something to do about. Nothing is done before the caller goes on. */
  wake(): void;
  finish(): Promise<ClosedLease>;
}

/** Before the server was reached once it is more likely not there than restarting. */
const RETRIES_AT_FIRST = 2;

/** How long the end may take in all, be the server away or slow: whoever stops a process gives it little more. */
const FINISH_MS = 10_000;

export function createKeeper({ api, terms, state, tell, nowMs }: KeeperDeps): Keeper {
  const { block, reports, pauses } = state;
  const left: Report[] = [];
  const setAside = createSetAside({ api, terms, state, tell, nowMs });
  const { capture } = createSendReports({ api, state, tell, leave });
  let timer: NodeJS.Timeout | undefined;
  let isWoken = false;
  let running: Promise<void> | null = null;

  const VERBS: Record<Exclude<Step['verb'], 'REST' | 'END'>, () => Promise<Outcome>> = {
    PLACE: setAside.place,
    REFILL: setAside.refill,
    RENEW: setAside.renew,
    CAPTURE: capture,
    RELEASE: release,
  };

  /** An owner who never looks does not fill the memory: of what was refused, no more is kept than may wait. */
  function leave(report: Report): void {
    left.push(report);
    if (!state.isClosing && left.length > terms.maxWaiting) left.shift();
  }

  async function release(): Promise<Outcome> {
    const outcome = await api.release({ hold: block.id });
    if ('failed' in outcome) return outcome;
    block.end('GONE');
    return outcome;
  }

  async function perform(verb: keyof typeof VERBS): Promise<Outcome> {
    const outcome = await VERBS[verb]().catch((fault) => brokenBy(fault, verb));
    if ('failed' in outcome) {
      pauses.server.failed(outcome.waitMs);
      tell.trouble(outcome.failed);
    } else pauses.server.succeeded();
    return outcome;
  }

  async function work(): Promise<void> {
    for (;;) {
      if (state.isClosing) return;
      const step = nextStep(state, nowMs());
      if (step.verb === 'END') return;
      if (step.verb === 'REST') return rest(step.untilMs);
      await perform(step.verb);
    }
  }

  /** A process may end while its lease has nothing to do, but not while something waits to be charged. */
  function rest(untilMs: number): void {
    clearTimeout(timer);
    timer = setTimeout(run, Math.max(untilMs - nowMs(), 1));
    if (reports.count === 0) timer.unref();
  }

  function run(): void {
    isWoken = false;
    running ??= work().finally(() => {
      running = null;
    });
  }

  /** Until all is charged and released, or that has no prospect. */
  async function finish(): Promise<ClosedLease> {
    state.isClosing = true;
    state.endMs = nowMs() + FINISH_MS;
    clearTimeout(timer);
    await running;
    for (const each of Object.values(pauses)) each.succeeded();
    for (;;) {
      const step = nextStep(state, nowMs());
      if (step.verb === 'END' || isHopeless(step)) break;
      if (step.verb === 'REST') await pause(Math.max(step.untilMs - nowMs(), 1));
      else await perform(step.verb);
    }
    const unreported = [...left, ...reports.drain()].map(({ event }) => event);
    return { released: block.status !== 'OPEN' && !setAside.isPlacing(), unreported };
  }

  function isHopeless(step: Step): boolean {
    const isDry = block.status !== 'OPEN' && pauses.funds.failures > 0;
    return isDry || (step.verb === 'REST' ? step.untilMs : nowMs()) >= state.endMs;
  }

  return {
    async begin() {
      for (;;) {
        const outcome = await perform('PLACE');
        if ('failed' in outcome && outcome.failed.code === 'UNREACHABLE') {
          if (pauses.server.failures > RETRIES_AT_FIRST) return outcome;
          await pause(pauses.server.untilMs - nowMs());
        } else if (!('refused' in outcome) || pauses.funds.failures > 0) return outcome;
      }
    },
    wake() {
      if (isWoken) return;
      isWoken = true;
      setImmediate(run);
    },
    finish,
  };
}

/**
 * What nobody foresaw, such as an answer in a form of its own, is trouble like any other: thrown on, it would end
 * the process of whoever has the lease.
 */
function brokenBy(fault: unknown, verb: Step['verb']): Outcome {
  const reason = fault instanceof Error ? fault.message : String(fault);
  const failed = new LeaseError('REJECTED', `${verb} failed: ${reason}`, { cause: fault });
  return { failed, waitMs: 0 };
}
