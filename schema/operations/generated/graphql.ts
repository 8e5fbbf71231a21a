/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Which test clock, and where to. */
export type AdvanceTestClockInput = {
  /** Its TypeID. */
  clock: string | number;
  /** Makes a retry safe for 24 hours: the same key and input answer the first outcome. */
  idempotencyKey?: string | null | undefined;
  /** Not before its now, at most 731 days after, and before the year 9000. */
  to: string;
};

/** How events become a quantity. A period is that of the subscription whose plan has the price, otherwise the calendar month in UTC. */
export type Aggregation =
  /** Each event counts 1. */
  | 'COUNT'
  /** The value of `property` that occurred last in a period: an event counts the difference. */
  | 'LATEST'
  /** The largest value of `property` in a period: an event counts by how much it raises it. */
  | 'MAX'
  /** Each event counts the value of its `property`; one without it counts 0. */
  | 'SUM'
  /** The value of `property` times the hours for which it holds, until the next one or the end of the period. It is counted ahead, as if it stayed; a later event counts the difference. */
  | 'TIME_WEIGHTED_SUM'
  /** The distinct values of `property` in a period: the first event with a value counts 1. */
  | 'UNIQUE';

/** What to raise an alert for: exactly one of these. */
export type AlertConditionInput =
  {   /** Less than this is left. Above zero, in the asset, which must be named: `"5"`. */
  belowAmount: string; belowPercent?: never; burnRate?: never; depleted?: never; grantExpiringDays?: never; projectedEmptyHours?: never; recovered?: never; }
  |  { belowAmount?: never;   /** Less than so many percent are left of what there was right after the last credit. Above 0, at most 100: `"20"`. */
  belowPercent: string; burnRate?: never; depleted?: never; grantExpiringDays?: never; projectedEmptyHours?: never; recovered?: never; }
  |  { belowAmount?: never; belowPercent?: never;   /** It is spent too fast. */
  burnRate: BurnRateInput; depleted?: never; grantExpiringDays?: never; projectedEmptyHours?: never; recovered?: never; }
  |  { belowAmount?: never; belowPercent?: never; burnRate?: never;   /** `true`: nothing is left. `false` asks for nothing and is a ValidationError: REQUIRED. */
  depleted: boolean; grantExpiringDays?: never; projectedEmptyHours?: never; recovered?: never; }
  |  { belowAmount?: never; belowPercent?: never; burnRate?: never; depleted?: never;   /** A grant that has something left ends within so many days of 24 hours, 1 to 365. One that does so already is told at once. */
  grantExpiringDays: number; projectedEmptyHours?: never; recovered?: never; }
  |  { belowAmount?: never; belowPercent?: never; burnRate?: never; depleted?: never; grantExpiringDays?: never;   /** At the rate of the last 24 hours nothing is left within so many hours, 1 to 8760. The rate of a wallet that began to spend later, or got its first rule about spending later, is that since then, over an hour at least. */
  projectedEmptyHours: number; recovered?: never; }
  |  { belowAmount?: never; belowPercent?: never; burnRate?: never; depleted?: never; grantExpiringDays?: never; projectedEmptyHours?: never;   /** `true`: something is left again after a depletion. `false` is a ValidationError: REQUIRED. */
  recovered: boolean; };

/** What an alert is raised for. */
export type AlertKind =
  /** Less than an amount is left. */
  | 'BELOW_AMOUNT'
  /** Less than so many percent are left of what there was right after the last credit. */
  | 'BELOW_PERCENT'
  /** It is spent several times as fast as it was on average. */
  | 'BURN_RATE'
  /** Nothing is left, or a debt. */
  | 'DEPLETED'
  /** A grant that has something left ends within so many days of 24 hours: told once for each grant, with the call that makes it when it does so already. */
  | 'GRANT_EXPIRING'
  /** At the rate of the last 24 hours nothing is left within so many hours; the rate of a wallet that began to spend later is that since then, over an hour at least. */
  | 'PROJECTED_EMPTY'
  /** Something is left again after a depletion. Such an alert is over as soon as it is told. */
  | 'RECOVERED';

/** What an asset is. */
export type AssetKind =
  /** A unit of your own: `CREDIT`, `GPU_SECOND`. */
  | 'CUSTOM'
  /** A currency: `USD`, `JPY`. */
  | 'FIAT';

/** Why a balance changed. */
export type BalanceCause =
  /** The balance was adjusted. */
  | 'ADJUSTMENT'
  /** Usage was taken back, and what it cost given back. */
  | 'CORRECTION'
  /** What was paid is disputed, or no longer is. */
  | 'DISPUTE'
  /** What was left of an expired grant was booked out. */
  | 'EXPIRY'
  /** Credit was granted. */
  | 'GRANT'
  /** A hold set value aside, or was extended. */
  | 'HOLD'
  /** What happens when the money ends was changed. */
  | 'POLICY'
  /** What was paid was given back, and its credit taken back. */
  | 'REFUND'
  /** A hold let go what it had set aside: it was released, or has expired. */
  | 'RELEASE'
  /** A grant that came into force repaid a debt. */
  | 'REPAYMENT'
  /** What was left of a grant went on into the next period. */
  | 'ROLLOVER'
  /** Something that a subscription costs besides usage. */
  | 'SUBSCRIPTION'
  /** A grant came into force, expired, or was given a later end. */
  | 'TIME'
  /** A payment was credited. */
  | 'TOP_UP'
  /** Usage was charged. */
  | 'USAGE'
  /** A grant, or a part of it, was taken back. */
  | 'VOID';

/** Which of the grants that may pay for usage is drawn first. Scoped grants come before general ones in every order; what this step leaves equal is settled by expiry, purpose and age. */
export type BurnOrder =
  /** The one that expires next first, whatever its priority. */
  | 'EXPIRY_FIRST'
  /** The oldest first. */
  | 'FIFO'
  /** The newest first. */
  | 'LIFO'
  /** By the priority of the grants, 0 first. */
  | 'PRIORITY';

/** When spending is too fast. */
export type BurnRateInput = {
  /** A window that spends no more than this raises nothing. Above zero, in the asset. */
  minimum: string;
  /** How many times the average of the windows before it a window must spend, 1 or more: `"5"`. */
  multiple: string;
  /** How far the average goes back from the beginning of the window, 1 to 168 and no shorter than the window; 24 when left out. */
  trailingHours?: number | null | undefined;
  /** How long the window is, 5 to 1440, a multiple of 5; 60 when left out. */
  windowMinutes?: number | null | undefined;
};

/** Who would like to consume what: `customer`, and exactly one of `event`, `metric`, `asset` and `feature`. */
export type CanConsumeInput = {
  /** How much of the asset: zero or more, with no more decimal places than it keeps. */
  amount?: string | null | undefined;
  /** The code or TypeID of an asset; takes `amount`, drawn as an adjustment draws: from grants for everything. */
  asset?: string | null | undefined;
  /** Who would consume. */
  customer: CustomerRef;
  /** This usage event. Exactly one of `event`, `metric`, `asset` and `feature`. */
  event?: ConsumedEventInput | null | undefined;
  /** The code or TypeID of a feature; takes `quantity`, `subject` and `properties`. A metered one is paid for like its metric. */
  feature?: string | null | undefined;
  /** The code or TypeID of a billable metric; takes `quantity`. */
  metric?: string | null | undefined;
  /** What to answer when it cannot be known. DENY when left out. */
  onUnavailable?: OnUnavailable | null | undefined;
  /** The dimensions that the prices of the metric distinguish: `{ "model": "gpt-4o" }`. */
  properties?: unknown;
  /** How much of the metric, or of the metric of the feature, as of one event: before the conversion of units. Of one that counts events or distinct values: so many; of a MAX, LATEST or TIME_WEIGHTED_SUM the value that an event of now would say. Zero or more; of a feature 1 when left out. */
  quantity?: string | null | undefined;
  /** Who or what within the customer uses the feature: it may have a budget of its own. */
  subject?: string | null | undefined;
};

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

/** A usage event that is not recorded yet. */
export type ConsumedEventInput = {
  /** When it happens: up to 35 days back and 5 minutes ahead. Now when left out. */
  occurredAt?: string | null | undefined;
  /** As it will be reported, by your estimate: `{ "model": "gpt-4o", "tokens": 2000 }`. */
  properties?: unknown;
  /** Who or what within the customer: a user, a project. */
  subject?: string | null | undefined;
  /** What will happen: `llm.request`. */
  type: string;
};

/** A rule. Name a wallet, or a customer, or neither for all customers; at most 20 rules each. */
export type CreateAlertRuleInput = {
  /** Only for wallets of this asset, by code or TypeID; required where the condition names an amount. */
  asset?: string | null | undefined;
  /** What to raise an alert for. */
  condition: AlertConditionInput;
  /** For all wallets of this customer. */
  customer?: CustomerRef | null | undefined;
  /** E-mail addresses that get a mail for each alert of the rule that is told, at most 10; `customer` stands for the customer's own address, and is passed over where there is none. Nothing is sent unless the server is set up to send mail. Nobody when left out. */
  emails?: Array<string> | null | undefined;
  /** Makes a retry safe for 24 hours: the same key and input answer the first outcome. */
  idempotencyKey?: string | null | undefined;
  /** For people; at most 100 characters. */
  name?: string | null | undefined;
  /** For this wallet only: its TypeID. Leave `customer` and `asset` out then. */
  wallet?: string | number | null | undefined;
};

