import { type Invalid, type Issue, isRefusal } from '../src/kit/refusal.ts';
import { builder } from './builder.ts';
import {
  type AnyRefusal,
  ERROR_CODES,
  factsOf,
  isRetryable,
  type RefusalName,
  type RefusalOf,
} from './error-facts.ts';

export const ErrorCode = builder.enumType('ErrorCode', {
  description: 'The closed list of reasons an operation is refused.',
  values: Object.fromEntries(
    Object.entries(ERROR_CODES).map(([code, description]) => [code, { description }]),
  ) as Record<keyof typeof ERROR_CODES, { description: string }>,
});

export const ErrorInterface = builder.interfaceRef<AnyRefusal>('Error').implement({
  description: 'What every typed error says. Errors are values: nothing was written.',
  resolveType: (refusal): string => ERROR_TYPES[refusal.refusal].name,
  fields: (t) => ({
    code: t.field({
      type: ErrorCode,
      description: 'What to branch on.',
      resolve: (refusal) => factsOf(refusal).code(refusal),
    }),
    message: t.string({
      description: 'A sentence for a developer; its wording may change.',
      resolve: (refusal) => factsOf(refusal).message(refusal),
    }),
    retryable: t.boolean({
      description: 'Whether the same request may succeed later without a change.',
      resolve: (refusal) => isRetryable(refusal),
    }),
  }),
});

export const ValidationIssue = builder.objectRef<Issue>('ValidationIssue').implement({
  description: 'One thing wrong with the input.',
  fields: (t) => ({
    path: t.exposeString('path', {
      description: 'Where, below `input`: `amount`, `events.3.properties.tokens`.',
    }),
    code: t.exposeString('code', {
      description: 'What kind: `NOT_A_DECIMAL`, `NOT_POSITIVE`, `TOO_LONG` ...',
    }),
    message: t.exposeString('message', { description: 'What to do about it.' }),
  }),
});

function errorType<Name extends RefusalName>(name: string, _refusal: Name, description: string) {
  return builder
    .objectRef<RefusalOf<Name>>(name)
    .implement({ description, interfaces: [ErrorInterface] });
}

export const ValidationError = errorType(
  'ValidationError',
  'Invalid',
  'The input is wrong. Nothing was written.',
);
export const NotFoundError = errorType(
  'NotFoundError',
  'NotFound',
  "No such object is visible to this credential. Another organization's object answers the same.",
);
export const ConflictError = errorType(
  'ConflictError',
  'Conflict',
  'The name is taken by something that differs from what was asked for.',
);
export const IdempotencyMismatchError = errorType(
  'IdempotencyMismatchError',
  'IdempotencyMismatch',
  'The id or key was used before with other content. The first outcome stands.',
);
export const InsufficientFundsError = errorType(
  'InsufficientFundsError',
  'InsufficientFunds',
  'The wallet cannot cover it and its policy (`onEmpty`) does not allow more.',
);
export const HoldClosedError = errorType(
  'HoldClosedError',
  'HoldClosed',
  'The hold is not open any more: somebody else, or time, was first. Nothing was written.',
);
const EventTypeUnknownError = errorType(
  'EventTypeUnknownError',
  'UnknownEventType',
  'No billable metric counts events of this type; create one, or correct the type.',
);
export const PriceNotFoundError = errorType(
  'PriceNotFoundError',
  'PriceNotFound',
  'A metric counts the event but no rate covers it. To meter for free, create a price of 0.',
);
export const ExchangeRateNotFoundError = errorType(
  'ExchangeRateNotFoundError',
  'ExchangeRateNotFound',
  'No exchange rate of exactly this pair is in force then for this purpose. A rate of the other direction is not turned round.',
);
export const EventTimeError = errorType(
  'EventTimeError',
  'OutsideWindow',
  'The event occurred outside the accepted window: 35 days back, 5 minutes ahead.',
);
export const OverloadedError = errorType(
  'OverloadedError',
  'Overloaded',
  'The server is taking no more just now. Send the same request again after `retryAfterMs`.',
);

const PaymentProviderUnavailableError = errorType(
  'PaymentProviderUnavailableError',
  'ProviderUnavailable',
  'The payment provider does not answer, or nobody knows what it did. The same request with its idempotency key goes on with what was begun: nothing is charged twice.',
);
const PaymentProviderRefusedError = errorType(
  'PaymentProviderRefusedError',
  'ProviderRefused',
  'The payment provider will not do it, however often it is asked.',
);

export const PaymentLimitError = errorType(
  'PaymentLimitError',
  'VelocityLimit',
  'A limit of the organization against fraud is reached. Nothing was asked for, and it does not count as an attempt.',
);

const WrongCodeError = errorType(
  'WrongCodeError',
  'WrongCode',
  'The code is not the one that confirms the withdrawal. Unlike with other errors something was written: the try counts, and the last one calls the withdrawal off.',
);

