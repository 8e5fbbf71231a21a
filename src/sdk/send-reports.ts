import type { HoldApi, Outcome, Refused } from './hold-api.ts';
import type { LeaseState } from './next-step.ts';
import type { Report } from './reports.ts';
import type { Tell } from './tell.ts';

export interface SendReportsDeps {
  readonly api: HoldApi;
  readonly state: LeaseState;
  readonly tell: Tell;
  /** What this lease does not send again; its owner gets it when the lease is closed. */
  readonly leave: (report: Report) => void;
}

/** Charges what was reported, as many at a time as one capture takes. */
export function createSendReports({ api, state, tell, leave }: SendReportsDeps) {
  const { block, reports, pauses } = state;

  /** What was taken for these events is now what they cost: the block is as the server says. */
  function settle(batch: readonly Report[]): void {
    block.settle(reports.remove(batch));
  }

  async function capture(): Promise<Outcome> {
    const batch = reports.next();
    // A block that has expired holds nothing any more: its last capture closes it.
    const isLast = block.status === 'EXPIRED' && batch.length === reports.count;
    const events = batch.map(({ event }) => event);
    const outcome = await api.capture({ hold: block.id, events, final: isLast });
    if ('failed' in outcome) return outcome;
    if ('refused' in outcome) {
      refused(batch, outcome);
      return outcome;
    }
    settle(batch);
    block.see(outcome);
    pauses.captures.succeeded();
    return outcome;
  }

  function refused(batch: readonly Report[], refusal: Refused): void {
    if (isOfHold(refusal)) {
      block.end('GONE');
      pauses.captures.failed();
    } else if (batch.length > 1) reports.split();
    else if (refusal.refused !== 'INSUFFICIENT_FUNDS') {
      settle(batch);
      batch.forEach(leave);
      for (const { event } of batch) tell.refused(event, refusal);
    } else if (state.isClosing) {
      settle(batch);
      batch.forEach(leave);
    } else {
      reports.putLast();
      pauses.captures.failed();
      tell.low(refusal);
    }
  }

  return { capture };
}

/** Somebody else has closed it: what was used is paid from the next one. */
function isOfHold({ refused }: Refused): boolean {
  return refused === 'HOLD_CLOSED' || refused === 'HOLD_EXPIRED' || refused === 'NOT_FOUND';
}