/** A new asset. Creating it again with the same definition answers the first one. */
export type CreateAssetInput = {
  /** PRIORITY when left out. */
  burnOrder?: BurnOrder | null | undefined;
  /** A capital letter, then up to 31 capitals, digits or `_`: `USD`, `GPU_SECOND`. */
  code: string;
  /** Makes a retry safe for 24 hours: the same key and input answer the first outcome. */
  idempotencyKey?: string | null | undefined;
  /** FIAT when the code is an ISO 4217 currency, CUSTOM otherwise. */
  kind?: AssetKind | null | undefined;
  /** Decimal places in which it is paid, at most `scale`. By default those of ISO 4217 for FIAT (2 if unknown), 0 for CUSTOM. */
  minorUnits?: number | null | undefined;
  /** At most 255 characters; the code when left out. */
  name?: string | null | undefined;
  /** Decimal places the ledger keeps, 0 to 12; 12 when left out. Charges are rounded half-even to it, and an amount with more places is refused. */
  scale?: number | null | undefined;
};

/** A new metric. Creating it again with the same definition answers the first one. */
export type CreateBillableMetricInput = {
  /** How events become a quantity. */
  aggregation: Aggregation;
  /** A letter, then up to 63 letters, digits or any of `_ . : -`: `api_calls`. */
  code: string;
  /** What makes units of the value of each event; not for UNIQUE. It is counted as it is when left out. */
  conversion?: UnitConversionInput | null | undefined;
  /** Events of this type count: `llm.request`. At most 128 characters. */
  eventType: string;
  /** Conditions that must all hold, at most 10; every event counts when left out. */
  filter?: Array<PropertyFilterInput> | null | undefined;
  /** Makes a retry safe for 24 hours: the same key and input answer the first outcome. */
  idempotencyKey?: string | null | undefined;
  /** At most 255 characters; the code when left out. */
  name?: string | null | undefined;
  /** Not allowed for COUNT and required for the others: the event property that it goes by. */
  property?: string | null | undefined;
};

/** A new customer. */
export type CreateCustomerInput = {
  /** An e-mail address of at most 254 characters. */
  email?: string | null | undefined;
  /** Your own id for the customer, 1 to 255 characters; it never changes. */
  externalId: string;
  /** Makes a retry safe for 24 hours: the same key and input answer the first outcome. */
  idempotencyKey?: string | null | undefined;
  /** A JSON object of at most 50 keys and 16 KiB: `{"plan": "pro"}`. */
  metadata?: unknown;
  /** At most 255 characters. */
  name?: string | null | undefined;
  /** The TypeID of the test clock whose time the customer goes by, for ever; in TEST organizations only. The server's time when left out. */
  testClock?: string | number | null | undefined;
};

/** A new feature. Creating it again with the same definition answers the first one. */
export type CreateFeatureInput = {
  /** A letter, then up to 63 letters, digits or any of `_ . : -`: `api_calls`. */
  code: string;
  /** Makes a retry safe for 24 hours: the same key and input answer the first outcome. */
  idempotencyKey?: string | null | undefined;
  /** It never changes. */
  kind: FeatureKind;
  /** The code or TypeID of the metric that is counted: required for METERED, not allowed for the others. */
  metric?: string | null | undefined;
  /** At most 255 characters; the code when left out. */
  name?: string | null | undefined;
};

/** A rate of a price. The price (card, metric, asset) is made when it is not there yet. On the card `default` it applies to every customer. */
export type CreatePriceInput = {
  /** The code or the id of the asset it is charged in. */
  asset: string;
  /** The event properties it is for, at most 10: `{"model": "gpt-4o", "region": "eu"}`. Values are strings; `*` or an absent name matches every value. */
  dimensions?: unknown;
  /** For usage that occurred from here on. When left out: the first rate of its dimensions holds from the beginning of time, a later one from now. */
  effectiveFrom?: string | null | undefined;
  /** PERCENTAGE: what each event costs on top; 0 when left out. */
  fixedAmount?: string | null | undefined;
  /** FLAT, required: what an event costs, whatever its quantity. */
  flatAmount?: string | null | undefined;
  /** Makes a retry safe for 24 hours: the same key and input answer the first outcome. */
  idempotencyKey?: string | null | undefined;
  /** PER_UNIT: so much of each period is free: the billing period on a plan, otherwise the calendar month in UTC. It is kept as GRADUATED, with a first tier that costs nothing. */
  includedQuantity?: string | null | undefined;
  /** PERCENTAGE: an event costs at most so much. GIVEN: more is refused. */
  maximumAmount?: string | null | undefined;
  /** The code or the id of the metric. */
  metric: string;
  /** PERCENTAGE: an event costs at least so much. GIVEN: less is refused. */
  minimumAmount?: string | null | undefined;
  /** How it prices; PER_UNIT when left out. A field that the model does not have is refused. */
  model?: PricingModel | null | undefined;
  /** PER_UNIT, GRADUATED, VOLUME: units sold together, above 0; 1 when left out. A begun package costs a whole one. */
  packageSize?: string | null | undefined;
  /** PERCENTAGE, required: `2.9` is 2.9 %; at most 10 decimal places. */
  percent?: string | null | undefined;
  /** PERCENTAGE and GIVEN: the event property that it goes by, `cost`; what the metric counts when left out. An event without it is refused. */
  property?: string | null | undefined;
  /** The code or the id of the card; `default` when left out. A new code makes a card, which prices nothing yet. */
  rateCard?: string | null | undefined;
  /** GRADUATED and VOLUME, required: 1 to 50, ascending; the last has no `upTo`. */
  tiers?: Array<TierInput> | null | undefined;
  /** PER_UNIT, required: what `packageSize` units cost, 0 or more; at most 12 decimal places. */
  unitAmount?: string | null | undefined;
};

/** Who subscribes to what. */
export type CreateSubscriptionInput = {
  /** Codes of add-ons of the plan. */
  addOns?: Array<string> | null | undefined;
  /** Who. */
  customer: CustomerRef;
  /** Makes a retry safe for 24 hours: the same key and input answer the first outcome. */
  idempotencyKey?: string | null | undefined;
  /** Your own data. */
  metadata?: unknown;
  /** Prices and rights that this subscription alone has. */
  overrides?: SubscriptionOverridesInput | null | undefined;
  /** The code or TypeID of a plan; its version that was published last is taken. */
  plan: string;
  /** It begins once PAID grants of so much, in the plan's asset, have come in since it was made. */
  prefundAmount?: string | null | undefined;
  /** The fewest that the plan allows when left out. */
  seats?: number | null | undefined;
  /** Not before now; now when left out. Periods begin at this day and time. */
  startAt?: string | null | undefined;
  /** Where days and months are counted, an IANA name; `UTC` when left out. */
  timeZone?: string | null | undefined;
  /** Left out: the trial of the plan if it has one. A customer has one trial of a plan: the second is a CONFLICT, unless this is false. */
  trial?: boolean | null | undefined;
};

/** A new test clock. */
export type CreateTestClockInput = {
  /** Makes a retry safe for 24 hours: the same key and input answer the first outcome. */
  idempotencyKey?: string | null | undefined;
  /** What people call it, 1 to 100 characters. */
  name: string;
  /** Where it stands, before the year 9000: `2026-01-31T12:00:00Z`. The server's now when left out. */
  now?: string | null | undefined;
};

/** What a customer buys: packs, or credit in an asset for an amount of money. What is paid in another asset is converted by the exchange rate for top-ups that is in force now. */
export type CreateTopUpInput = {
  /** What is to be paid, without tax, in `currency`. Leave it out with a pack. */
  amount?: string | null | undefined;
  /** What is credited: the code or TypeID of an asset. Leave it out with a pack. */
  asset?: string | null | undefined;
  /** What is given on top, in `asset`, as a promotional grant. */
  bonus?: string | null | undefined;
  /** What it is paid in: the code of an asset; `asset` itself when left out. */
  currency?: string | null | undefined;
  /** Who pays. */
  customer: CustomerRef;
  /** What the customer reads, at most 255 characters; what is bought when left out. */
  description?: string | null | undefined;
  /** When the credit expires, 1 to 3650 days after it was credited; never when left out. */
  expiresAfterDays?: number | null | undefined;
  /** For how long it can be paid, 1800 to 86400; a day when left out. */
  expiresInSeconds?: number | null | undefined;
  /** Makes a retry safe for 24 hours: the same key and input answer the first outcome. */
  idempotencyKey?: string | null | undefined;
  /** From where the customer pays, `203.0.113.7`: counted by, and kept only as a hash. Not a part of what the idempotency key stands for. */
  ipAddress?: string | null | undefined;
  /** Your own data, which the grant gets too: `{"workspace": "acme", "invoice": "in_42"}`. */
  metadata?: unknown;
  /** The code or TypeID of a credit pack, which says all of that. */
  pack?: string | null | undefined;
  /** The code or TypeID of a payment provider; the default one when left out. */
  provider?: string | null | undefined;
  /** How many packs; 1 when left out. */
  quantity?: number | null | undefined;
  /** Where the page of the provider leads back to. */
  returnUrl?: string | null | undefined;
  /** Whether the provider keeps how it was paid, for charges without the customer. */
  saveMethod?: boolean | null | undefined;
  /** Which of the customer's wallets in the asset; `default` when left out. */
  walletName?: string | null | undefined;
};

