/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What the work that a hold was placed for has really used. */
export type CaptureHoldInput = {
  /** 1 to 100 events, all or nothing. */
  events: Array<CapturedEventInput>;
  /** Whether it closes the hold, and what is left goes back to the grants it came from. */
  final?: boolean | null | undefined;
  /** Its TypeID. */
  hold: string | number;
};

/** One thing consumed, to be paid from a hold. */
export type CapturedEventInput = {
  /** Your id for it, unique per customer for ever; it makes a retry safe. */
  eventId: string;
  /** When it happened: up to 35 days back and 5 minutes ahead. Now when left out. */
  occurredAt?: string | null | undefined;
  /** What metrics count and prices distinguish. */
  properties?: unknown;
  /** Who or what within the customer. */
  subject?: string | null | undefined;
  /** What happened: `llm.request`. */
  type: string;
};

/** Names a customer, one way or the other: `{ externalId: "user_42" }`. */
export type CustomerRef =
  {   /** By your own id: `user_42`. */
  externalId: string; id?: never; }
  |  { externalId?: never;   /** By TypeID: `customer_01h455vb4pex5vsknk084sn02q`. */
  id: string | number; };

/** The closed list of reasons an operation is refused. */
export type ErrorCode =
  /** The name is taken by something that differs from what was asked for. */
  | 'CONFLICT'
  /** The event occurred more than 5 minutes ahead of the server. */
  | 'EVENT_IN_FUTURE'
  /** The event occurred more than 35 days ago. */
  | 'EVENT_TOO_OLD'
  /** No billable metric counts events of this type. */
  | 'EVENT_TYPE_UNKNOWN'
  /** No exchange rate of exactly this pair is in force then for this purpose; create one. */
  | 'EXCHANGE_RATE_NOT_FOUND'
  /** The hold was captured or released before. */
  | 'HOLD_CLOSED'
  /** The hold has expired. What was used may still be captured; nothing else can be done with it. */
  | 'HOLD_EXPIRED'
  /** The id or key was used before with other content. */
  | 'IDEMPOTENCY_MISMATCH'
  /** The wallet cannot cover it and its policy does not allow more. */
  | 'INSUFFICIENT_FUNDS'
  /** No such object is visible to this credential. */
  | 'NOT_FOUND'
  /** The server is taking no more just now; send the same request again later. */
  | 'OVERLOADED'
  /** A limit against fraud is reached; `retryAt` says from when on it may be tried again. */
  | 'PAYMENT_LIMIT'
  /** No rate covers the event; create a price or correct the dimensions. */
  | 'PRICE_NOT_FOUND'
  /** The payment provider will not do it. */
  | 'PROVIDER_REFUSED'
  /** The payment provider does not answer just now; send the same request again later. */
  | 'PROVIDER_UNAVAILABLE'
  /** An amount has more decimal places than its asset keeps. */
  | 'SCALE_EXCEEDED'
  /** The input is wrong; `issues` says where. Nothing was written. */
  | 'VALIDATION_FAILED'
  /** It is not the code of the withdrawal. The try counts. */
  | 'WRONG_CODE';

/** What shall be more of a hold. Nothing of it is ever made less, so a retry is safe. */
export type ExtendHoldInput = {
  /** What it shall set aside at least: it is topped up to this, and one that has more stays as it is. */
  amount?: string | null | undefined;
  /** Its TypeID. */
  hold: string | number;
  /** 1 to 86400 from now; a hold that lasts longer already stays as it is. */
  ttlSeconds?: number | null | undefined;
};

/** What has become of a hold. */
export type HoldStatus =
  /** Its last capture was made. */
  | 'CAPTURED'
  /** Its time is over. What was used may still be captured, from what is there. */
  | 'EXPIRED'
  /** It sets value aside. */
  | 'OPEN'
  /** It was released. */
  | 'RELEASED';

