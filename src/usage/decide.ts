import { canonicalJson } from '../kit/canonical.ts';
import { ZERO } from '../kit/decimal.ts';
import { type IdempotencyMismatch, idempotencyMismatch, isRefusal } from '../kit/refusal.ts';
import type { Moment } from '../ledger/burn-down.ts';
import { insufficientFunds, type Owed, payFrom } from '../ledger/charge.ts';
import { type Mark, returnTo } from '../ledger/move.ts';
import type { InsufficientFunds } from '../ledger/refusals.ts';
import type { WalletState } from '../ledger/wallet-state.ts';
import type { RatedCharge } from '../rating/rate.ts';
import type { Candidate, RecordedCharge, RecordedEvent, UsageRefusal } from './event.ts';

/** What is decided about one candidate, before anything is written. */
export type Decision =
  | {
      readonly kind: 'RECORD';
      readonly event: RecordedEvent;
      readonly charges: RecordedCharge[];
      readonly throttled: boolean;
    }
  | { readonly kind: 'DUPLICATE'; readonly event: RecordedEvent; readonly first: Decision | null }
  | { readonly kind: 'REFUSE'; readonly refusal: UsageRefusal };

/** Everything that decisions depend on, read under the wallets' locks. */
export interface Situation {
  readonly now: Date;
  /** The wallet that usage of this customer in this asset draws on; undefined when there is none. */
  walletOf(customerId: string, assetId: string): WalletState | undefined;
  /** The event recorded before under this id; undefined when there is none. */
  recorded(customerId: string, eventId: string): RecordedEvent | undefined;
}

/**
 * Decides candidates in order: duplicate, refused or paid. Pure but for the wallets in memory, which it
 * draws down as it goes. One event is all or nothing; the others of its batch do not depend on it.
 */
export function decide(candidates: readonly Candidate[], situation: Situation): Decision[] {
  const accepted = new Map<string, Decision & { kind: 'RECORD' }>();
  return candidates.map((candidate) => {
    const { event } = candidate;
    const key = `${event.customerId}/${event.eventId}`;
    const earlier = accepted.get(key);
    const stored = earlier?.event ?? situation.recorded(event.customerId, event.eventId);
    if (stored) return repeat(stored, event, earlier ?? null);
    const decision = decideFirst(candidate, situation);
    if (decision.kind === 'RECORD') accepted.set(key, decision);
    return decision;
  });
}

function decideFirst(candidate: Candidate, situation: Situation): Decision {
  const { event, rated } = candidate;
  if (isRefusal(rated)) return { kind: 'REFUSE', refusal: rated };
  const charges = pay(event, rated, situation);
  if (isRefusal(charges)) return { kind: 'REFUSE', refusal: charges };
  const throttled = rated.some(({ price }) => {
    const wallet = situation.walletOf(event.customerId, price.assetId);
    return wallet?.onEmpty === 'THROTTLE' && wallet.debt > ZERO;
  });
  return { kind: 'RECORD', event, charges, throttled };
}

/** Pays all charges of an event from the wallets of their assets, or none. */
function pay(
  event: RecordedEvent,
  rated: readonly RatedCharge[],
  situation: Situation,
): RecordedCharge[] | InsufficientFunds {
  const marks: [WalletState, Mark][] = [];
  for (const assetId of new Set(rated.map((charge) => charge.price.assetId))) {
    const wallet = situation.walletOf(event.customerId, assetId);
    const owed = owedIn(event, rated, assetId);
    const paid = wallet
      ? payFrom(wallet, owed, momentOf(event, wallet, situation))
      : payNothing(owed, assetId);
    if (isRefusal(paid)) {
      for (const [touched, mark] of marks) returnTo(touched, mark);
      return paid;
    }
    if (wallet && paid) marks.push([wallet, paid]);
  }
  return rated.map((charge, ordinal) => recordedCharge(event, charge, ordinal, situation));
}

function owedIn(event: RecordedEvent, rated: readonly RatedCharge[], assetId: string): Owed[] {
  return rated.flatMap((charge, ordinal) =>
    charge.price.assetId === assetId
      ? {
          amount: charge.amount,
          metricCode: charge.metric.code,
          cause: { kind: 'USAGE', id: event.id, chargeOrdinal: ordinal },
          to: 'REVENUE',
        }
      : [],
  );
}

/** Without a wallet only what is free can be recorded. */
function payNothing(owed: readonly Owed[], assetId: RatedCharge['price']['assetId']) {
  const required = owed.reduce((sum, item) => sum + item.amount, ZERO);
  return required === ZERO ? null : insufficientFunds(assetId, null, required, ZERO);
}

function momentOf(event: RecordedEvent, wallet: WalletState, situation: Situation): Moment {
  const { occurredAt } = event;
  return { occurredAt, now: situation.now, settlementWindowMs: wallet.settlementWindowMs };
}

function recordedCharge(
  event: RecordedEvent,
  charge: RatedCharge,
  ordinal: number,
  situation: Situation,
): RecordedCharge {
  const wallet = situation.walletOf(event.customerId, charge.price.assetId);
  const postings = wallet ? postingsOf(wallet, event.id, ordinal) : [];
  return {
    usageEventId: event.id,
    ordinal,
    organizationId: event.organizationId,
    customerId: event.customerId,
    walletId: wallet?.id ?? null,
    assetId: charge.price.assetId,
    metricId: charge.metric.id,
    rateId: charge.rate.id,
    quantity: charge.quantity,
    amount: charge.amount,
    firstSequence: postings[0]?.sequence ?? 0,
    entryCount: postings.length,
    draws: postings.map(({ grant, amount }) => ({ grantId: grant?.id ?? null, amount })),
  };
}

/** The postings of one charge: they are together, near the end of what the wallet has so far. */
function postingsOf(wallet: WalletState, eventId: string, ordinal: number) {
  const { postings } = wallet;
  const isOurs = (index: number) => postings[index]?.cause.id === eventId;
  let start = postings.length;
  while (start > 0 && isOurs(start - 1)) start -= 1;
  return postings.slice(start).filter(({ cause }) => cause.chargeOrdinal === ordinal);
}

function repeat(stored: RecordedEvent, sent: RecordedEvent, first: Decision | null): Decision {
  return stored.contentHash === sent.contentHash
    ? { kind: 'DUPLICATE', event: stored, first }
    : { kind: 'REFUSE', refusal: mismatch(stored, sent) };
}

function mismatch(stored: RecordedEvent, sent: RecordedEvent): IdempotencyMismatch {
  const differs = (['type', 'subject', 'properties'] as const).find(
    (field) => canonicalJson(stored[field]) !== canonicalJson(sent[field]),
  );
  return idempotencyMismatch(sent.eventId, differs ?? 'occurredAt');
}
