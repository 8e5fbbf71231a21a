/** An amount of an asset as plain decimal text: `'0.25'`. Never a number, for amounts are exact. */
export type Amount = string;

/** Something consumed, as `captureHold` takes it. */
export interface LeasedEvent {
  /** Your id for it, unique per customer for ever. The same id may be sent again: it is charged once. */
  readonly eventId: string;
  /** What happened: `llm.request`. */
  readonly type: string;
  /** Who or what within the customer. */
  readonly subject?: string;
  /** RFC 3339: when it happened. Left out, it is when the server is told, a flush or an outage later. */
  readonly occurredAt?: string;
  /** What metrics count and prices distinguish. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** What the server said no to: one of its error codes, and a sentence for a developer. */
export interface LeaseRefusal {
  /** `NOT_FOUND`, `VALIDATION_FAILED`, `PRICE_NOT_FOUND` ... */
  readonly refused: string;
  readonly message: string;
}

/** Less could be set aside than was wanted. */
export interface LowLease {
  /** What may still be taken here. */
  readonly remaining: Amount;
  /** What is free in the wallet beside it. */
  readonly available: Amount;
}

/** A block of an asset, of grants for everything. */
export interface AssetBlock {
  /** The code or TypeID of the asset: `USD`. */
  readonly asset: string;
}

/** A block that grants scoped to a metric pay first. */
export interface MetricBlock {
  /** The code or TypeID of the metric that the work is counted by. */
  readonly metric: string;
  /** Something to begin with, at most as much as the block pays for: `'1'`. The block is filled up behind it. */
  readonly quantity: Amount;
  /** What prices distinguish: `{ model: 'gpt-4o' }`. */
  readonly properties?: Readonly<Record<string, unknown>>;
  /** Only when the metric is priced in several assets. */
  readonly asset?: string;
}

export interface LeaseTerms {
  /** Address of the server: `http://127.0.0.1:4000`. */
  readonly url: string;
  /** `sk_...`, or `rk_...` with `hold:write`. */
  readonly key: string;
  readonly customer: { readonly id: string } | { readonly externalId: string };
  /** How much is set aside at once, in the asset: what others cannot have while it lies here unused. */
  readonly block: Amount;
  /** When less remains, the block is refilled: below `block`, and enough for what is taken meanwhile. */
  readonly lowWater: Amount;
  /** How long the block is kept when this process dies: 2 to 86,400. @default 600 */
  readonly ttlSeconds?: number;
  /** What was reported is sent at the latest so much later, or when 100 events wait. @default 2000 */
  readonly flushEveryMs?: number;
  /** When so many events wait, for the server is away, nothing more may be taken. @default 10000 */
  readonly maxWaiting?: number;
  /** A refill found too little. Told once, until one finds enough. */
  readonly onLow?: (low: LowLease) => void;
  /** The server does not take this event as it is: it is not sent again, and is among `unreported` at the end. */
  readonly onRefused?: (event: LeasedEvent, refusal: LeaseRefusal) => void;
  /**
   * Something does not work just now, and is tried again: what was reported is kept. Without `onRefused` it is told of
   * refused events too, which are not.
   */
  readonly onTrouble?: (error: LeaseError) => void;
}

export type LeaseOptions = LeaseTerms & (AssetBlock | MetricBlock);

/** What became of a lease at its end. */
export interface ClosedLease {
  /** False when the server could not be told: then the rest of the block is free when its time is over. */
  readonly released: boolean;
  /**
   * What was used and was not charged, also the events that the server refused, of which the last `maxWaiting` are kept.
   * Nobody keeps it but you: send it with `recordUsage`, by the same ids, when what was wrong is right.
   */
  readonly unreported: readonly LeasedEvent[];
}

/** A block of a customer's value that this process may spend without asking. */
export interface Lease {
  /** What may be taken now; `'0'` when the block is used up, its time is over, or the lease is closed. */
  readonly remaining: Amount;
  /** How many events were reported and are not charged yet. */
  readonly waiting: number;
  /**
   * Takes what the work is expected to cost, at once and without asking anybody. False when the block does
   * not cover it: then the work must not begin. Whoever was told true reports what was used, or gives it back.
   */
  tryTake(amount: Amount): boolean;
  /** What the work has used, and what was taken for it. The charge goes by the event, whatever was taken. */
  report(event: LeasedEvent, taken: Amount): void;
  /** The work was not done: what was taken for it may be taken again. */
  giveBack(taken: Amount): void;
  /**
   * Sends what was reported and releases the rest, for ten seconds at most: then it is as it is. From the call on
   * nothing can be taken or reported.
   */
  close(): Promise<ClosedLease>;
}

/**
 * What went wrong, to branch on: `BAD_OPTIONS`, `BAD_AMOUNT` and `BAD_EVENT` are mistakes of the caller, `CLOSED` is a
 * use after `close`; `UNREACHABLE` is a server that gives no answer, `REJECTED` one that does not deal with the request:
 * the key is wrong, it lacks the scope.
 */
export type LeaseErrorCode =
  | 'BAD_OPTIONS'
  | 'BAD_AMOUNT'
  | 'BAD_EVENT'
  | 'CLOSED'
  | 'UNREACHABLE'
  | 'REJECTED';

export class LeaseError extends Error {
  readonly name: 'LeaseError';
  readonly code: LeaseErrorCode;
  constructor(code: LeaseErrorCode, message: string);
}

/**
 * Sets the first block aside. When the balance does not cover it, what is there is taken, be it nothing, and the
 * rest follows when there is more. A refusal is a value; rejects with a `LeaseError` when the options are wrong
 * or the server cannot be asked.
 */
export function openLease(options: LeaseOptions): Promise<Lease | LeaseRefusal>;
