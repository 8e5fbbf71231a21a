import { DAY_MS, MINUTE_MS } from '../../src/kit/clock.ts';
import type { RefHold } from './reference-held.ts';
import { balanceAt, type RefWallet } from './reference-wallet.ts';
import type { Properties, RefCharge } from './shop.ts';
import { text } from './units.ts';

/** What became of an operation, in the words of the test; amounts as canonical text. */
export type Outcome = { readonly is: string; readonly [fact: string]: unknown };

export interface WalletName {
  readonly customer: string;
  readonly asset: string;
  readonly name: string;
}

export interface GrantTerms {
  readonly amount: bigint;
  readonly purpose: string;
  readonly priority: number;
  readonly effectiveAt: Date | null;
  readonly expiresAt: Date | null;
  readonly scopeMetrics: readonly string[];
}

export interface AdjustTerms {
  readonly amount: bigint;
  readonly reason: string;
  readonly expiresAt: Date | null;
  readonly transactionId: string;
}

export interface SentEvent {
  readonly customer: string;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string | null;
  readonly occurredAt: Date | null;
  readonly properties: Properties;
  /** The hold that it is paid from. */
  readonly hold: string | null;
}

/** A charge with the grants that paid for it. */
export interface Paid extends RefCharge {
  readonly draws: [string, bigint][];
}

/** An event that was recorded. */
export interface RefEvent {
  readonly sent: SentEvent;
  readonly paid: readonly Paid[];
  readonly throttled: boolean;
}

/** Everything that the reference remembers. */
export interface State {
  wallets: RefWallet[];
  events: RefEvent[];
  holdKeys: { customer: string; key: string; hold: string; content: object }[];
  holdCount: number;
  adjustments: { sent: WalletName & AdjustTerms; amount: bigint }[];
  grantCount: number;
  settlementWindowMs: number;
}

export const emptyState = (settlementWindowMs: number): State => ({
  wallets: [],
  events: [],
  holdKeys: [],
  holdCount: 0,
  adjustments: [],
  grantCount: 0,
  settlementWindowMs,
});

export const eventName = ({ customer, eventId }: SentEvent) => `${customer}/${eventId}`;
export const nameOf = ({ customer, asset, name }: WalletName) => `${customer}/${asset}/${name}`;

export function balanceTexts(wallet: RefWallet, now: Date) {
  const { settled, held, available, pending } = balanceAt(wallet, now);
  return {
    settled: text(settled),
    held: text(held),
    available: text(available),
    pending: text(pending),
  };
}

/** A hold as it is stored: what an expired one had set aside is there until that is booked. */
export function holdText(hold: RefHold): string {
  const { id, status, amount, captured, captures, allocations, overdraft } = hold;
  const aside = allocations.map(([grant, part]) => `${text(part)} of ${grant}`);
  if (overdraft > 0n) aside.push(`${text(overdraft)} of the overdraft`);
  return `${id} ${status} ${text(amount)} captured ${text(captured)} in ${captures}: ${aside.join(' + ')}`;
}

export function chargeText({ metric, quantity, amount, draws }: Paid): string {
  const drawn = draws.map(([grant, part]) => `${text(part)} of ${grant}`).join(' + ');
  return `${metric} ${text(quantity)} costs ${text(amount)} = ${drawn}`;
}

export function insufficient(required: bigint, available: bigint, wallet: string | null): Outcome {
  const facts = { required: text(required), available: text(available) };
  return { is: 'InsufficientFunds', ...facts, shortfall: text(required - available), wallet };
}

export function outside(occurredAt: Date, now: Date): 'TOO_OLD' | 'IN_FUTURE' | null {
  if (occurredAt.getTime() < now.getTime() - 35 * DAY_MS) return 'TOO_OLD';
  return occurredAt.getTime() > now.getTime() + 5 * MINUTE_MS ? 'IN_FUTURE' : null;
}

/** Every field that differs; a refusal names one of them. */
export function differingEvent(first: SentEvent, second: SentEvent): string[] {
  const flat = ({ type, subject, properties, occurredAt, hold }: SentEvent) => ({
    type,
    subject,
    properties: Object.entries(properties).sort(),
    occurredAt,
    holdId: hold,
  });
  return differing(flat(first), flat(second));
}

export function differingAdjustment(
  first: WalletName & AdjustTerms,
  second: WalletName & AdjustTerms,
): string[] {
  const flat = ({ asset, name, amount, reason, expiresAt }: WalletName & AdjustTerms) => ({
    asset,
    walletName: name,
    amount: text(amount),
    reason,
    expiresAt,
  });
  return differing(flat(first), flat(second));
}

export function differing<Fields extends Record<string, unknown>>(
  first: Fields,
  second: Fields,
): string[] {
  return Object.keys(first).filter(
    (field) => JSON.stringify(first[field]) !== JSON.stringify(second[field]),
  );
}