/** What becomes of included credits when a plan changes within a period. */
export type CreditsOnChange =
  /** What is left stays; those of the new plan come on top, in full. */
  | 'KEEP'
  /** By the share of the time that is left: what the new plan has more is given, what it has less is taken back as far as it is left. The default. */
  | 'PRORATE'
  /** What is left of the included ones is taken back; those of the new plan come instead, in full. What rolled over stays. */
  | 'REPLACE_INCLUDED';

/** Names a customer, one way or the other: `{ externalId: "user_42" }`. */
export type CustomerRef =
  {   /** By your own id: `user_42`. */
  externalId: string; id?: never; }
  |  { externalId?: never;   /** By TypeID: `customer_01h455vb4pex5vsknk084sn02q`. */
  id: string | number; };

/** Whether somebody may consume something. */
export type DecisionOutcome =
  /** A charge for it would go through now; of a feature, a right covers it or lets it pass. */
  | 'ALLOW'
  /** A charge for it would be refused now, or no right covers it; `reason` says which. For want of a right alone usage is not refused: what is recorded is charged. */
  | 'DENY'
  /** A charge for it would go through and leave a THROTTLE wallet in debt, or it is beyond a right that says THROTTLE in `whenExceeded`: serve this customer in the slow lane. */
  | 'THROTTLE';

/** Why something is denied or throttled, or was not decided on at all. */
export type DecisionReason =
  /** The organization has no such asset. */
  | 'ASSET_NOT_FOUND'
  /** No such customer is visible to this credential. */
  | 'CUSTOMER_NOT_FOUND'
  /** The event would occur more than 5 minutes ahead. */
  | 'EVENT_IN_FUTURE'
  /** The event would have occurred more than 35 days ago. */
  | 'EVENT_TOO_OLD'
  /** No billable metric counts events of this type. */
  | 'EVENT_TYPE_UNKNOWN'
  /** The organization has no such feature. */
  | 'FEATURE_NOT_FOUND'
  /** The check is wrong; `issues` says where. Of a batch only. */
  | 'INPUT_INVALID'
  /** The wallet cannot cover it and its policy does not allow more. */
  | 'INSUFFICIENT_FUNDS'
  /** It is beyond the value of the right, or what may be used until `resetsAt`. Allowed or throttled where the plan says so. */
  | 'LIMIT_REACHED'
  /** The organization has no such metric. */
  | 'METRIC_NOT_FOUND'
  /** No subscription gives the customer a right to the feature. */
  | 'NOT_ENTITLED'
  /** It would leave a THROTTLE wallet in debt. */
  | 'OVERDRAWN'
  /** No rate covers it: nobody knows what it would cost. */
  | 'PRICE_NOT_FOUND'
  /** It is beyond what use of the feature may cost. */
  | 'SPEND_CAP_REACHED'
  /** It is beyond what one subject may use. */
  | 'SUBJECT_LIMIT_REACHED'
  /** The database is away and what the customer has is not known: the outcome is what `onUnavailable` says. */
  | 'UNAVAILABLE'
  /** It is beyond what may be used in a minute, hour, day or month. */
  | 'WINDOW_LIMIT_REACHED';

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

/** What an event of the log tells. Webhooks write it as `balance.changed`. */
export type EventType =
  /** A wallet has crossed an alert rule. */
  | 'ALERT_RAISED'
  /** What an alert was raised for is over. */
  | 'ALERT_RECOVERED'
  /** What a wallet may spend has changed. */
  | 'BALANCE_CHANGED'
  /** A customer was created. */
  | 'CUSTOMER_CREATED'
  /** A customer's name, email or metadata was changed. */
  | 'CUSTOMER_UPDATED'
  /** Credit was granted. */
  | 'GRANT_CREATED'
  /** A grant may pay no more for what happens from now on. */
  | 'GRANT_EXPIRED'
  /** A grant ends within the days that an alert rule names. */
  | 'GRANT_EXPIRING'
  /** A grant ends later than it was to: the trial that it is for was extended. */
  | 'GRANT_EXTENDED'
  /** A grant, or a part of it, was taken back. */
  | 'GRANT_VOIDED'
  /** Usage was paid from a hold. */
  | 'HOLD_CAPTURED'
  /** A hold has expired: what it had set aside can be spent again. */
  | 'HOLD_EXPIRED'
  /** Value was set aside by a hold. */
  | 'HOLD_PLACED'
  /** A hold was released: what it had set aside can be spent again. */
  | 'HOLD_RELEASED'
  /** A customer has to confirm a payment. */
  | 'PAYMENT_ACTION_REQUIRED'
  /** A payment is promised, and not there yet. */
  | 'PAYMENT_AUTHORIZED'
  /** A payment was canceled. */
  | 'PAYMENT_CANCELED'
  /** The change of a subscription that was paid for could not be made; the money is credit. */
  | 'PAYMENT_CHANGE_FAILED'
  /** A customer was asked for money. */
  | 'PAYMENT_CREATED'
  /** A customer has called a payment into question at his bank. */
  | 'PAYMENT_DISPUTED'
  /** A dispute of a payment was won or lost. */
  | 'PAYMENT_DISPUTE_CLOSED'
  /** A payment was not made in time. */
  | 'PAYMENT_EXPIRED'
  /** A payment has failed. */
  | 'PAYMENT_FAILED'
  /** A limit against fraud is reached, and somebody was refused to pay. */
  | 'PAYMENT_LIMITED'
  /** How a customer pays was kept. */
  | 'PAYMENT_METHOD_ATTACHED'
  /** How a customer pays is not used any more. */
  | 'PAYMENT_METHOD_DETACHED'
  /** A card of a customer expires within 30 days. */
  | 'PAYMENT_METHOD_EXPIRING'
  /** Money of a payment was given back. */
  | 'PAYMENT_REFUNDED'
  /** Money of a payment was not given back after all, and its credit is there again. */
  | 'PAYMENT_REFUND_FAILED'
  /** A payment is there, and was credited. */
  | 'PAYMENT_SETTLED'
  /** A wallet is low, and the caps of its rule are reached. */
  | 'RECHARGE_CAPPED'
  /** What a rule has asked for was not paid, or could not be asked for. */
  | 'RECHARGE_DECLINED'
  /** A wallet ran low, and its rule has asked for money. */
  | 'RECHARGE_STARTED'
  /** What a rule has asked for was paid and credited. */
  | 'RECHARGE_SUCCEEDED'
  /** A rule was declined too often, and asks no more until it has another card. */
  | 'RECHARGE_SUSPENDED'
  /** The first period of a subscription that costs something has begun. */
  | 'SUBSCRIPTION_ACTIVATED'
  /** A subscription has ended. */
  | 'SUBSCRIPTION_CANCELED'
  /** A customer was subscribed to a plan. */
  | 'SUBSCRIPTION_CREATED'
  /** A wallet does not cover the period of a subscription that was to begin, the first one or another. */
  | 'SUBSCRIPTION_PAST_DUE'
  /** A subscription was paused. */
  | 'SUBSCRIPTION_PAUSED'
  /** A further period of a subscription has begun. */
  | 'SUBSCRIPTION_RENEWED'
  /** A subscription that was paused goes on. */
  | 'SUBSCRIPTION_RESUMED'
  /** The trial of a subscription ends within three days. */
  | 'SUBSCRIPTION_TRIAL_ENDING'
  /** The plan, seats, add-ons or trial of a subscription are others, or will be at the end of its period. */
  | 'SUBSCRIPTION_UPDATED'
  /** A test clock was advanced, and everything until then is done. */
  | 'TEST_CLOCK_READY'
  /** Usage was recorded and paid for: one event for all of a committed batch. */
  | 'USAGE_RECORDED'
  /** Usage was refused for want of funds: one event for all of a committed batch. */
  | 'USAGE_REFUSED'
  /** A wallet was opened. */
  | 'WALLET_OPENED'
  /** What happens when the money ends was changed. */
  | 'WALLET_UPDATED'
  /** Nothing more is sent to a webhook endpoint until it is enabled again. */
  | 'WEBHOOK_DISABLED'
  /** Events were forgotten, by their age, before a webhook endpoint had been sent them. */
  | 'WEBHOOK_EVENTS_LOST'
  /** A withdrawal was called off, and its credit is there again. */
  | 'WITHDRAWAL_CANCELED'
  /** A withdrawal was confirmed, and waits for its hold period. */
  | 'WITHDRAWAL_CONFIRMED'
  /** A withdrawal was not confirmed in time, and its credit is there again. */
  | 'WITHDRAWAL_EXPIRED'
  /** None of the money of a withdrawal went back, and its credit is there again. */
  | 'WITHDRAWAL_FAILED'
  /** The money of a withdrawal went back, or a part of it. */
  | 'WITHDRAWAL_PAID'
  /** What a customer has paid and not spent is to go back; somebody has to confirm it. */
  | 'WITHDRAWAL_REQUESTED';

