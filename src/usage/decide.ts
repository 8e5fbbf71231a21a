import { canonicalJson } from '../kit/canonical.ts';
import { type Id, newId } from '../kit/ids.ts';
import { type IdempotencyMismatch, idempotencyMismatch, isRefusal } from '../kit/refusal.ts';
import type { Moment } from '../ledger/burn-down.ts';
import { isThrottled, type Owed, type Payment, payFrom, payNothing } from '../ledger/charge.ts';
import type { HoldState } from '../ledger/holds/hold-state.ts';
import { type Mark, returnTo } from '../ledger/move.ts';
import type { InsufficientFunds } from '../ledger/refusals.ts';
import type { WalletState } from '../ledger/wallet-state.ts';
import { timeOf } from '../ledger/wallet-time.ts';
import type { Counter, CounterKey } from '../metering/counter.ts';
import type { PricedCharge } from '../rating/rate.ts';
import { below } from './candidate.ts';
import type { Candidate, RecordedCharge, RecordedEvent, UsageRefusal } from './event.ts';
import type { FoundHold, HoldDecision } from './holds/decision.ts';
import type { HoldOperation } from './holds/operation.ts';
import { count, type Priced, priceCounted } from './price-counted.ts';

export interface Recording {
  readonly kind: 'RECORD';
  readonly event: RecordedEvent;
  readonly charges: RecordedCharge[];
  readonly throttled: boolean;
}

export interface Duplicate {
  readonly kind: 'DUPLICATE';
  readonly event: RecordedEvent;
  /** What it repeats, if that is in the same batch. */
  readonly first: Recording | null;
}

export interface Refused {
  readonly kind: 'REFUSE';
  readonly refusal: UsageRefusal;
  /** What is refused when that is not all of the operation: of a capture, what was not recorded before. */
  readonly refused?: readonly Candidate[];
}

/** What is decided about one event, before anything is written. */
export type EventDecision = Recording | Duplicate | Refused;

/** What is decided about one operation. */
export type Decision = EventDecision | HoldDecision;

/** Everything that decisions depend on, as it was gathered. */
export interface Situation {
  /** By the server's time; a wallet may have its own. */
  readonly now: Date;
  /** The wallet that usage of this customer in this asset draws on; undefined when there is none. */
  walletOf(customerId: string, assetId: string): WalletState | undefined;
  /** The event recorded before under this id; undefined when there is none. */
  recorded(customerId: string, eventId: string): RecordedEvent | undefined;
  /** The hold that was found under the id of an operation, or its key; undefined when none was or was looked for. */
  foundHold(operation: HoldOperation): FoundHold | undefined;
  /** The counter under a key that was gathered. */
  counterOf(key: CounterKey): Counter;
}

/** What was accepted in this batch, by customer and event id or idempotency key. */
export interface Accepted {
  readonly events: Map<string, Recording>;
  readonly holds: Map<string, FoundHold>;
}

/**
 * Decides about one event: duplicate, refused or paid. Pure but for the wallets in memory, which it draws down.
 * One event is all or nothing; the others of its batch do not depend on it.
 */
export function decide(
  candidate: Candidate,
  situation: Situation,
  accepted: Accepted,
): EventDecision {
  const known = findRepeat(candidate, situation, accepted.events);
  if (known) return known;
  const decision = decideFirst(candidate, situation);
  if (decision.kind === 'RECORD') accepted.events.set(keyOf(decision.event), decision);
  return decision;
}

export function keyOf({ customerId, eventId }: Omit<RecordedEvent, 'id'>): string {
  return `${customerId}/${eventId}`;
}

/** What is decided of an event that was recorded before, or a moment ago in this batch; null of any other. */
export function findRepeat(
  { event }: Candidate,
  situation: Situation,
  accepted: Accepted['events'],
): EventDecision | null {
  const earlier = accepted.get(keyOf(event));
  const stored = earlier?.event ?? situation.recorded(event.customerId, event.eventId);
  return stored ? repeat(stored, event, earlier ?? null) : null;
}

/** Of an event that is new, paid from a hold if one is given. */
export function decideFirst(
  candidate: Candidate,
  situation: Situation,
  hold: HoldState | null = null,
): Recording | Refused {
  const { rated, counted } = candidate;
  if (isRefusal(rated)) return { kind: 'REFUSE', refusal: rated };
  const priced = priceCounted(rated, counted, situation.counterOf);
  if (isRefusal(priced)) return { kind: 'REFUSE', refusal: below(candidate.path, priced) };
  const event = recordedEvent(candidate);
  const charges = pay(event, priced, situation, hold);
  if (isRefusal(charges)) return { kind: 'REFUSE', refusal: charges };
  count(priced, event.id);
  const throttled = charges.some(({ amount, assetId }) =>
    isThrottled(situation.walletOf(event.customerId, assetId), amount),
  );
  return { kind: 'RECORD', event, charges, throttled };
}