/** What to set aside on a customer's `default` wallet: an `amount` of an `asset`, or what an estimated `quantity` of a `metric` costs now. */
export type PlaceHoldInput = {
  /** Above zero, in the asset; of general grants. Leave it out with a metric. */
  amount?: string | null | undefined;
  /** The code or TypeID of the asset. With a metric: only when it is priced in several. */
  asset?: string | null | undefined;
  /** Whose value. */
  customer: CustomerRef;
  /** For people; at most 500 characters. */
  description?: string | null | undefined;
  /** Unique per customer for ever: the same key and input answer the first hold, whatever has become of it. */
  idempotencyKey?: string | null | undefined;
  /** The capture that closes it, whether or not that says `final`; any number when left out. */
  maxCaptures?: number | null | undefined;
  /** Your own data. */
  metadata?: unknown;
  /** The code or TypeID of the metric that the work will be counted by; its grants come first. */
  metric?: string | null | undefined;
  /** What prices distinguish: `{ "model": "gpt-4o" }`. The quantity need not be among them. */
  properties?: unknown;
  /** Above zero: how much of the metric the work may need; of events, how many. */
  quantity?: string | null | undefined;
  /** 1 to 86400, when it expires; 900 when left out. */
  ttlSeconds?: number | null | undefined;
};

/** A hold that is not needed any more. */
export type ReleaseHoldInput = {
  /** Its TypeID. */
  hold: string | number;
};

export type LeasedHoldFragment = { id: string, status: HoldStatus, held: string };

type Refusal_ConflictError_Fragment = { code: ErrorCode, message: string };

type Refusal_EventTimeError_Fragment = { code: ErrorCode, message: string };

type Refusal_EventTypeUnknownError_Fragment = { code: ErrorCode, message: string };

type Refusal_ExchangeRateNotFoundError_Fragment = { code: ErrorCode, message: string };

type Refusal_HoldClosedError_Fragment = { code: ErrorCode, message: string };

type Refusal_IdempotencyMismatchError_Fragment = { code: ErrorCode, message: string };

type Refusal_InsufficientFundsError_Fragment = { code: ErrorCode, message: string };

type Refusal_NotFoundError_Fragment = { code: ErrorCode, message: string };

type Refusal_OverloadedError_Fragment = { code: ErrorCode, message: string };

type Refusal_PaymentLimitError_Fragment = { code: ErrorCode, message: string };

type Refusal_PaymentProviderRefusedError_Fragment = { code: ErrorCode, message: string };

type Refusal_PaymentProviderUnavailableError_Fragment = { code: ErrorCode, message: string };

type Refusal_PriceNotFoundError_Fragment = { code: ErrorCode, message: string };

type Refusal_ValidationError_Fragment = { code: ErrorCode, message: string };

type Refusal_WrongCodeError_Fragment = { code: ErrorCode, message: string };

export type RefusalFragment =
  | Refusal_ConflictError_Fragment
  | Refusal_EventTimeError_Fragment
  | Refusal_EventTypeUnknownError_Fragment
  | Refusal_ExchangeRateNotFoundError_Fragment
  | Refusal_HoldClosedError_Fragment
  | Refusal_IdempotencyMismatchError_Fragment
  | Refusal_InsufficientFundsError_Fragment
  | Refusal_NotFoundError_Fragment
  | Refusal_OverloadedError_Fragment
  | Refusal_PaymentLimitError_Fragment
  | Refusal_PaymentProviderRefusedError_Fragment
  | Refusal_PaymentProviderUnavailableError_Fragment
  | Refusal_PriceNotFoundError_Fragment
  | Refusal_ValidationError_Fragment
  | Refusal_WrongCodeError_Fragment
;

export type PlaceBlockMutationVariables = Exact<{
  input: PlaceHoldInput;
}>;