/** Exhaustive by type: which GraphQL type shows which refusal. */
const ERROR_TYPES = {
  Invalid: ValidationError,
  NotFound: NotFoundError,
  Conflict: ConflictError,
  IdempotencyMismatch: IdempotencyMismatchError,
  InsufficientFunds: InsufficientFundsError,
  HoldClosed: HoldClosedError,
  UnknownEventType: EventTypeUnknownError,
  PriceNotFound: PriceNotFoundError,
  ExchangeRateNotFound: ExchangeRateNotFoundError,
  OutsideWindow: EventTimeError,
  Overloaded: OverloadedError,
  ProviderUnavailable: PaymentProviderUnavailableError,
  ProviderRefused: PaymentProviderRefusedError,
  VelocityLimit: PaymentLimitError,
  WrongCode: WrongCodeError,
} satisfies Record<RefusalName, { readonly name: string }>;

builder.objectFields(ValidationError, (t) => ({
  issues: t.field({
    type: [ValidationIssue],
    description: 'Everything that is wrong, in input order.',
    resolve: (refusal: Invalid) => [...refusal.issues],
  }),
}));
builder.objectFields(NotFoundError, (t) => ({
  path: t.exposeString('path', { description: 'Which input named it.' }),
  what: t.exposeString('what', { description: 'What was looked for: `Customer`, `Asset` ...' }),
  given: t.exposeString('given', { description: 'The id or code that was given.' }),
}));
builder.objectFields(ConflictError, (t) => ({
  path: t.exposeString('path', { description: 'Which input is taken.' }),
}));
builder.objectFields(IdempotencyMismatchError, (t) => ({
  key: t.exposeString('key', { description: 'The event id, transaction id or idempotency key.' }),
  field: t.exposeString('field', { description: 'The first field whose content differs.' }),
}));
builder.objectFields(InsufficientFundsError, (t) => ({
  available: t.expose('available', {
    type: 'Decimal',
    description:
      'What this charge could have drawn: the grants that may pay for it, plus overdraft left.',
  }),
  required: t.expose('required', { type: 'Decimal', description: 'What the charge costs.' }),
  shortfall: t.expose('shortfall', {
    type: 'Decimal',
    description: '`required` less `available`.',
  }),
}));
builder.objectFields(EventTypeUnknownError, (t) => ({
  type: t.exposeString('type', { description: 'The event type as given.' }),
}));
builder.objectFields(PriceNotFoundError, (t) => ({
  metric: t.exposeString('metricCode', {
    description: 'The code of the metric that counts the event.',
  }),
  dimensions: t.expose('dimensions', {
    type: 'JSON',
    description: "The event's values of the dimensions that the price's rates name.",
  }),
  quantity: t.expose('quantity', { type: 'Decimal', description: 'What the metric counted.' }),
}));
builder.objectFields(EventTimeError, (t) => ({
  occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'As given.' }),
  earliest: t.expose('earliest', { type: 'DateTime', description: 'The oldest accepted instant.' }),
  latest: t.expose('latest', { type: 'DateTime', description: 'The latest accepted instant.' }),
}));
builder.objectFields(OverloadedError, (t) => ({
  retryAfterMs: t.exposeInt('retryAfterMs', { description: 'How long to wait, in milliseconds.' }),
}));
builder.objectFields(WrongCodeError, (t) => ({
  triesLeft: t.exposeInt('triesLeft', {
    description: 'How often it may be tried again; with 0 the withdrawal is CANCELED.',
  }),
}));
builder.objectFields(PaymentProviderUnavailableError, (t) => ({
  provider: t.exposeString('provider', { description: 'Your code for the provider.' }),
}));
builder.objectFields(PaymentProviderRefusedError, (t) => ({
  provider: t.exposeString('provider', { description: 'Your code for the provider.' }),
  reason: t.exposeString('reason', { description: "The provider's reason: `NOT_SUPPORTED`." }),
}));

type Types = (typeof builder)['$inferSchemaTypes'];
type Shaped<Shape> = { readonly name: string; readonly $inferType: Shape };

/**
 * The result union of a mutation: its payload, and exactly the refusals it lists. A resolver whose
 * service can give another refusal does not compile.
 */
export function resultOf<Payload extends object, Name extends RefusalName>(
  name: string,
  payload: Shaped<Payload>,
  refusals: readonly Name[],
): PothosSchemaTypes.UnionRef<Types, Payload | RefusalOf<Name>> {
  const errors = refusals.map((refusal) => ERROR_TYPES[refusal]);
  const union = builder.unionType(name, {
    description: `What ${operationOf(name)} answers: its payload, or why it was refused.`,
    types: [payload, ...errors] as never[],
    resolveType: (value: unknown) =>
      isRefusal(value) ? ERROR_TYPES[(value as AnyRefusal).refusal].name : payload.name,
  });
  return union as unknown as PothosSchemaTypes.UnionRef<Types, Payload | RefusalOf<Name>>;
}

function operationOf(resultName: string): string {
  return resultName[0]?.toLowerCase() + resultName.slice(1).replace(/Result$/, '');
}