/**
 * The event gets its id here, where it is about to be written: ids then ascend in the order of writing,
 * and an index on them grows at its end.
 */
function recordedEvent({ event }: Candidate): RecordedEvent {
  return {
    id: newId('usageEvent'),
    organizationId: event.organizationId,
    customerId: event.customerId,
    eventId: event.eventId,
    type: event.type,
    subject: event.subject,
    occurredAt: event.occurredAt,
    receivedAt: event.receivedAt,
    properties: event.properties,
    propertiesJson: event.propertiesJson,
    contentHash: event.contentHash,
    holdId: event.holdId,
  };
}

/** Pays all charges of an event from the wallets of their assets, or none. */
function pay(
  event: RecordedEvent,
  priced: Priced,
  situation: Situation,
  hold: HoldState | null,
): RecordedCharge[] | InsufficientFunds {
  const rated = priced.charges;
  const charges: RecordedCharge[] = [];
  const touched: [WalletState, Mark][] = [];
  for (const assetId of assetsOf(rated)) {
    const wallet = situation.walletOf(event.customerId, assetId);
    const owed = owedIn(event, rated, assetId);
    const paid = wallet
      ? payFrom(wallet, owed, momentOf(event, wallet, situation), holdOn(wallet, hold))
      : payNothing(owed, assetId);
    if (isRefusal(paid)) {
      for (const [other, mark] of touched) returnTo(other, mark);
      return paid;
    }
    if (wallet && paid) touched.push([wallet, paid.mark]);
    for (const [index, { cause }] of owed.entries()) {
      const payment = paid?.payments[index] ?? NOTHING_PAID;
      charges[cause.chargeOrdinal] = recordedCharge(
        event,
        priced,
        cause.chargeOrdinal,
        wallet,
        payment,
      );
    }
  }
  return charges;
}

/** A hold pays what is charged in its own asset only. */
function holdOn(wallet: WalletState, hold: HoldState | null): HoldState | null {
  return hold?.walletId === wallet.id ? hold : null;
}

const NOTHING_PAID: Payment = { firstSequence: 0, draws: [] };

/** Each asset once; mostly there is but one. */
function assetsOf(rated: readonly PricedCharge[]): Iterable<Id<'asset'>> {
  return new Set(rated.map(({ price }) => price.assetId));
}

interface OwedCharge extends Owed {
  readonly cause: Owed['cause'] & { readonly chargeOrdinal: number };
}

function owedIn(
  event: RecordedEvent,
  rated: readonly PricedCharge[],
  assetId: string,
): OwedCharge[] {
  const owed: OwedCharge[] = [];
  for (const [chargeOrdinal, { amount, metric, price }] of rated.entries()) {
    if (price.assetId !== assetId) continue;
    const cause = { kind: 'USAGE' as const, id: event.id, chargeOrdinal };
    owed.push({ amount, metricCode: metric.code, cause, to: 'REVENUE' });
  }
  return owed;
}

function momentOf(event: RecordedEvent, wallet: WalletState, situation: Situation): Moment {
  const { occurredAt } = event;
  const now = timeOf(wallet, situation.now);
  return { occurredAt, now, settlementWindowMs: wallet.settlementWindowMs };
}

function recordedCharge(
  event: RecordedEvent,
  { charges, counts }: Priced,
  ordinal: number,
  wallet: WalletState | undefined,
  { firstSequence, draws }: Payment,
): RecordedCharge {
  const { price, metric, rate, quantity, amount } = charges[ordinal] as PricedCharge;
  return {
    usageEventId: event.id,
    ordinal,
    organizationId: event.organizationId,
    customerId: event.customerId,
    walletId: wallet?.id ?? null,
    assetId: price.assetId,
    metricId: metric.id,
    rateId: rate.id,
    quantity,
    amount,
    firstSequence: draws.length > 0 ? firstSequence : 0,
    entryCount: draws.length,
    count: counts[ordinal] ?? null,
    draws,
  };
}

function repeat(
  stored: RecordedEvent,
  sent: Candidate['event'],
  first: Recording | null,
): EventDecision {
  return stored.contentHash === sent.contentHash && stored.holdId === sent.holdId
    ? { kind: 'DUPLICATE', event: stored, first }
    : { kind: 'REFUSE', refusal: mismatch(stored, sent) };
}

function mismatch(stored: RecordedEvent, sent: Candidate['event']): IdempotencyMismatch {
  const differs = (['type', 'subject', 'properties'] as const).find(
    (field) => canonicalJson(stored[field]) !== canonicalJson(sent[field]),
  );
  const otherwise = stored.contentHash === sent.contentHash ? 'holdId' : 'occurredAt';
  return idempotencyMismatch(sent.eventId, differs ?? otherwise);
}
