import { type Noun, toTypeId } from '../kit/ids.ts';
import type { LoggedEvent } from './event.ts';
import { eventIdOf } from './event-id.ts';

/** An event as JSON for the world: ids are TypeIDs, amounts canonical decimals, instants RFC 3339. */
export interface EventPayload {
  readonly id: string;
  /** `balance.changed` ... */
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the id in a field of a fact is of. */
const NOUNS: Readonly<Record<string, Noun>> = {
  walletId: 'wallet',
  grantId: 'grant',
  holdId: 'hold',
  assetId: 'asset',
  usageEventIds: 'usageEvent',
  endpointId: 'webhookEndpoint',
  alertId: 'alert',
  testClockId: 'testClock',
  subscriptionId: 'subscription',
  planVersionId: 'planVersion',
  paymentId: 'payment',
  refundId: 'paymentRefund',
  disputeId: 'paymentDispute',
  methodId: 'paymentMethod',
};

export function eventPayload(event: LoggedEvent): EventPayload {
  const { type, ...facts } = event.fact;
  const customerId = event.customerId === null ? null : toTypeId('customer', event.customerId);
  // Two kinds of rules are told of, each in events of its own.
  const ruleId: Noun = type.startsWith('recharge.') ? 'autoRechargeRule' : 'alertRule';
  const nouns = { ...NOUNS, ruleId };
  const data = { customerId, sequence: event.sequence, ...(publicFacts(facts, nouns) as object) };
  return { id: eventIdOf(event), type, timestamp: event.at.toISOString(), data };
}

type Nouns = Readonly<Record<string, Noun>>;

function publicFacts(value: unknown, nouns: Nouns): unknown {
  if (Array.isArray(value)) return value.map((item) => publicFacts(item, nouns));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const noun = nouns[name];
      return [name, noun ? publicIds(noun, item) : publicFacts(item, nouns)];
    }),
  );
}

function publicIds(noun: Noun, ids: unknown): unknown {
  if (ids === null) return null;
  return Array.isArray(ids)
    ? ids.map((id) => toTypeId(noun, String(id)))
    : toTypeId(noun, String(ids));
}
