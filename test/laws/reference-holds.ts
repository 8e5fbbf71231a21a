import { activeHolds, closeHold, heldBy, type RefHold } from './reference-held.ts';
import { payAll } from './reference-pay.ts';
import { moveOn, type RefWallet } from './reference-wallet.ts';
import {
  differing,
  differingEvent,
  eventName,
  insufficient,
  nameOf,
  type Outcome,
  type Paid,
  type SentEvent,
  type State,
  type WalletName,
} from './reference-words.ts';
import { sum } from './units.ts';

/** What a hold is placed for. */
export interface HoldTerms {
  readonly customer: string;
  readonly asset: string;
  readonly metric: string | null;
  readonly amount: bigint;
  readonly ttlMs: number;
  readonly maxCaptures: number | null;
  readonly key: string | null;
}

interface Around {
  state(): State;
  attempt(work: () => Outcome): Outcome;
  find(name: WalletName): RefWallet | undefined;
  consume(event: SentEvent, now: Date, touched: Set<string>, hold: RefHold | null): Outcome;
  withBalances(outcome: Outcome, touched: ReadonlySet<string>, now: Date): Outcome;
}

/** Holds of the reference model. */
export function createReferenceHolds({ state, attempt, find, consume, withBalances }: Around) {
  const later = (now: Date, ms: number) => new Date(now.getTime() + ms);

  function findHold(id: string): { wallet: RefWallet; hold: RefHold } {
    for (const wallet of state().wallets) {
      const hold = wallet.holds.find((one) => one.id === id);
      if (hold) return { wallet, hold };
    }
    throw new Error(`The reference has no hold ${id}.`);
  }

  /** Tries what a charge would draw now, and keeps it aside instead. */
  function setAside(wallet: RefWallet, hold: RefHold, amount: bigint, now: Date): Outcome | null {
    const tried = structuredClone(wallet);
    const when = { occurredAt: now, now, settlementWindowMs: state().settlementWindowMs };
    const paid = payAll(tried, [{ metric: hold.metric, amount }], when, () => 'TRIED');
    if ('is' in paid) return paid;
    for (const [id, part] of paid.flatMap(({ draws }) => draws)) {
      const known = hold.allocations.find(([grant]) => grant === id);
      if (id === 'debt') hold.overdraft += part;
      else if (known) known[1] += part;
      else hold.allocations.push([id, part]);
    }
    hold.amount += amount;
    return null;
  }

  function place(terms: HoldTerms, now: Date): Outcome {
    const { customer, asset, metric, amount, key, ttlMs, maxCaptures } = terms;
    const content = { ...terms, amount: amount.toString() };
    const first = state().holdKeys.find((one) => one.customer === customer && one.key === key);
    if (first) {
      const fields = differing(first.content as typeof content, content);
      return fields.length > 0
        ? { is: 'IdempotencyMismatch', fields: fields.flatMap(inputFields) }
        : { is: 'DONE', hold: first.hold, created: false };
    }
    const wallet = find({ customer, asset, name: 'default' });
    if (!wallet) return insufficient(amount, 0n, null);
    state().holdCount += 1;
    const id = `hold-${String(state().holdCount).padStart(4, '0')}`;
    const hold: RefHold = {
      ...{ id, customer, asset, metric, maxCaptures, status: 'OPEN', expiresAt: later(now, ttlMs) },
      ...{ amount: 0n, captured: 0n, captures: 0, allocations: [], overdraft: 0n },
    };
    const refusal = setAside(wallet, hold, amount, now);
    if (refusal) return refusal;
    wallet.holds.push(hold);
    moveOn(wallet, now);
    if (key !== null) state().holdKeys.push({ customer, key, hold: id, content });
    return { is: 'DONE', hold: id, created: true };
  }

  function capture(id: string, events: readonly SentEvent[], final: boolean, now: Date): Outcome {
    const { wallet, hold } = findHold(id);
    const known = events.map((event) => recorded(state(), event));
    const wrong = known.flatMap((one) => one ?? []);
    // Of several events that differ a process names the first that it finds, and what it remembers decides which.
    if (wrong.length > 0) {
      const fields = [...wrong, ...differingAmong(events)];
      return { is: 'IdempotencyMismatch', fields };
    }
    const isActive = activeHolds(wallet, now).includes(hold);
    if (known.every((one) => one !== null) && !(isActive && final)) {
      const outcomes = events.map((event) => consume(event, now, new Set(), null));
      return { is: 'DONE', hold: id, duplicate: true, late: false, events: outcomes };
    }
    if (hold.status === 'CAPTURED' || hold.status === 'RELEASED') return closed(hold);
    const touched = new Set([nameOf(wallet)]);
    const outcomes: Outcome[] = [];
    for (const event of events) {
      const outcome = consume(event, now, touched, isActive ? hold : null);
      if (!['RECORDED', 'DUPLICATE'].includes(outcome.is)) return outcome;
      outcomes.push(outcome);
    }
    const ofThis = outcomes.filter(({ is }) => is === 'RECORDED');
    const paid = ofThis.flatMap((outcome) => (outcome as Outcome & { paid: Paid[] }).paid);
    hold.captured += sum(paid.filter((one) => one.asset === hold.asset).map((one) => one.amount));
    if (ofThis.length > 0) hold.captures += 1;
    const isLast = final || hold.captures === hold.maxCaptures;
    if (isActive && isLast) closeHold(wallet, hold, 'CAPTURED', now);
    for (const each of state().wallets) if (touched.has(nameOf(each))) moveOn(each, now);
    // One that had expired is booked as such before its late capture may be its last.
    if (isLast) hold.status = 'CAPTURED';
    const told = outcomes.map((outcome) => withBalances(outcome, touched, now));
    return { is: 'DONE', hold: id, duplicate: false, late: !isActive, events: told };
  }

  return {
    findHold,
    placeHold: (terms: HoldTerms, now: Date) => attempt(() => place(terms, now)),
    captureHold: (id: string, events: readonly SentEvent[], final: boolean, now: Date) =>
      attempt(() => capture(id, events, final, now)),

    extendHold: (id: string, ttlMs: number | null, atLeast: bigint | null, now: Date) =>
      attempt(() => {
        const { wallet, hold } = findHold(id);
        if (!activeHolds(wallet, now).includes(hold)) return closed(hold);
        const more = atLeast === null ? 0n : atLeast - heldBy(hold);
        const refusal = more > 0n ? setAside(wallet, hold, more, now) : null;
        if (refusal) return refusal;
        const until = ttlMs === null ? hold.expiresAt : later(now, ttlMs);
        const isLater = until > hold.expiresAt;
        if (isLater) hold.expiresAt = until;
        if (isLater || more > 0n) moveOn(wallet, now);
        return { is: 'DONE', hold: id };
      }),

    releaseHold: (id: string, now: Date) =>
      attempt(() => {
        const { wallet, hold } = findHold(id);
        if (hold.status === 'RELEASED') return { is: 'DONE', hold: id };
        if (!activeHolds(wallet, now).includes(hold)) return closed(hold);
        closeHold(wallet, hold, 'RELEASED', now);
        moveOn(wallet, now);
        return { is: 'DONE', hold: id };
      }),
  };
}

function closed({ status }: RefHold): Outcome {
  return { is: 'HoldClosed', status: status === 'OPEN' ? 'EXPIRED' : status };
}

/** The fields that differ from an event that was recorded under this id; null when none was. */
function recorded({ events }: State, sent: SentEvent): string[] | null {
  const isIt = (first: SentEvent) =>
    first.customer === sent.customer && first.eventId === sent.eventId;
  const first = events.find((one) => isIt(one.sent));
  return first ? differingEvent(first.sent, sent) : null;
}

/** The fields in which events of one capture differ that have the same id. */
function differingAmong(events: readonly SentEvent[]): string[] {
  return events.flatMap((event, index) => {
    const first = events.find((one) => eventName(one) === eventName(event));
    return first && events.indexOf(first) < index ? differingEvent(first, event) : [];
  });
}

/** How the input calls what the terms call otherwise. */
function inputFields(field: string): string[] {
  if (field === 'ttlMs') return ['ttlSeconds'];
  // A hold of a metric is asked for by a quantity of it, any other by an amount of an asset.
  if (field === 'metric') return ['metric', 'quantity', 'asset', 'amount'];
  return field === 'amount' ? ['amount', 'quantity'] : [field];
}
