import { fromString, fromUUID, parseTypeId, type TypeId, toUUID } from 'typeid-js';
import { v7 } from 'uuid';
import { fromEpochMs } from './clock.ts';
import { uuidText } from './uuid.ts';

/** The TypeID prefix of every noun that has an id of its own. */
export const PREFIXES = {
  organization: 'org',
  apiKey: 'key',
  signingKey: 'sign',
  customer: 'customer',
  asset: 'asset',
  metric: 'metric',
  rateCard: 'ratecard',
  price: 'price',
  rate: 'rate',
  feature: 'feature',
  plan: 'plan',
  planVersion: 'planver',
  creditPack: 'pack',
  exchangeRate: 'fx',
  wallet: 'wallet',
  grant: 'grant',
  hold: 'hold',
  adjustment: 'adjustment',
  usageEvent: 'event',
  webhookEndpoint: 'whep',
  webhookDelivery: 'whdl',
  alertRule: 'alertrule',
  alert: 'alert',
  testClock: 'clock',
  subscription: 'sub',
  subscriptionCharge: 'subcharge',
  paymentProvider: 'payprov',
  payment: 'payment',
  paymentMethod: 'paymethod',
  paymentCredit: 'paycredit',
  paymentRefund: 'refund',
  paymentDispute: 'dispute',
  withdrawal: 'withdraw',
  paymentEvent: 'payevent',
  paymentMismatch: 'paymismatch',
  paymentLink: 'paylink',
  autoRechargeRule: 'rechargerule',
} as const;

export type Noun = keyof typeof PREFIXES;

/** A UUIDv7 in its stored form, branded with what it identifies. */
export type Id<N extends Noun> = string & { readonly __noun: N };

/** Sorts before all ids: behind it begins who reads page by page. */
export const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Begins with its milliseconds: RFC 9562, 5.7. */
const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7/;

const bytes = new Uint8Array(16);

/** A new time-ordered id; ids made by one process ascend. */
export function newId<N extends Noun>(_noun: N): Id<N> {
  return uuidText(v7(undefined, bytes)) as Id<N>;
}

/** What the world sees: `wallet_01h455vb4pex5vsknk084sn02q`. */
export function toTypeId<N extends Noun>(noun: N, id: string): string {
  return fromUUID(id, PREFIXES[noun]);
}

/** The stored id behind a TypeID of this noun; null when the text is anything else. */
export function fromTypeId<N extends Noun>(noun: N, text: string): Id<N> | null {
  if (!text.startsWith(`${PREFIXES[noun]}_`)) return null;
  try {
    return toUUID(fromString(text, PREFIXES[noun])) as Id<N>;
  } catch {
    return null;
  }
}

const NOUN_BY_PREFIX = new Map<string, Noun>(
  Object.entries(PREFIXES).map(([noun, prefix]) => [prefix, noun as Noun]),
);

/** Which noun a TypeID names, and its stored id; null when it is not one of ours. */
export function parseId(text: string): { noun: Noun; id: string } | null {
  try {
    const noun = NOUN_BY_PREFIX.get(parseTypeId(text as TypeId<string>).prefix);
    const id = noun && fromTypeId(noun, text);
    return noun && id ? { noun, id } : null;
  } catch {
    return null;
  }
}

/** When the thing behind a TypeID of any noun was made, to the millisecond, as its UUIDv7 says; null when the text is none. */
export function instantOf(text: string): Date | null {
  try {
    const { prefix } = parseTypeId(text as TypeId<string>);
    const [, high, low] = UUID_V7.exec(toUUID(fromString(text, prefix))) ?? [];
    return high && low ? fromEpochMs(Number.parseInt(high + low, 16)) : null;
  } catch {
    return null;
  }
}
