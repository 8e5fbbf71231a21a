import { heldOf, type RefHold } from './reference-held.ts';
import { createReferenceHolds } from './reference-holds.ts';
import { payAll } from './reference-pay.ts';
import {
  addGrant,
  moveOn,
  nextLook,
  type Policy,
  passHolds,
  passTime,
  type RefWallet,
  storedBalance,
  takeBack,
} from './reference-wallet.ts';
import {
  type AdjustTerms,
  balanceTexts,
  chargeText,
  differingAdjustment,
  differingEvent,
  emptyState,
  eventName,
  type GrantTerms,
  holdText,
  insufficient,
  nameOf,
  type Outcome,
  outside,
  type Paid,
  type SentEvent,
  type WalletName,
} from './reference-words.ts';
import { ASSETS, CUSTOMERS, priceByHand, type RefCharge } from './shop.ts';
import { sum, text } from './units.ts';

export type Reference = ReturnType<typeof createReference>;

/**
 * The product, written a second time as simply as possible: plain arrays, one operation after the other,
 * a copy of everything kept aside and put back when an operation is refused.
 */
export function createReference(windowMs: number) {
  let state = emptyState(windowMs);

  function attempt(work: () => Outcome): Outcome {
    const before = structuredClone(state);
    const outcome = work();
    if (!['DONE', 'RECORDED', 'DUPLICATE'].includes(outcome.is)) state = before;
    return outcome;
  }

  const find = ({ customer, asset, name }: WalletName) =>
    state.wallets.find((w) => w.customer === customer && w.asset === asset && w.name === name);

  function open(wanted: WalletName): RefWallet {
    const existing = find(wanted);
    if (existing) return existing;
    const burnOrder = ASSETS.find((asset) => asset.code === wanted.asset)?.burnOrder ?? '';
    const wallet: RefWallet = {
      ...wanted,
      burnOrder,
      policy: 'BLOCK',
      limit: 0n,
      version: 0,
      debt: 0n,
      grants: [],
      entries: [],
      holds: [],
    };
    state.wallets.push(wallet);
    return wallet;
  }

  const findGrant = (id: string) => {
    for (const wallet of state.wallets) {
      const grant = wallet.grants.find((candidate) => candidate.id === id);
      if (grant) return { wallet, grant };
    }
    throw new Error(`The reference has no grant ${id}.`);
  };

  function book(wallet: RefWallet, terms: GrantTerms, source: string, cause: string, now: Date) {
    state.grantCount += 1;
    const id = `grant-${String(state.grantCount).padStart(4, '0')}`;
    const lookedAt = nextLook(terms, now, state.settlementWindowMs);
    const grant = {
      ...terms,
      id,
      remaining: terms.amount,
      source,
      createdAt: now,
      nextLook: lookedAt,
    };
    addGrant(wallet, grant, cause === 'GRANT' ? `GRANT ${id}` : cause, now);
    moveOn(wallet, now);
    return id;
  }

  return {
    state: () => state,
    findGrant,

    openWallet: (wanted: WalletName, policy: Policy, limit: bigint): Outcome => {
      if (find(wanted)) return { is: 'DONE', created: false };
      Object.assign(open(wanted), { policy, limit });
      return { is: 'DONE', created: true };
    },

    updateWallet(wanted: WalletName, policy: Policy, limit: bigint): Outcome {
      Object.assign(open(wanted), { policy, limit, version: open(wanted).version + 1 });
      return { is: 'DONE' };
    },

    setWindow(ms: number): void {
      state.settlementWindowMs = ms;
    },

    grant: (wanted: WalletName, terms: GrantTerms, now: Date): Outcome =>
      attempt(() => {
        const { effectiveAt, expiresAt } = terms;
        if (expiresAt && (expiresAt <= now || (effectiveAt && expiresAt <= effectiveAt))) {
          return { is: 'Invalid' };
        }
        const source = terms.purpose === 'PAID' ? 'CASH' : 'PROMOTIONAL';
        return { is: 'DONE', grant: book(open(wanted), terms, source, 'GRANT', now) };
      }),

    voidGrant: (id: string, part: bigint | null, now: Date): Outcome =>
      attempt(() => {
        const { wallet, grant } = findGrant(id);
        const free = grant.remaining - heldOf(wallet, grant.id, now);
        if (free === 0n) return { is: 'Conflict' };
        const amount = part ?? free;
        if (amount > free) return { is: 'Invalid' };
        takeBack(wallet, grant, amount, 'VOID');
        moveOn(wallet, now);
        return { is: 'DONE', amount: text(amount) };
      }),

    adjust: (wanted: WalletName, terms: AdjustTerms, now: Date): Outcome =>
      attempt(() => {
        if (terms.expiresAt && terms.amount < 0n) return { is: 'Invalid' };
        const sent = { ...wanted, ...terms };
        const first = state.adjustments.find(
          (other) =>
            other.sent.transactionId === terms.transactionId &&
            other.sent.customer === wanted.customer,
        );
        if (first) {
          const fields = differingAdjustment(first.sent, sent);
          return fields.length > 0
            ? { is: 'IdempotencyMismatch', fields }
            : { is: 'DONE', created: false };
        }
        const refusal = terms.amount > 0n ? credit(wanted, terms, now) : debit(wanted, terms, now);
        if (refusal) return refusal;
        state.adjustments.push({ sent, amount: terms.amount });
        return { is: 'DONE', created: true };
      }),

    usage(events: readonly SentEvent[], now: Date): Outcome[] {
      const touched = new Set<string>();
      const outcomes = events.map((event) => attempt(() => consume(event, now, touched)));
      for (const wallet of state.wallets) if (touched.has(nameOf(wallet))) moveOn(wallet, now);
      return outcomes.map((outcome) => withBalances(outcome, touched, now));
    },

    passTime(now: Date): void {
      for (const wallet of state.wallets) passHolds(wallet, now);
      for (const wallet of state.wallets) passTime(wallet, now, state.settlementWindowMs);
    },

    ...createReferenceHolds({ state: () => state, attempt, find, consume, withBalances }),

    /** Every wallet as the database should hold it. */
    dump: (now: Date) =>
      state.wallets.map((wallet) => ({
        wallet: nameOf(wallet),
        policy: wallet.policy,
        limit: text(wallet.limit),
        version: wallet.version,
        sequence: wallet.entries.length,
        stored: text(storedBalance(wallet)),
        debt: text(wallet.debt),
        balance: balanceTexts(wallet, now),
        grants: wallet.grants.map(({ id, remaining }) => `${id} ${text(remaining)}`),
        holds: wallet.holds.map(holdText),
      })),
  };

  function credit(wanted: WalletName, terms: AdjustTerms, now: Date): Outcome | null {
    if (terms.expiresAt && terms.expiresAt <= now) return { is: 'Invalid' };
    const purpose = terms.reason === 'GOODWILL' ? 'PROMOTIONAL' : 'PAID';
    const grant = { ...terms, purpose, priority: 50, effectiveAt: null, scopeMetrics: [] };
    const source = terms.reason === 'EXTERNAL_TOPUP' ? 'CASH' : 'ADJUSTMENT';
    book(open(wanted), grant, source, 'ADJUSTMENT', now);
    return null;
  }

  function debit(wanted: WalletName, terms: AdjustTerms, now: Date): Outcome | null {
    const wallet = find(wanted);
    if (!wallet) return insufficient(-terms.amount, 0n, null);
    const when = { occurredAt: now, now, settlementWindowMs: state.settlementWindowMs };
    const refusal = payAll(
      wallet,
      [{ metric: null, amount: -terms.amount }],
      when,
      () => 'ADJUSTMENT',
    );
    if ('is' in refusal) return refusal;
    moveOn(wallet, now);
    return null;
  }

  function consume(
    event: SentEvent,
    now: Date,
    touched: Set<string>,
    hold: RefHold | null = null,
  ): Outcome {
    if (!CUSTOMERS.includes(event.customer as 'ada')) return { is: 'NotFound' };
    const first = state.events.find(
      ({ sent }) => sent.customer === event.customer && sent.eventId === event.eventId,
    );
    if (first) {
      const fields = differingEvent(first.sent, event);
      if (fields.length > 0) return { is: 'IdempotencyMismatch', fields };
      return { is: 'DUPLICATE', event: eventName(event) };
    }
    const occurredAt = event.occurredAt ?? now;
    const direction = outside(occurredAt, now);
    if (direction) return { is: 'OutsideWindow', direction };
    const charges = priceByHand(event.type, event.properties);
    if ('refusal' in charges) return { is: charges.refusal };

    const when = { occurredAt, now, settlementWindowMs: state.settlementWindowMs };
    const paid: Paid[] = charges.map((charge) => ({ ...charge, draws: [] }));
    const moved: string[] = [];
    for (const asset of new Set(charges.map((charge) => charge.asset))) {
      const indexes = charges.flatMap((charge, index) => (charge.asset === asset ? index : []));
      const owed = indexes.map((index) => charges[index] as RefCharge);
      const wallet = find({ customer: event.customer, asset, name: 'default' });
      const required = sum(owed.map((charge) => charge.amount));
      if (!wallet && required > 0n) return insufficient(required, 0n, null);
      if (!wallet) continue;
      const causeOf = (index: number) => `USAGE ${eventName(event)} ${indexes[index]}`;
      const entriesBefore = wallet.entries.length;
      const isOnIt = hold?.asset === asset;
      const drawn = payAll(wallet, owed, when, causeOf, isOnIt ? hold : null);
      if ('is' in drawn) return drawn;
      for (const [position, index] of indexes.entries()) {
        const { draws } = drawn[position] as { draws: [string, bigint][] };
        paid[index] = { ...(paid[index] as Paid), draws };
      }
      if (wallet.entries.length > entriesBefore) moved.push(nameOf(wallet));
    }
    const throttled = paid.some(({ asset, amount }) => {
      if (amount === 0n) return false;
      const wallet = find({ customer: event.customer, asset, name: 'default' });
      return wallet?.policy === 'THROTTLE' && wallet.debt > 0n;
    });
    for (const name of moved) touched.add(name);
    state.events.push({ sent: event, paid, throttled });
    return {
      is: 'RECORDED',
      event: eventName(event),
      throttled,
      charges: paid.map(chargeText),
      paid,
    };
  }

  /** The balances that a recorded event tells are those at the end of its batch. */
  function withBalances(outcome: Outcome, touched: ReadonlySet<string>, now: Date): Outcome {
    if (outcome.is !== 'RECORDED') return outcome;
    const { paid, ...rest } = outcome as Outcome & { paid: readonly Paid[] };
    const customer = String(outcome.event).split('/')[0] ?? '';
    const balances = [...new Set(paid.map((charge) => charge.asset))].flatMap((asset) => {
      const wallet = find({ customer, asset, name: 'default' });
      if (!wallet || !touched.has(nameOf(wallet))) return [];
      return { wallet: nameOf(wallet), version: wallet.version, ...balanceTexts(wallet, now) };
    });
    return { ...rest, balances };
  }
}