/** What a right to a feature says. */
export type FeatureKind =
  /** Whether or not: single sign-on. */
  | 'BOOLEAN'
  /** Up to a quantity of a metric, which is counted here: API calls. */
  | 'METERED'
  /** Up to a value that you count yourself: projects. */
  | 'STATIC';

/** A block of value to put into a wallet. */
export type GrantCreditInput = {
  /** Above zero, with at most the asset's decimal places: `"25"`. */
  amount: string;
  /** In what: the code or TypeID of an asset. */
  asset: string;
  /** What the customer paid for all of it. */
  costBasis?: string | null | undefined;
  /** Who gets it. */
  customer: CustomerRef;
  /** For people; at most 500 characters. */
  description?: string | null | undefined;
  /** It pays for usage that occurred from here on. Left out: from now, and for earlier usage that arrives late. */
  effectiveAt?: string | null | undefined;
  /** After now and after `effectiveAt`. Left out: never expires. */
  expiresAt?: string | null | undefined;
  /** Makes a retry safe for 24 hours: the same key and input answer the first outcome. */
  idempotencyKey?: string | null | undefined;
  /** Your own data. */
  metadata?: unknown;
  /** 0 to 100, 50 when left out; lower is drawn first. */
  priority?: number | null | undefined;
  /** PAID when left out. */
  purpose?: GrantPurpose | null | undefined;
  /** What it may pay for; anything when left out. */
  scope?: GrantScopeInput | null | undefined;
  /** `default` when left out. The wallet is opened if missing. */
  walletName?: string | null | undefined;
};

/** Why the value was given; in the burn-down order it follows priority and expiry. */
export type GrantPurpose =
  /** Included in a plan of yours. */
  | 'BUNDLED'
  /** Bought; drawn last. The default. */
  | 'PAID'
  /** Given away; drawn first. */
  | 'PROMOTIONAL'
  /** Carried over from an earlier period. */
  | 'ROLLOVER';

