import { createChecker } from '../kit/check.ts';
import { DAY_MS, SECOND_MS } from '../kit/clock.ts';
import { type Exact, plain } from '../kit/decimal.ts';
import { wordsOf } from '../kit/refusal.ts';
import type { PlaceHoldInput } from './generated/graphql.ts';
import { LeaseError } from './lease-error.ts';
import type { LeaseOptions } from './sdk.js';

/** What a lease goes by. */
export interface Terms extends Pick<LeaseOptions, 'onLow' | 'onRefused' | 'onTrouble'> {
  readonly endpoint: string;
  readonly key: string;
  /** What the hold is placed for, but how much and for how long. */
  readonly place: Omit<PlaceHoldInput, 'amount' | 'ttlSeconds' | 'idempotencyKey'>;
  readonly block: Exact;
  readonly lowWater: Exact;
  readonly ttlSeconds: number;
  readonly flushEveryMs: number;
  readonly maxWaiting: number;
}

const MAX_TTL_SECONDS = DAY_MS / SECOND_MS;
const MOST_WAITING = 1_000_000;

/** Below this a renewal could not come in time. */
const MIN_TTL_SECONDS = 2;

/** Checks all options before anything is asked. Whether there is such an asset only the server knows. */
export function readOptions(options: LeaseOptions): Terms {
  const check = createChecker();
  const { url, key, ttlSeconds = 600, flushEveryMs = 2 * SECOND_MS, maxWaiting = 10_000 } = options;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    check.note('url', 'BAD_FORMAT', 'Give an address such as http://127.0.0.1:4000.');
  }
  const block = check.positive('block', options.block);
  const lowWater = check.positive('lowWater', options.lowWater);
  if (check.fault() === null && lowWater >= block) {
    const message = `Must be below the block, which is ${plain(block)}.`;
    check.note('lowWater', 'OUT_OF_RANGE', message);
  }
  const terms = {
    endpoint: `${String(url)
      .replace(/\/+$/, '')
      .replace(/\/graphql$/, '')}/graphql`,
    key: check.text('key', String(key ?? ''), 500),
    place: readPlace(options, check.note),
    block,
    lowWater,
    ttlSeconds: check.integer('ttlSeconds', ttlSeconds, MIN_TTL_SECONDS, MAX_TTL_SECONDS),
    flushEveryMs: check.integer('flushEveryMs', flushEveryMs, 0, DAY_MS),
    maxWaiting: check.integer('maxWaiting', maxWaiting, 1, MOST_WAITING),
  };
  const fault = check.fault();
  if (fault) throw new LeaseError('BAD_OPTIONS', wordsOf(fault.issues));
  const { onLow, onRefused, onTrouble } = options;
  return {
    ...terms,
    ...(onLow && { onLow }),
    ...(onRefused && { onRefused }),
    ...(onTrouble && { onTrouble }),
  };
}

/** Only a program without types can say neither or both; it is told here, and not by a hold of something else. */
function readPlace(
  options: LeaseOptions,
  note: ReturnType<typeof createChecker>['note'],
): Terms['place'] {
  const customer: { id?: unknown; externalId?: unknown } = options.customer ?? {};
  const names = [customer.id, customer.externalId].filter((name) => typeof name === 'string');
  if (names.length !== 1) note('customer', 'REQUIRED', 'Give its id or its externalId.');
  const asset = 'asset' in options && options.asset ? { asset: options.asset } : {};
  if (!('metric' in options)) {
    if (!('asset' in asset))
      note('asset', 'REQUIRED', 'Give an asset, or a metric and a quantity.');
    return { customer: options.customer, ...asset };
  }
  const { metric, quantity, properties } = options;
  if (quantity == null) note('quantity', 'REQUIRED', 'Goes with a metric.');
  const of = { customer: options.customer, ...asset, metric, quantity };
  return properties ? { ...of, properties } : of;
}
