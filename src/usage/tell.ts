import { plain } from '../kit/decimal.ts';
import type { InsufficientFunds } from '../ledger/refusals.ts';
import type { RefusedUsage, Told } from '../live/event.ts';
import type { Decision } from './decide.ts';
import type { RecordedEvent } from './event.ts';
import { candidatesOf, type Operation } from './operation.ts';

/** What a batch has done to one customer. */
interface Happened {
  readonly organizationId: string;
  readonly recorded: string[];
  readonly refused: RefusedUsage[];
}

/**
 * What there is to tell of a batch: for each customer one event that names what was recorded, and one that
 * names what was refused for want of funds. A refusal for another reason is the sender's own affair.
 */
export function toldOfUsage(
  operations: readonly Operation[],
  decisions: readonly Decision[],
): Told[] {
  const happened = new Map<string, Happened>();
  const to = ({ customerId, organizationId }: Omit<RecordedEvent, 'id'>): Happened => {
    const known = happened.get(customerId);
    if (known) return known;
    const fresh: Happened = { organizationId, recorded: [], refused: [] };
    happened.set(customerId, fresh);
    return fresh;
  };
  for (const [index, decision] of decisions.entries()) {
    if (decision.kind === 'RECORD') to(decision.event).recorded.push(decision.event.id);
    else if (decision.kind === 'HOLD') {
      for (const { kind, event } of decision.recordings) {
        if (kind === 'RECORD') to(event).recorded.push(event.id);
      }
    } else if (decision.kind === 'REFUSE' && decision.refusal.refusal === 'InsufficientFunds') {
      const refused = decision.refused ?? candidatesOf([operations[index] as Operation]);
      for (const { event } of refused) {
        to(event).refused.push(refusedUsage(event.eventId, decision.refusal));
      }
    }
  }
  return [...happened].flatMap(([customerId, each]) => toldOfCustomer(customerId, each));
}

function toldOfCustomer(customerId: string, happened: Happened): Told[] {
  const { organizationId, recorded: usageEventIds, refused: refusals } = happened;
  const told: Told[] = [];
  if (usageEventIds.length > 0) {
    const fact = { type: 'usage.recorded' as const, usageEventIds };
    told.push({ organizationId, customerId, fact });
  }
  if (refusals.length > 0) {
    const fact = { type: 'usage.refused' as const, refusals };
    told.push({ organizationId, customerId, fact });
  }
  return told;
}

function refusedUsage(eventId: string, refusal: InsufficientFunds): RefusedUsage {
  const { walletId, assetId, required, available } = refusal;
  return { eventId, walletId, assetId, required: plain(required), available: plain(available) };
}