/** What a grant may pay for. */
export type GrantScopeInput = {
  /** Codes or TypeIDs of the billable metrics, 1 to 50. */
  metrics: Array<string>;
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

/** Bounds of a number: at least one, and at most one at each end. */
export type NumberRangeInput = {
  /** It must be above this. */
  gt?: string | null | undefined;
  /** It must be this or above. */
  gte?: string | null | undefined;
  /** It must be below this. */
  lt?: string | null | undefined;
  /** It must be this or below. */
  lte?: string | null | undefined;
};

/** What is answered when the database is away and what the customer has is not known. */
export type OnUnavailable =
  /** Fail open: serve first, and let the charge decide later. */
  | 'ALLOW'
  /** Fail closed. The default. */
  | 'DENY';

/** What has become of a payment. Only what is SETTLED is credited. */
export type PaymentStatus =
  /** It is promised, and not there yet. */
  | 'AUTHORIZED'
  /** It was called off. */
  | 'CANCELED'
  /** It was not made in time. */
  | 'EXPIRED'
  /** It was declined, or the provider will not take it. */
  | 'FAILED'
  /** It waits for the customer. */
  | 'PENDING'
  /** It is there, and was credited. It stays so, also when it is refunded. */
  | 'SETTLED';

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

/** What a subscriber may take besides; it has something in it. */
export type PlanAddOnInput = {
  /** A letter, then up to 63 letters, digits or any of `_ . : -`; each once. */
  code: string;
  /** Credits that come with it. */
  credits?: Array<PlanCreditsInput> | null | undefined;
  /** Rights that it gives, in place of those of the plan to the same features. */
  entitlements?: Array<PlanEntitlementInput> | null | undefined;
  /** What it costs. */
  fees?: Array<PlanFeeInput> | null | undefined;
  /** What subscribers read; the code when left out. */
  name?: string | null | undefined;
};

/** When included credits expire. The period is the one that they are granted for: with `every: DAY` a day, with ONCE a billing period. */
export type PlanCreditExpiry =
  /** `expiresAfterDays` days after they were granted. */
  | 'AFTER_DAYS'
  /** With the period after it. */
  | 'END_OF_NEXT_PERIOD'
  /** With their period. */
  | 'END_OF_PERIOD'
  /** Never. */
  | 'NEVER';

/** How often credits are granted. */
export type PlanCreditRhythm =
  /** With each day. */
  | 'DAY'
  /** With each month. */
  | 'MONTH'
  /** Once, at the beginning. */
  | 'ONCE'
  /** With each billing period. */
  | 'PERIOD'
  /** With each week. */
  | 'WEEK'
  /** With each year. */
  | 'YEAR';

/** Credits that come with the plan. */
export type PlanCreditsInput = {
  /** Above 0: `1000`. */
  amount: string;
  /** The code of the asset. */
  asset: string;
  /** A letter, then up to 63 letters, digits or any of `_ . : -`; each once in its list. */
  code: string;
  /** PERIOD when left out. */
  every?: PlanCreditRhythm | null | undefined;
  /** END_OF_PERIOD when left out. */
  expires?: PlanCreditExpiry | null | undefined;
  /** With AFTER_DAYS, and only then: 1 to 3650. */
  expiresAfterDays?: number | null | undefined;
  /** The amount for every seat; false when left out. */
  perSeat?: boolean | null | undefined;
  /** As of a grant, 0 (drawn first) to 100; 50 when left out. */
  priority?: number | null | undefined;
  /** True tops up to the amount and never lowers what is there; false, the default, grants it on top. Not with a rollover or ONCE. */
  refill?: boolean | null | undefined;
  /** Only with END_OF_PERIOD. Left out: what is left expires. */
  rollover?: PlanRolloverInput | null | undefined;
  /** Codes of the metrics that they pay for, at most 100; all when left out. */
  scope?: Array<string> | null | undefined;
};

/** What a version of a plan says, whole. Assets, metrics and features are named by code and must be there. A plan is in one currency. */
export type PlanDefinitionInput = {
  /** At most 50. */
  addOns?: Array<PlanAddOnInput> | null | undefined;
  /** The code of what fees, seats and the minimum are in; required with any of them. */
  asset?: string | null | undefined;
  /** Included credits; at most 50. */
  credits?: Array<PlanCreditsInput> | null | undefined;
  /** Rights; at most 200. */
  entitlements?: Array<PlanEntitlementInput> | null | undefined;
  /** Charged in advance; at most 50. */
  fees?: Array<PlanFeeInput> | null | undefined;
  /** MONTH when left out. */
  interval?: PlanInterval | null | undefined;
  /** A billing period is so many of them, three years at most; 1 when left out. */
  intervalCount?: number | null | undefined;
  /** What usage of a period comes to at least, in `asset`; the rest is charged at its end, and gives way to usage of the period that comes late. Usage counts that the plan or the overrides of the subscription price, and what the card `default` prices unless it counts for another subscription with a minimum. */
  minimum?: string | null | undefined;
  /** What usage costs; at most 1000. */
  prices?: Array<PlanPriceInput> | null | undefined;
  /** Left out: it has no seats. */
  seats?: PlanSeatsInput | null | undefined;
  /** Left out: there is none. */
  trial?: PlanTrialInput | null | undefined;
};

/** A right to a feature. For a BOOLEAN feature `enabled` is all there is; a STATIC one has a `limit`; the rest is for METERED ones. */
export type PlanEntitlementInput = {
  /** Whether subscribers have it; true when left out. */
  enabled?: boolean | null | undefined;
  /** The code of the feature; each once in its list. */
  feature: string;
  /** The value of a STATIC feature, the usage of a METERED one; no bound when left out. */
  limit?: string | null | undefined;
  /** The limit for every seat; false when left out. */
  perSeat?: boolean | null | undefined;
  /** What one `subject` may use until the reset, within the customer's limit. */
  perSubject?: string | null | undefined;
  /** PERIOD when left out. */
  reset?: PlanReset | null | undefined;
  /** A cap of what it costs. */
  spendCap?: PlanSpendCapInput | null | undefined;
  /** DENY when left out. */
  whenExceeded?: PlanExceeded | null | undefined;
  /** Caps in short times. */
  windows?: Array<PlanWindowCapInput> | null | undefined;
};

/** What is answered when a limit is exceeded. */
export type PlanExceeded =
  /** It may be done: the limit is only reported. */
  | 'ALLOW'
  /** It must not be done. */
  | 'DENY'
  /** It may be done, in the slow lane. */
  | 'THROTTLE';

/** Something charged in advance, in the plan's asset. */
export type PlanFeeInput = {
  /** Above 0: `20`. */
  amount: string;
  /** A letter, then up to 63 letters, digits or any of `_ . : -`; each once in its list. */
  code: string;
  /** RECURRING when left out. */
  kind?: PlanFeeKind | null | undefined;
  /** What subscribers read; the code when left out. */
  name?: string | null | undefined;
  /** Once for every seat; false when left out. */
  perSeat?: boolean | null | undefined;
};

/** When a fee is charged. */
export type PlanFeeKind =
  /** With the first billing period only. */
  | 'ONCE'
  /** In advance, with each billing period. */
  | 'RECURRING';

/** What a billing period is counted in. */
export type PlanInterval =
  /** Days. */
  | 'DAY'
  /** Calendar months. */
  | 'MONTH'
  /** Weeks. */
  | 'WEEK'
  /** Calendar years. */
  | 'YEAR';

/** A rate that holds for subscribers of the plan, in place of that of the card `default`. As in `createPrice`; it is in force as long as the version. */
export type PlanPriceInput = {
  /** The code of the asset it is charged in: a unit of your own, or the currency. */
  asset: string;
  /** The event properties it is for: `{"model": "gpt-4o"}`. */
  dimensions?: unknown;
  /** PERCENTAGE: what each event costs on top; 0 when left out. */
  fixedAmount?: string | null | undefined;
  /** FLAT, required: what an event costs, whatever its quantity. */
  flatAmount?: string | null | undefined;
  /** PER_UNIT: so much of each period is free: the billing period on a plan, otherwise the calendar month in UTC. It is kept as GRADUATED, with a first tier that costs nothing. */
  includedQuantity?: string | null | undefined;
  /** PERCENTAGE: an event costs at most so much. GIVEN: more is refused. */
  maximumAmount?: string | null | undefined;
  /** The code of the metric. */
  metric: string;
  /** PERCENTAGE: an event costs at least so much. GIVEN: less is refused. */
  minimumAmount?: string | null | undefined;
  /** How it prices; PER_UNIT when left out. A field that the model does not have is refused. */
  model?: PricingModel | null | undefined;
  /** PER_UNIT, GRADUATED, VOLUME: units sold together, above 0; 1 when left out. A begun package costs a whole one. */
  packageSize?: string | null | undefined;
  /** PERCENTAGE, required: `2.9` is 2.9 %; at most 10 decimal places. */
  percent?: string | null | undefined;
  /** PERCENTAGE and GIVEN: the event property that it goes by, `cost`; what the metric counts when left out. An event without it is refused. */
  property?: string | null | undefined;
  /** GRADUATED and VOLUME, required: 1 to 50, ascending; the last has no `upTo`. */
  tiers?: Array<TierInput> | null | undefined;
  /** PER_UNIT, required: what `packageSize` units cost, 0 or more; at most 12 decimal places. */
  unitAmount?: string | null | undefined;
};

/** When the usage of a feature is counted from zero again. */
export type PlanReset =
  /** With each day. */
  | 'DAY'
  /** With each month. */
  | 'MONTH'
  /** Never. */
  | 'NEVER'
  /** With each billing period. */
  | 'PERIOD'
  /** With each week. */
  | 'WEEK'
  /** With each year. */
  | 'YEAR';

/** How often something begins again. */
export type PlanRhythm =
  /** With each day. */
  | 'DAY'
  /** With each month. */
  | 'MONTH'
  /** With each billing period. */
  | 'PERIOD'
  /** With each week. */
  | 'WEEK'
  /** With each year. */
  | 'YEAR';

/** What becomes of credits that are left at the end of their period. */
export type PlanRolloverInput = {
  /** No more than this goes on. */
  maximum?: string | null | undefined;
  /** Less than this does not go on; 0 when left out. */
  minimum?: string | null | undefined;
  /** So much of what is left goes on, above 0 to 100; 100 when left out. */
  percent?: string | null | undefined;
  /** For so many further periods, 1 to 120; until it is used when left out. */
  periods?: number | null | undefined;
};

/** That the plan is sold by the seat. */
export type PlanSeatsInput = {
  /** For each further seat and period; 0 when left out. */
  amount?: string | null | undefined;
  /** Seats that cost nothing more; 0 when left out. */
  included?: number | null | undefined;
  /** At most so many; no bound when left out. */
  maximum?: number | null | undefined;
  /** At least so many; 1 when left out. */
  minimum?: number | null | undefined;
};

/** What usage of the feature's metric may cost. */
export type PlanSpendCapInput = {
  /** So much, 0 or more. */
  amount: string;
  /** The code of the asset. */
  asset: string;
  /** PERIOD when left out. */
  per?: PlanRhythm | null | undefined;
};

/** That a subscription begins with time that costs nothing. */
export type PlanTrialInput = {
  /** What is granted for the trial, in place of the credits of the plan. */
  credits?: Array<PlanCreditsInput> | null | undefined;
  /** How long, 1 to 366 days. */
  days: number;
};

/** How far a version of a plan is. */
export type PlanVersionStatus =
  /** It may still change, and nobody can subscribe to it. */
  | 'DRAFT'
  /** It never changes; subscribers stay on it until they are moved. */
  | 'PUBLISHED';

/** The length of a window with a cap of its own. */
export type PlanWindow =
  /** A day. */
  | 'DAY'
  /** An hour. */
  | 'HOUR'
  /** A minute. */
  | 'MINUTE'
  /** A month. */
  | 'MONTH';

/** A cap of usage in a short time. */
export type PlanWindowCapInput = {
  /** So much, 0 or more. */
  limit: string;
  /** How long; each once. */
  per: PlanWindow;
};

/** What a change would book. */
export type PreviewLineKind =
  /** It would be paid from the wallet. */
  | 'CHARGED'
  /** It would come into the wallet. */
  | 'GRANTED'
  /** It would be taken out of what was given. */
  | 'TAKEN_BACK';

/** How a rate makes an amount of a quantity. Each rounds once, half-even. A period is that of the subscription whose plan has the price, otherwise the calendar month in UTC. */
export type PricingModel =
  /** Each event costs `flatAmount`, whatever its quantity. */
  | 'FLAT'
  /** The quantity or `property` is the amount; outside of `minimumAmount` to `maximumAmount` the event is refused. */
  | 'GIVEN'
  /** By `tiers`, each for its own part of what is used in a period. The charges of a period add up to the price of its total exactly, in any order. */
  | 'GRADUATED'
  /** `percent` of the quantity or of `property`, and `fixedAmount` on top, between `minimumAmount` and `maximumAmount`. */
  | 'PERCENTAGE'
  /** The quantity times `unitAmount`; with `packageSize`, whole packages. The default. */
  | 'PER_UNIT'
  /** By the one of the `tiers` that the total of the period gets into, for all of it. A charge is what is missing from the price of the total; where that falls nothing is charged. */
  | 'VOLUME';

/** A condition on one event property: exactly one of `equals`, `in`, `exists` and `range`. Numbers and booleans compare by what they read as: `1` and `"1"` are one value. */
export type PropertyFilterInput = {
  /** The value it must have: `eu`. */
  equals?: string | null | undefined;
  /** Whether it must be there (true) or must not (false). */
  exists?: boolean | null | undefined;
  /** The values it may have, 1 to 100 of them. */
  in?: Array<string> | null | undefined;
  /** The name of the property: `region`. */
  property: string;
  /** Where it must lie. A text that is no number lies in no range. */
  range?: NumberRangeInput | null | undefined;
};

/** Which draft becomes a version. */
export type PublishPlanInput = {
  /** Makes a retry safe for 24 hours: the same key and input answer the first outcome. */
  idempotencyKey?: string | null | undefined;
  /** The number of the draft that you have seen; another one is a Conflict. Left out: whichever there is. */
  number?: number | null | undefined;
  /** The code or the id of the plan. */
  plan: string;
};

/** Events to record together. */
export type RecordUsageBatchInput = {
  /** 1 to 1000 events. Each has its own outcome; one that is refused stops no other. */
  events: Array<UsageEventInput>;
};

/** What a plan shall say. */
export type SavePlanDraftInput = {
  /** The code of the plan, which is made when it is not there yet: a letter, then up to 63 letters, digits or any of `_ . : -`. */
  code: string;
  /** What it says, whole: what is left out here is not in the draft. */
  definition: PlanDefinitionInput;
  /** At most 1000 characters. Left out: it stays; null takes it away. */
  description?: string | null | undefined;
  /** Makes a retry safe for 24 hours: the same key and input answer the first outcome. */
  idempotencyKey?: string | null | undefined;
  /** At most 255 characters. Left out: it stays, and is the code of a new plan. */
  name?: string | null | undefined;
};

/** A change of a subscription. */
export type SubscriptionChangeInput = {
  /** Left out: those of now that the plan has, too. */
  addOns?: Array<string> | null | undefined;
  /** PRORATE when left out. With NOW only: otherwise nothing is left of the period. */
  credits?: CreditsOnChange | null | undefined;
  /** The code or TypeID of a plan, which stands for its version published last, or the TypeID of a version. Left out: it stays. */
  plan?: string | null | undefined;
  /** Left out: as many as now. With NOW, not below those in use. */
  seats?: number | null | undefined;
  /** Its TypeID. */
  subscription: string | number;
  /** At once, or later. */
  when: SubscriptionWhen;
};

/** What a subscription was charged for. */
export type SubscriptionChargeKind =
  /** What usage of a period was short of the minimum. It gives way to usage of the period that comes late: `returned` is what came back of it. */
  | 'MINIMUM'
  /** A fee that comes once. */
  | 'ONCE'
  /** A change, for the rest of a period. */
  | 'PRORATION'
  /** A fee of a period. */
  | 'RECURRING'
  /** Seats beyond the included ones, for a period. */
  | 'SEATS';

/** What one subscription has in place of what its plan says: a contract of its own. What is not here is as the plan says. In the currency of the plan. */
export type SubscriptionOverridesInput = {
  /** Rights; each takes the place of that to the same feature. */
  entitlements?: Array<PlanEntitlementInput> | null | undefined;
  /** What usage costs; they come before those of the plan. */
  prices?: Array<PlanPriceInput> | null | undefined;
};

/** How a subscription stands. */
export type SubscriptionStatus =
  /** Its period is paid for. */
  | 'ACTIVE'
  /** It has ended. */
  | 'CANCELED'
  /** It has begun, and the wallet does not cover the period that was to follow. No credits come with it until it does; it is tried again when the wallet changes. */
  | 'PAST_DUE'
  /** Nothing is charged and no credits come until it is resumed. */
  | 'PAUSED'
  /** It has not begun: its start, or what has to be paid in, has not come, or the wallet does not cover its first period. It gives no rights. */
  | 'PENDING'
  /** Its trial runs; nothing has been charged. */
  | 'TRIALING';

/** When a change of a subscription is made. */
export type SubscriptionWhen =
  /** At once. */
  | 'NOW'
  /** When the period that is paid for ends. */
  | 'PERIOD_END';

/** What a test clock does. */
export type TestClockStatus =
  /** It is on its way to `target`; a worker does what is due until then. */
  | 'ADVANCING'
  /** It stands still, and everything until its now is done. */
  | 'READY';

/** A part of a quantity, from where the tier before it ends. */
export type TierInput = {
  /** What it costs once, when the quantity gets into it, 0 or more; 0 when left out. */
  flatAmount?: string | null | undefined;
  /** What `packageSize` units in it cost, 0 or more; 0 when left out. */
  unitAmount?: string | null | undefined;
  /** The last quantity that belongs to it, above that of the tier before; left out in the last tier, and only there. */
  upTo?: string | null | undefined;
};

/** What makes units of each value before it is counted, such as begun minutes of seconds: `{ divide: "60", rounding: CEILING }`. */
export type UnitConversionInput = {
  /** Then it is divided; above 0, at most 10^12; 1 when left out. */
  divide?: string | null | undefined;
  /** First it is multiplied; above 0, at most 10^12; 1 when left out. */
  multiply?: string | null | undefined;
  /** Then it is rounded; NONE when left out. */
  rounding?: UnitRounding | null | undefined;
};

/** How a converted value becomes a whole number of units. */
export type UnitRounding =
  /** Begun units count. */
  | 'CEILING'
  /** Only full units count. */
  | 'FLOOR'
  /** To the nearest; half a unit counts. */
  | 'HALF_UP'
  /** It does not: it keeps its decimal places, at most 12. */
  | 'NONE';

/** Which events to list; everything that is given must hold. */
export type UsageEventFilter = {
  /** Who consumed. */
  customer?: CustomerRef | null | undefined;
  /** Exactly this id of yours. */
  eventId?: string | null | undefined;
  /** Before. */
  occurredBefore?: string | null | undefined;
  /** At or after. */
  occurredFrom?: string | null | undefined;
  /** Exactly this subject. */
  subject?: string | null | undefined;
  /** Exactly this type. */
  type?: string | null | undefined;
};

/** One thing consumed. */
export type UsageEventInput = {
  /** Who consumed. */
  customer: CustomerRef;
  /** Your id for it, unique per customer for ever; 1 to 255 characters. Derive it from what happened (a request id), never from the clock: then a retry is safe at any time. */
  eventId: string;
  /** The TypeID of a hold of this customer: what it costs is paid from the hold first, which stays open. */
  holdId?: string | number | null | undefined;
  /** When it happened: up to 35 days back and 5 minutes ahead. Now when left out. */
  occurredAt?: string | null | undefined;
  /** What metrics count and prices distinguish: `{ "model": "gpt-4o", "input_tokens": 374 }`. Quantities are numbers or plain decimal strings; a number of more than 15 digits that is not whole is refused, for JSON does not keep it exactly. */
  properties?: unknown;
  /** Who or what within the customer: a user, a project. */
  subject?: string | null | undefined;
  /** What happened: `llm.request`. Metrics count by it. */
  type: string;
};

export type CreateCustomerMutationVariables = Exact<{
  input: CreateCustomerInput;
}>;


export type CreateCustomerMutation = { createCustomer:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'CreateCustomerPayload', created: boolean, customer: { id: string, externalId: string, name: string | null } }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string }
   };