export type PlaceBlockMutation = { result:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'EventTimeError', code: ErrorCode, message: string }
    | { __typename: 'EventTypeUnknownError', code: ErrorCode, message: string }
    | { __typename: 'HoldClosedError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string }
    | { __typename: 'InsufficientFundsError', available: string, code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'OverloadedError', retryAfterMs: number, code: ErrorCode, message: string }
    | { __typename: 'PlaceHoldPayload', hold: { id: string, status: HoldStatus, held: string } }
    | { __typename: 'PriceNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string }
   };

export type ExtendBlockMutationVariables = Exact<{
  input: ExtendHoldInput;
}>;


export type ExtendBlockMutation = { result:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'EventTimeError', code: ErrorCode, message: string }
    | { __typename: 'EventTypeUnknownError', code: ErrorCode, message: string }
    | { __typename: 'ExtendHoldPayload', hold: { id: string, status: HoldStatus, held: string } }
    | { __typename: 'HoldClosedError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string }
    | { __typename: 'InsufficientFundsError', available: string, code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'OverloadedError', retryAfterMs: number, code: ErrorCode, message: string }
    | { __typename: 'PriceNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string }
   };

export type CaptureFromBlockMutationVariables = Exact<{
  input: CaptureHoldInput;
}>;


export type CaptureFromBlockMutation = { result:
    | { __typename: 'CaptureHoldPayload', hold: { id: string, status: HoldStatus, held: string } }
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'EventTimeError', code: ErrorCode, message: string }
    | { __typename: 'EventTypeUnknownError', code: ErrorCode, message: string }
    | { __typename: 'HoldClosedError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string }
    | { __typename: 'InsufficientFundsError', available: string, code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'OverloadedError', retryAfterMs: number, code: ErrorCode, message: string }
    | { __typename: 'PriceNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string }
   };

export type ReleaseBlockMutationVariables = Exact<{
  input: ReleaseHoldInput;
}>;


export type ReleaseBlockMutation = { result:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'EventTimeError', code: ErrorCode, message: string }
    | { __typename: 'EventTypeUnknownError', code: ErrorCode, message: string }
    | { __typename: 'HoldClosedError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string }
    | { __typename: 'InsufficientFundsError', available: string, code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'OverloadedError', retryAfterMs: number, code: ErrorCode, message: string }
    | { __typename: 'PriceNotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ReleaseHoldPayload', hold: { id: string, status: HoldStatus, held: string } }
    | { __typename: 'ValidationError', code: ErrorCode, message: string }
   };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const LeasedHoldFragmentDoc = new TypedDocumentString(`
    fragment LeasedHold on Hold {
  id
  status
  held
}
    `, {"fragmentName":"LeasedHold"}) as unknown as TypedDocumentString<LeasedHoldFragment, unknown>;
export const RefusalFragmentDoc = new TypedDocumentString(`
    fragment Refusal on Error {
  code
  message
}
    `, {"fragmentName":"Refusal"}) as unknown as TypedDocumentString<RefusalFragment, unknown>;
export const PlaceBlockDocument = new TypedDocumentString(`
    mutation PlaceBlock($input: PlaceHoldInput!) {
  result: placeHold(input: $input) {
    __typename
    ... on PlaceHoldPayload {
      hold {
        ...LeasedHold
      }
    }
    ... on InsufficientFundsError {
      available
    }
    ... on OverloadedError {
      retryAfterMs
    }
    ...Refusal
  }
}
    fragment LeasedHold on Hold {
  id
  status
  held
}
fragment Refusal on Error {
  code
  message
}`) as unknown as TypedDocumentString<PlaceBlockMutation, PlaceBlockMutationVariables>;
export const ExtendBlockDocument = new TypedDocumentString(`
    mutation ExtendBlock($input: ExtendHoldInput!) {
  result: extendHold(input: $input) {
    __typename
    ... on ExtendHoldPayload {
      hold {
        ...LeasedHold
      }
    }
    ... on InsufficientFundsError {
      available
    }
    ... on OverloadedError {
      retryAfterMs
    }
    ...Refusal
  }
}
    fragment LeasedHold on Hold {
  id
  status
  held
}
fragment Refusal on Error {
  code
  message
}`) as unknown as TypedDocumentString<ExtendBlockMutation, ExtendBlockMutationVariables>;
export const CaptureFromBlockDocument = new TypedDocumentString(`
    mutation CaptureFromBlock($input: CaptureHoldInput!) {
  result: captureHold(input: $input) {
    __typename
    ... on CaptureHoldPayload {
      hold {
        ...LeasedHold
      }
    }
    ... on InsufficientFundsError {
      available
    }
    ... on OverloadedError {
      retryAfterMs
    }
    ...Refusal
  }
}
    fragment LeasedHold on Hold {
  id
  status
  held
}
fragment Refusal on Error {
  code
  message
}`) as unknown as TypedDocumentString<CaptureFromBlockMutation, CaptureFromBlockMutationVariables>;
export const ReleaseBlockDocument = new TypedDocumentString(`
    mutation ReleaseBlock($input: ReleaseHoldInput!) {
  result: releaseHold(input: $input) {
    __typename
    ... on ReleaseHoldPayload {
      hold {
        ...LeasedHold
      }
    }
    ... on InsufficientFundsError {
      available
    }
    ... on OverloadedError {
      retryAfterMs
    }
    ...Refusal
  }
}
    fragment LeasedHold on Hold {
  id
  status
  held
}
fragment Refusal on Error {
  code
  message
}`) as unknown as TypedDocumentString<ReleaseBlockMutation, ReleaseBlockMutationVariables>;