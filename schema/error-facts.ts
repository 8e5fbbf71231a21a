import type { ExchangeRateNotFound } from '../src/catalog/exchange/refusals.ts';
import { plain } from '../src/kit/decimal.ts';
import {
  type Conflict,
  type IdempotencyMismatch,
  type Invalid,
  type NotFound,
  type Refusal,
  wordsOf,
} from '../src/kit/refusal.ts';
import type { HoldClosed, InsufficientFunds } from '../src/ledger/refusals.ts';
import type {
  ProviderRefused,
  ProviderUnavailable,
  VelocityLimit,
} from '../src/payments/refusals.ts';
import type { WrongCode } from '../src/payments/withdrawals/refusals.ts';
import type { OutsideWindow, PriceNotFound, UnknownEventType } from '../src/rating/refusals.ts';
import type { Overloaded } from '../src/usage/refusals.ts';

/** Every refusal that a room of the house can return. */
export type AnyRefusal =
  | Invalid
  | NotFound
  | Conflict
  | IdempotencyMismatch
  | InsufficientFunds
  | HoldClosed
  | UnknownEventType
  | PriceNotFound
  | ExchangeRateNotFound
  | OutsideWindow
  | Overloaded
  | ProviderUnavailable
  | ProviderRefused
  | VelocityLimit
  | WrongCode;

export type RefusalName = AnyRefusal['refusal'];
export type RefusalOf<Name extends RefusalName> = Extract<AnyRefusal, { refusal: Name }>;

/** What clients branch on, why it happens, and whether the same request may succeed later. */
export const ERROR_CODES = {
  VALIDATION_FAILED: 'The input is wrong; `issues` says where. Nothing was written.',
  SCALE_EXCEEDED: 'An amount has more decimal places than its asset keeps.',
  NOT_FOUND: 'No such object is visible to this credential.',
  CONFLICT: 'The name is taken by something that differs from what was asked for.',
  IDEMPOTENCY_MISMATCH: 'The id or key was used before with other content.',
  INSUFFICIENT_FUNDS: 'The wallet cannot cover it and its policy does not allow more.',
  HOLD_CLOSED: 'The hold was captured or released before.',
  HOLD_EXPIRED:
    'The hold has expired. What was used may still be captured; nothing else can be done with it.',
  EVENT_TYPE_UNKNOWN: 'No billable metric counts events of this type.',
  PRICE_NOT_FOUND: 'No rate covers the event; create a price or correct the dimensions.',
  EXCHANGE_RATE_NOT_FOUND:
    'No exchange rate of exactly this pair is in force then for this purpose; create one.',
  EVENT_TOO_OLD: 'The event occurred more than 35 days ago.',
  EVENT_IN_FUTURE: 'The event occurred more than 5 minutes ahead of the server.',
  PROVIDER_UNAVAILABLE:
    'The payment provider does not answer just now; send the same request again later.',
  PROVIDER_REFUSED: 'The payment provider will not do it.',
  PAYMENT_LIMIT:
    'A limit against fraud is reached; `retryAt` says from when on it may be tried again.',
  WRONG_CODE: 'It is not the code of the withdrawal. The try counts.',
  OVERLOADED: 'The server is taking no more just now; send the same request again later.',
} as const;

interface ErrorFacts<R extends Refusal> {
  code(refusal: R): keyof typeof ERROR_CODES;
  message(refusal: R): string;
  retryable: boolean | ((refusal: R) => boolean);
}

/** Exhaustive by type: a new refusal does not compile until it has its facts here. */
const FACTS: { [Name in RefusalName]: ErrorFacts<RefusalOf<Name>> } = {
  Invalid: {
    code: (r) =>
      r.issues.every((issue) => issue.code === 'SCALE_EXCEEDED')
        ? 'SCALE_EXCEEDED'
        : 'VALIDATION_FAILED',
    message: (r) => wordsOf(r.issues),
    retryable: false,
  },
  NotFound: {
    code: () => 'NOT_FOUND',
    message: (r) => `There is no ${r.what} "${r.given}" (${r.path}).`,
    retryable: false,
  },
  Conflict: { code: () => 'CONFLICT', message: (r) => `${r.path}: ${r.message}`, retryable: false },
  IdempotencyMismatch: {
    code: () => 'IDEMPOTENCY_MISMATCH',
    message: (r) => `"${r.key}" was used before with other content: ${r.field} differs.`,
    retryable: false,
  },
  InsufficientFunds: {
    code: () => 'INSUFFICIENT_FUNDS',
    message: (r) => `${plain(r.required)} is required, ${plain(r.available)} is available.`,
    retryable: false,
  },
  HoldClosed: {
    code: (r) => (r.status === 'EXPIRED' ? 'HOLD_EXPIRED' : 'HOLD_CLOSED'),
    message: (r) => `The hold is ${r.status}.`,
    retryable: false,
  },
  UnknownEventType: {
    code: () => 'EVENT_TYPE_UNKNOWN',
    message: (r) => `No billable metric counts events of type "${r.type}".`,
    retryable: false,
  },
  PriceNotFound: {
    code: () => 'PRICE_NOT_FOUND',
    message: (r) => `No rate of metric "${r.metricCode}" covers ${JSON.stringify(r.dimensions)}.`,
    retryable: false,
  },
  ExchangeRateNotFound: {
    code: () => 'EXCHANGE_RATE_NOT_FOUND',
    message: (r) =>
      `Nothing says what 1 ${r.from} is worth in ${r.to} for ${r.purpose} at ${r.at.toISOString()}.`,
    retryable: false,
  },
  OutsideWindow: {
    code: (r) => (r.direction === 'TOO_OLD' ? 'EVENT_TOO_OLD' : 'EVENT_IN_FUTURE'),
    message: (r) =>
      `occurredAt must be from ${r.earliest.toISOString()} to ${r.latest.toISOString()}.`,
    retryable: false,
  },
  ProviderUnavailable: {
    code: () => 'PROVIDER_UNAVAILABLE',
    message: (r) => `${r.provider} did not do it just now: ${r.message}`,
    retryable: true,
  },
  ProviderRefused: {
    code: () => 'PROVIDER_REFUSED',
    message: (r) => `${r.provider} will not do it: ${r.message}`,
    retryable: false,
  },
  VelocityLimit: {
    code: () => 'PAYMENT_LIMIT',
    message: (r) =>
      r.retryAt === null
        ? `The limit ${r.limit} is reached: waiting does not help.`
        : `The limit ${r.limit} is reached until ${r.retryAt.toISOString()}.`,
    retryable: (r) => r.retryAt !== null,
  },
  WrongCode: {
    code: () => 'WRONG_CODE',
    message: (r) =>
      r.triesLeft === 0
        ? 'The code is wrong, once too often: the withdrawal is called off.'
        : `The code is wrong. Tries left: ${r.triesLeft}.`,
    retryable: false,
  },
  Overloaded: {
    code: () => 'OVERLOADED',
    message: (r) => `Too much is waiting; try again in ${r.retryAfterMs} ms.`,
    retryable: true,
  },
};

/** The facts of a refusal, whichever it is. */
export function factsOf<R extends AnyRefusal>(refusal: R): ErrorFacts<R> {
  return FACTS[refusal.refusal] as unknown as ErrorFacts<R>;
}

/** Whether the same request may succeed later without a change. */
export function isRetryable(refusal: AnyRefusal): boolean {
  const { retryable } = factsOf(refusal);
  return typeof retryable === 'boolean' ? retryable : retryable(refusal);
}