export type CreateAssetMutationVariables = Exact<{
  input: CreateAssetInput;
}>;


export type CreateAssetMutation = { createAsset:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'CreateAssetPayload', created: boolean, asset: { id: string, code: string, kind: AssetKind, scale: number } }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string }
   };

export type GrantCreditMutationVariables = Exact<{
  input: GrantCreditInput;
}>;


export type GrantCreditMutation = { grantCredit:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'GrantCreditPayload', grant: { id: string, amount: string, remaining: string, purpose: GrantPurpose }, wallet: { id: string, balance: { settled: string, available: string } } }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: string, message: string }> }
   };

export type CreateBillableMetricMutationVariables = Exact<{
  input: CreateBillableMetricInput;
}>;


export type CreateBillableMetricMutation = { createBillableMetric:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'CreateBillableMetricPayload', created: boolean, metric: { id: string, code: string, eventType: string, aggregation: Aggregation, property: string | null } }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string }
   };

export type CreatePriceMutationVariables = Exact<{
  input: CreatePriceInput;
}>;


export type CreatePriceMutation = { createPrice:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'CreatePricePayload', created: boolean, rate: { id: string, dimensions: unknown, unitAmount: string | null, effectiveFrom: string | null } }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string }
   };

export type RecordUsageMutationVariables = Exact<{
  input: UsageEventInput;
}>;


export type RecordUsageMutation = { recordUsage:
    | { __typename: 'ConflictError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'EventTimeError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'EventTypeUnknownError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'HoldClosedError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'InsufficientFundsError', available: string, required: string, shortfall: string, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'OverloadedError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'PriceNotFoundError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'UsageRecorded', duplicate: boolean, event: { id: string, occurredAt: string }, charges: Array<{ quantity: string, amount: string, asset: { code: string }, draws: Array<{ amount: string, grant: { id: string } | null }> }>, balances: Array<{ version: unknown, balance: { available: string } }> }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, retryable: boolean }
   };

export type RecordUsageBatchMutationVariables = Exact<{
  input: RecordUsageBatchInput;
}>;


export type RecordUsageBatchMutation = { recordUsageBatch:
    | { __typename: 'RecordUsageBatchPayload', recorded: number, duplicates: number, refused: number, outcomes: Array<
        | { __typename: 'ConflictError', code: ErrorCode, message: string }
        | { __typename: 'EventTimeError', code: ErrorCode, message: string }
        | { __typename: 'EventTypeUnknownError', code: ErrorCode, message: string }
        | { __typename: 'HoldClosedError', code: ErrorCode, message: string }
        | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string }
        | { __typename: 'InsufficientFundsError', code: ErrorCode, message: string }
        | { __typename: 'NotFoundError', code: ErrorCode, message: string }
        | { __typename: 'OverloadedError', code: ErrorCode, message: string }
        | { __typename: 'PriceNotFoundError', code: ErrorCode, message: string }
        | { __typename: 'UsageRecorded', duplicate: boolean, charges: Array<{ amount: string }> }
        | { __typename: 'ValidationError', code: ErrorCode, message: string }
      > }
    | { __typename: 'ValidationError', code: ErrorCode, message: string }
   };

export type CustomerWalletsQueryVariables = Exact<{
  ref: CustomerRef;
}>;


export type CustomerWalletsQuery = { customer: { id: string, name: string | null, wallets: Array<{ id: string, name: string, version: unknown, asset: { code: string }, balance: { settled: string, held: string, available: string, pending: string }, grants: { edges: Array<{ node: { id: string, purpose: GrantPurpose, remaining: string, expiresAt: string | null } }> } }> } | null };

export type ExplainChargesQueryVariables = Exact<{
  filter?: UsageEventFilter | null | undefined;
}>;


export type ExplainChargesQuery = { usageEvents: { edges: Array<{ node: { eventId: string, type: string, occurredAt: string, properties: unknown, charges: Array<{ quantity: string, amount: string, metric: { code: string }, rate: { unitAmount: string | null, packageSize: string, dimensions: unknown, effectiveFrom: string | null }, draws: Array<{ amount: string, grant: { id: string, purpose: GrantPurpose } | null }> }> } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type WatchBalanceSubscriptionVariables = Exact<{
  walletId: string | number;
}>;


export type WatchBalanceSubscription = { balanceChanged: { version: unknown, at: string, balance: { settled: string, available: string }, wallet: { asset: { code: string } } } };

export type CreateAlertRuleMutationVariables = Exact<{
  input: CreateAlertRuleInput;
}>;


export type CreateAlertRuleMutation = { createAlertRule:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'CreateAlertRulePayload', alertRule: { id: string, name: string | null } }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: string, message: string }> }
   };

export type ReadEventsQueryVariables = Exact<{
  last: number;
}>;


export type ReadEventsQuery = { events: { edges: Array<{ cursor: string, node:
        | { type: EventType, at: string, alert: { kind: AlertKind, threshold: string | null, observed: string }, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { cause: BalanceCause, type: EventType, at: string, balance: { available: string }, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
        | { type: EventType, at: string, customer: { externalId: string } | null }
       }> } };

export type FollowEventsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
  types?: Array<EventType> | EventType | null | undefined;
}>;


export type FollowEventsSubscription = { events:
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
    | { id: string, type: EventType, cursor: string, sequence: unknown, customer: { externalId: string } | null }
   };

export type CreateFeatureMutationVariables = Exact<{
  input: CreateFeatureInput;
}>;


export type CreateFeatureMutation = { createFeature:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'CreateFeaturePayload', created: boolean, feature: { id: string, code: string, kind: FeatureKind } }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string }
   };

export type SavePlanMutationVariables = Exact<{
  input: SavePlanDraftInput;
}>;


export type SavePlanMutation = { savePlanDraft:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SavePlanDraftPayload', changed: boolean, version: { number: number, status: PlanVersionStatus, document: unknown } }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: string, message: string }> }
   };

export type PublishPlanMutationVariables = Exact<{
  input: PublishPlanInput;
}>;


export type PublishPlanMutation = { publishPlan:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'PublishPlanPayload', published: boolean, version: { id: string, number: number, status: PlanVersionStatus, rateCard: { code: string } | null } }
    | { __typename: 'ValidationError', code: ErrorCode, message: string }
   };

export type CreateSubscriptionMutationVariables = Exact<{
  input: CreateSubscriptionInput;
}>;


export type CreateSubscriptionMutation = { createSubscription:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'CreateSubscriptionPayload', subscription: { id: string, status: SubscriptionStatus, planName: string, seats: number, trialEndsAt: string | null, currentPeriod: { startsAt: string, endsAt: string } | null } }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string }
    | { __typename: 'InsufficientFundsError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: string, message: string }> }
   };

export type ReadSubscriptionQueryVariables = Exact<{
  id: string | number;
  change: SubscriptionChangeInput;
  preview: boolean;
}>;


export type ReadSubscriptionQuery = { subscription: { id: string, status: SubscriptionStatus, planName: string, cancelAt: string | null, currentPeriod: { startsAt: string, endsAt: string } | null, charges: { edges: Array<{ node: { kind: SubscriptionChargeKind, code: string, amount: string, period: { startsAt: string, endsAt: string } } }> } } | null, previewSubscriptionChange?:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string }
    | { __typename: 'InsufficientFundsError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SubscriptionChangePreview', nextAmount: string, nextAt: string | null, lines: Array<{ kind: PreviewLineKind, amount: string, asset: { code: string } }> }
    | { __typename: 'ValidationError', code: ErrorCode, message: string }
   };

export type CanConsumeQueryVariables = Exact<{
  input: CanConsumeInput;
}>;


export type CanConsumeQuery = { canConsume: { outcome: DecisionOutcome, reason: DecisionReason | null, required: string | null, available: string | null, shortfall: string | null, asOf: string, asset: { code: string } | null } };

export type PlaceHoldMutationVariables = Exact<{
  input: PlaceHoldInput;
}>;


export type PlaceHoldMutation = { placeHold:
    | { __typename: 'ConflictError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'EventTimeError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'EventTypeUnknownError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'HoldClosedError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'InsufficientFundsError', available: string, required: string, shortfall: string, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'OverloadedError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'PlaceHoldPayload', created: boolean, hold: { id: string, status: HoldStatus, held: string, expiresAt: string }, balance: { balance: { settled: string, held: string, available: string } } }
    | { __typename: 'PriceNotFoundError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, retryable: boolean }
   };

export type CaptureHoldMutationVariables = Exact<{
  input: CaptureHoldInput;
}>;


export type CaptureHoldMutation = { captureHold:
    | { __typename: 'CaptureHoldPayload', duplicate: boolean, late: boolean, hold: { status: HoldStatus, amount: string, captured: string }, events: Array<{ duplicate: boolean, charges: Array<{ quantity: string, amount: string }> }>, balance: { balance: { settled: string, held: string, available: string } } }
    | { __typename: 'ConflictError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'EventTimeError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'EventTypeUnknownError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'HoldClosedError', status: HoldStatus, code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'InsufficientFundsError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'OverloadedError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'PriceNotFoundError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, retryable: boolean }
   };

export type RunTestClockMutationVariables = Exact<{
  create: CreateTestClockInput;
  advance: AdvanceTestClockInput;
  go: boolean;
}>;


export type RunTestClockMutation = { createTestClock?:
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'CreateTestClockPayload', testClock: { id: string, now: string } }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string }
  , advanceTestClock?:
    | { __typename: 'AdvanceTestClockPayload', testClock: { id: string, status: TestClockStatus, now: string, target: string | null } }
    | { __typename: 'ConflictError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string }
   };

export type CreateTopUpMutationVariables = Exact<{
  input: CreateTopUpInput;
}>;


export type CreateTopUpMutation = { createTopUp:
    | { __typename: 'ConflictError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'CreateTopUpPayload', payment: { id: string, status: PaymentStatus, amount: string, checkout: { url: string | null, instructions: unknown } | null } }
    | { __typename: 'ExchangeRateNotFoundError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'IdempotencyMismatchError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'PaymentLimitError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'PaymentProviderRefusedError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'PaymentProviderUnavailableError', code: ErrorCode, message: string, retryable: boolean }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, retryable: boolean }
   };

export type ReadPaymentsQueryVariables = Exact<{
  customer: CustomerRef;
}>;


export type ReadPaymentsQuery = { customer: { payments: { edges: Array<{ node: { id: string, status: PaymentStatus, paid: string, tax: string, asset: { code: string }, failure: { code: string, message: string } | null, credits: { edges: Array<{ node: { credit: string, bonus: string, grant: { id: string, remaining: string } | null } }> } } }> } } | null };

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

export const CreateCustomerDocument = new TypedDocumentString(`
    mutation CreateCustomer($input: CreateCustomerInput!) {
  createCustomer(input: $input) {
    __typename
    ... on CreateCustomerPayload {
      created
      customer {
        id
        externalId
        name
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<CreateCustomerMutation, CreateCustomerMutationVariables>;
export const CreateAssetDocument = new TypedDocumentString(`
    mutation CreateAsset($input: CreateAssetInput!) {
  createAsset(input: $input) {
    __typename
    ... on CreateAssetPayload {
      created
      asset {
        id
        code
        kind
        scale
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<CreateAssetMutation, CreateAssetMutationVariables>;
export const GrantCreditDocument = new TypedDocumentString(`
    mutation GrantCredit($input: GrantCreditInput!) {
  grantCredit(input: $input) {
    __typename
    ... on GrantCreditPayload {
      grant {
        id
        amount
        remaining
        purpose
      }
      wallet {
        id
        balance {
          settled
          available
        }
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<GrantCreditMutation, GrantCreditMutationVariables>;
export const CreateBillableMetricDocument = new TypedDocumentString(`
    mutation CreateBillableMetric($input: CreateBillableMetricInput!) {
  createBillableMetric(input: $input) {
    __typename
    ... on CreateBillableMetricPayload {
      created
      metric {
        id
        code
        eventType
        aggregation
        property
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<CreateBillableMetricMutation, CreateBillableMetricMutationVariables>;
export const CreatePriceDocument = new TypedDocumentString(`
    mutation CreatePrice($input: CreatePriceInput!) {
  createPrice(input: $input) {
    __typename
    ... on CreatePricePayload {
      created
      rate {
        id
        dimensions
        unitAmount
        effectiveFrom
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<CreatePriceMutation, CreatePriceMutationVariables>;
export const RecordUsageDocument = new TypedDocumentString(`
    mutation RecordUsage($input: UsageEventInput!) {
  recordUsage(input: $input) {
    __typename
    ... on UsageRecorded {
      duplicate
      event {
        id
        occurredAt
      }
      charges {
        quantity
        amount
        asset {
          code
        }
        draws {
          amount
          grant {
            id
          }
        }
      }
      balances {
        version
        balance {
          available
        }
      }
    }
    ... on InsufficientFundsError {
      available
      required
      shortfall
    }
    ... on Error {
      code
      message
      retryable
    }
  }
}
    `) as unknown as TypedDocumentString<RecordUsageMutation, RecordUsageMutationVariables>;
export const RecordUsageBatchDocument = new TypedDocumentString(`
    mutation RecordUsageBatch($input: RecordUsageBatchInput!) {
  recordUsageBatch(input: $input) {
    __typename
    ... on RecordUsageBatchPayload {
      recorded
      duplicates
      refused
      outcomes {
        __typename
        ... on UsageRecorded {
          duplicate
          charges {
            amount
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RecordUsageBatchMutation, RecordUsageBatchMutationVariables>;
export const CustomerWalletsDocument = new TypedDocumentString(`
    query CustomerWallets($ref: CustomerRef!) {
  customer(ref: $ref) {
    id
    name
    wallets {
      id
      name
      version
      asset {
        code
      }
      balance {
        settled
        held
        available
        pending
      }
      grants(first: 5, openOnly: true) {
        edges {
          node {
            id
            purpose
            remaining
            expiresAt
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CustomerWalletsQuery, CustomerWalletsQueryVariables>;
export const ExplainChargesDocument = new TypedDocumentString(`
    query ExplainCharges($filter: UsageEventFilter) {
  usageEvents(first: 10, filter: $filter) {
    edges {
      node {
        eventId
        type
        occurredAt
        properties
        charges {
          metric {
            code
          }
          quantity
          rate {
            unitAmount
            packageSize
            dimensions
            effectiveFrom
          }
          amount
          draws {
            amount
            grant {
              id
              purpose
            }
          }
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<ExplainChargesQuery, ExplainChargesQueryVariables>;
export const WatchBalanceDocument = new TypedDocumentString(`
    subscription WatchBalance($walletId: ID!) {
  balanceChanged(walletId: $walletId) {
    version
    at
    balance {
      settled
      available
    }
    wallet {
      asset {
        code
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WatchBalanceSubscription, WatchBalanceSubscriptionVariables>;
export const CreateAlertRuleDocument = new TypedDocumentString(`
    mutation CreateAlertRule($input: CreateAlertRuleInput!) {
  createAlertRule(input: $input) {
    __typename
    ... on CreateAlertRulePayload {
      alertRule {
        id
        name
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CreateAlertRuleMutation, CreateAlertRuleMutationVariables>;
export const ReadEventsDocument = new TypedDocumentString(`
    query ReadEvents($last: Int!) {
  events(last: $last) {
    edges {
      cursor
      node {
        type
        at
        customer {
          externalId
        }
        ... on AlertRaisedEvent {
          alert {
            kind
            threshold
            observed
          }
        }
        ... on BalanceChangedEvent {
          cause
          balance {
            available
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ReadEventsQuery, ReadEventsQueryVariables>;
export const FollowEventsDocument = new TypedDocumentString(`
    subscription FollowEvents($after: String, $types: [EventType!]) {
  events(after: $after, types: $types) {
    id
    type
    cursor
    sequence
    customer {
      externalId
    }
  }
}
    `) as unknown as TypedDocumentString<FollowEventsSubscription, FollowEventsSubscriptionVariables>;
export const CreateFeatureDocument = new TypedDocumentString(`
    mutation CreateFeature($input: CreateFeatureInput!) {
  createFeature(input: $input) {
    __typename
    ... on CreateFeaturePayload {
      created
      feature {
        id
        code
        kind
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<CreateFeatureMutation, CreateFeatureMutationVariables>;
export const SavePlanDocument = new TypedDocumentString(`
    mutation SavePlan($input: SavePlanDraftInput!) {
  savePlanDraft(input: $input) {
    __typename
    ... on SavePlanDraftPayload {
      changed
      version {
        number
        status
        document
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SavePlanMutation, SavePlanMutationVariables>;
export const PublishPlanDocument = new TypedDocumentString(`
    mutation PublishPlan($input: PublishPlanInput!) {
  publishPlan(input: $input) {
    __typename
    ... on PublishPlanPayload {
      published
      version {
        id
        number
        status
        rateCard {
          code
        }
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<PublishPlanMutation, PublishPlanMutationVariables>;
export const CreateSubscriptionDocument = new TypedDocumentString(`
    mutation CreateSubscription($input: CreateSubscriptionInput!) {
  createSubscription(input: $input) {
    __typename
    ... on CreateSubscriptionPayload {
      subscription {
        id
        status
        planName
        seats
        trialEndsAt
        currentPeriod {
          startsAt
          endsAt
        }
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CreateSubscriptionMutation, CreateSubscriptionMutationVariables>;
export const ReadSubscriptionDocument = new TypedDocumentString(`
    query ReadSubscription($id: ID!, $change: SubscriptionChangeInput!, $preview: Boolean!) {
  subscription(id: $id) {
    id
    status
    planName
    currentPeriod {
      startsAt
      endsAt
    }
    cancelAt
    charges(first: 10) {
      edges {
        node {
          kind
          code
          amount
          period {
            startsAt
            endsAt
          }
        }
      }
    }
  }
  previewSubscriptionChange(input: $change) @include(if: $preview) {
    __typename
    ... on SubscriptionChangePreview {
      lines {
        kind
        amount
        asset {
          code
        }
      }
      nextAmount
      nextAt
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ReadSubscriptionQuery, ReadSubscriptionQueryVariables>;
export const CanConsumeDocument = new TypedDocumentString(`
    query CanConsume($input: CanConsumeInput!) {
  canConsume(input: $input) {
    outcome
    reason
    required
    available
    shortfall
    asset {
      code
    }
    asOf
  }
}
    `) as unknown as TypedDocumentString<CanConsumeQuery, CanConsumeQueryVariables>;
export const PlaceHoldDocument = new TypedDocumentString(`
    mutation PlaceHold($input: PlaceHoldInput!) {
  placeHold(input: $input) {
    __typename
    ... on PlaceHoldPayload {
      created
      hold {
        id
        status
        held
        expiresAt
      }
      balance {
        balance {
          settled
          held
          available
        }
      }
    }
    ... on InsufficientFundsError {
      available
      required
      shortfall
    }
    ... on Error {
      code
      message
      retryable
    }
  }
}
    `) as unknown as TypedDocumentString<PlaceHoldMutation, PlaceHoldMutationVariables>;
export const CaptureHoldDocument = new TypedDocumentString(`
    mutation CaptureHold($input: CaptureHoldInput!) {
  captureHold(input: $input) {
    __typename
    ... on CaptureHoldPayload {
      duplicate
      late
      hold {
        status
        amount
        captured
      }
      events {
        duplicate
        charges {
          quantity
          amount
        }
      }
      balance {
        balance {
          settled
          held
          available
        }
      }
    }
    ... on HoldClosedError {
      status
    }
    ... on Error {
      code
      message
      retryable
    }
  }
}
    `) as unknown as TypedDocumentString<CaptureHoldMutation, CaptureHoldMutationVariables>;
export const RunTestClockDocument = new TypedDocumentString(`
    mutation RunTestClock($create: CreateTestClockInput!, $advance: AdvanceTestClockInput!, $go: Boolean!) {
  createTestClock(input: $create) @skip(if: $go) {
    __typename
    ... on CreateTestClockPayload {
      testClock {
        id
        now
      }
    }
    ... on Error {
      code
      message
    }
  }
  advanceTestClock(input: $advance) @include(if: $go) {
    __typename
    ... on AdvanceTestClockPayload {
      testClock {
        id
        status
        now
        target
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RunTestClockMutation, RunTestClockMutationVariables>;
export const CreateTopUpDocument = new TypedDocumentString(`
    mutation CreateTopUp($input: CreateTopUpInput!) {
  createTopUp(input: $input) {
    __typename
    ... on CreateTopUpPayload {
      payment {
        id
        status
        amount
        checkout {
          url
          instructions
        }
      }
    }
    ... on Error {
      code
      message
      retryable
    }
  }
}
    `) as unknown as TypedDocumentString<CreateTopUpMutation, CreateTopUpMutationVariables>;
export const ReadPaymentsDocument = new TypedDocumentString(`
    query ReadPayments($customer: CustomerRef!) {
  customer(ref: $customer) {
    payments(first: 10) {
      edges {
        node {
          id
          status
          paid
          tax
          asset {
            code
          }
          failure {
            code
            message
          }
          credits(first: 5) {
            edges {
              node {
                credit
                bonus
                grant {
                  id
                  remaining
                }
              }
            }
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ReadPaymentsQuery, ReadPaymentsQueryVariables>;