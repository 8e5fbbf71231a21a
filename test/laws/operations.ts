import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/kit/clock.ts';
import { aHoldOperation, type HoldOperation } from './hold-operations.ts';
import type { Policy } from './reference-wallet.ts';
import { ASSETS, CUSTOMERS, METRICS, type Properties } from './shop.ts';

// Random operations as plain data, so that a failing list can be printed and shrunk. Instants are offsets
// from now; grants, wallets and earlier events are picked by a number, modulo how many there are.

export interface DrawnEvent {
  readonly customer: string;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string | null;
  readonly properties: Properties;
  /** Milliseconds from now; null leaves the time out. */
  readonly at: number | null;
}

export interface ResentEvent {
  /** Which of the events sent before. */
  readonly resend: number;
  readonly change: 'NOTHING' | 'type' | 'subject' | 'properties' | 'occurredAt';
}

export interface DrawnPolicy {
  readonly policy: Policy;
  readonly limit: string;
}

interface DrawnWallet {
  readonly customer: string;
  readonly asset: string;
  readonly name: string;
}

export type Operation =
  | HoldOperation
  | ({ readonly do: 'open' } & DrawnWallet & DrawnPolicy)
  | ({ readonly do: 'policy'; readonly wallet: number } & DrawnPolicy)
  | ({
      readonly do: 'grant';
      readonly amount: string;
      readonly purpose: 'PROMOTIONAL' | 'BUNDLED' | 'ROLLOVER' | 'PAID';
      readonly priority: number;
      readonly effectiveIn: number | null;
      readonly expiresIn: number | null;
      readonly scopeMetrics: readonly string[];
      /** Sends it a second time with the same idempotency key. */
      readonly twice: boolean;
    } & DrawnWallet)
  | ({
      readonly do: 'adjust';
      readonly amount: string;
      readonly reason: 'EXTERNAL_TOPUP' | 'GOODWILL' | 'CORRECTION' | 'CLAWBACK';
      readonly expiresIn: number | null;
      readonly transactionId: string;
    } & DrawnWallet)
  | { readonly do: 'void'; readonly grant: number; readonly part: string | null }
  | { readonly do: 'usage'; readonly events: readonly (DrawnEvent | ResentEvent)[] }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'sweep' }
  | { readonly do: 'window'; readonly seconds: number };

const pick = <const T>(...values: readonly T[]) => fc.constantFrom(...values);
const often = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });

/** What a run is mostly about, so that its grants and usage meet: one customer, and one asset. */
interface Favourites {
  readonly customer: string;
  readonly asset: string;
}

const favourites: fc.Arbitrary<Favourites> = fc.record({
  customer: pick(...CUSTOMERS),
  asset: pick(...ASSETS.map((asset) => asset.code)),
});

const aWallet = ({ customer, asset }: Favourites) => ({
  customer: fc.oneof(often(5, fc.constant(customer)), often(1, pick(...CUSTOMERS))),
  asset: fc.oneof(often(3, fc.constant(asset)), often(1, pick(...ASSETS.map(({ code }) => code)))),
  name: fc.oneof(often(15, fc.constant('default')), often(1, fc.constant('extra'))),
});

/** Whole numbers, which every asset keeps. */
const anAmount = pick('1', '2', '3', '5', '8', '13', '40');

const aPolicy: fc.Arbitrary<DrawnPolicy> = fc.oneof(
  fc.record({ policy: pick('BLOCK', 'ARREARS'), limit: fc.constant('0') }),
  fc.record({ policy: pick('OVERDRAFT', 'THROTTLE'), limit: pick('0', '2', '10') }),
);

const anOffset = pick(-3 * HOUR_MS, 0, MINUTE_MS, HOUR_MS, HOUR_MS, 8 * HOUR_MS, 3 * DAY_MS);

const chat = fc.record({
  type: fc.constant('chat'),
  properties: fc.record(
    {
      in: pick<string | number>(0, 1, 3, 100, '33.5', 200, 300),
      out: pick<string | number>(0, 1, 999, 1_001, '4500', -1),
      model: pick('mini', 'maxi', 'maxi'),
    },
    { requiredKeys: [] },
  ),
});
const gpu = fc.record({
  type: fc.constant('gpu'),
  properties: fc.record({ seconds: pick<string | number>(0, 1, '0.2', 3, 7, 20, 60, 120, '-2') }),
});
const seat = fc.record({
  type: fc.constant('seat'),
  properties: fc.record({ region: pick('eu', 'eu', 'eu', 'eu', 'eu', 'us') }),
});
const ping = fc.record({ type: fc.constant('ping'), properties: fc.constant<Properties>({}) });

const anEvent = ({ customer, asset }: Favourites): fc.Arbitrary<DrawnEvent> =>
  fc
    .record({
      customer: fc.oneof(
        often(25, fc.constant(customer)),
        often(5, pick(...CUSTOMERS)),
        often(1, fc.constant('nobody')),
      ),
      eventId: fc.nat({ max: 200 }).map((number) => `event ${number}`),
      subject: pick(null, 'job 1'),
      at: fc.oneof(
        often(6, fc.constant(null)),
        often(8, pick(0, -MINUTE_MS, -2 * HOUR_MS, -7 * HOUR_MS, -2 * DAY_MS, 4 * MINUTE_MS)),
        often(1, pick(-35 * DAY_MS, -36 * DAY_MS, 5 * MINUTE_MS, 6 * MINUTE_MS)),
      ),
      what: fc.oneof(
        often(asset === 'XUSD' || asset === 'PTS' ? 16 : 2, chat),
        often(asset === 'GPU' ? 16 : 2, gpu),
        often(asset === 'SEAT' ? 16 : 2, seat),
        often(1, ping),
      ) as fc.Arbitrary<{ type: string; properties: Properties }>,
    })
    .map(({ what, ...event }) => ({ ...event, ...what }));

const aResentEvent: fc.Arbitrary<ResentEvent> = fc.record({
  resend: fc.nat(),
  change: fc.oneof(
    often(4, fc.constant('NOTHING' as const)),
    often(1, pick('type', 'subject', 'properties', 'occurredAt')),
  ),
});

/** Wallets to begin with, each with a policy of its own: otherwise most usage is refused for want of one. */
const openings: fc.Arbitrary<Operation[]> = fc
  .array(aPolicy, { minLength: ASSETS.length, maxLength: ASSETS.length })
  .map((policies) =>
    CUSTOMERS.flatMap((customer, shift) =>
      ASSETS.map(({ code: asset }, index) => {
        const bag = policies[(index + shift) % policies.length] as DrawnPolicy;
        return { do: 'open' as const, customer, asset, name: 'default', ...bag };
      }),
    ),
  );

const anOperation = (mostly: Favourites): fc.Arbitrary<Operation> =>
  fc.oneof(
    often(
      2,
      fc.record({ do: fc.constant('open' as const), ...aWallet(mostly), bag: aPolicy }).map(spread),
    ),
    often(
      2,
      fc.record({ do: fc.constant('policy' as const), wallet: fc.nat(), bag: aPolicy }).map(spread),
    ),
    often(
      16,
      fc.record({
        do: fc.constant('grant' as const),
        ...aWallet(mostly),
        amount: anAmount,
        purpose: pick('PROMOTIONAL', 'BUNDLED', 'ROLLOVER', 'PAID'),
        priority: pick(0, 50, 50, 100),
        effectiveIn: fc.option(anOffset, { freq: 2 }),
        expiresIn: fc.option(anOffset, { freq: 2 }),
        scopeMetrics: fc.oneof(
          often(3, fc.constant([])),
          often(1, fc.subarray([...METRICS], { maxLength: 2 })),
        ),
        twice: fc.oneof(often(5, fc.constant(false)), often(1, fc.constant(true))),
      }),
    ),
    often(
      4,
      fc.record({
        do: fc.constant('adjust' as const),
        ...aWallet(mostly),
        amount: pick('1', '4', '9', '-1', '-3', '-9'),
        reason: pick('EXTERNAL_TOPUP', 'GOODWILL', 'CORRECTION', 'CLAWBACK'),
        expiresIn: fc.option(anOffset, { freq: 2 }),
        transactionId: fc.nat({ max: 8 }).map((number) => `payment ${number}`),
      }),
    ),
    often(
      2,
      fc.record({
        do: fc.constant('void' as const),
        grant: fc.nat(),
        part: fc.option(anAmount),
      }),
    ),
    often(
      12,
      fc.record({
        do: fc.constant('usage' as const),
        events: fc.array(fc.oneof(often(5, anEvent(mostly)), often(1, aResentEvent)), {
          minLength: 1,
          maxLength: 6,
        }),
      }),
    ),
    often(
      14,
      aHoldOperation(aWallet(mostly), fc.oneof(often(6, anEvent(mostly)), often(1, aResentEvent))),
    ),
    often(
      8,
      fc.record({
        do: fc.constant('wait' as const),
        ms: pick(1, MINUTE_MS, 2 * HOUR_MS, 7 * HOUR_MS, DAY_MS),
      }),
    ),
    often(6, fc.record({ do: fc.constant('sweep' as const) })),
    often(
      1,
      fc.record({ do: fc.constant('window' as const), seconds: pick(0, 3_600, 21_600, 172_800) }),
    ),
  );

export const operations: fc.Arbitrary<Operation[]> = favourites.chain((mostly) =>
  fc
    .tuple(openings, fc.array(anOperation(mostly), { minLength: 1, maxLength: 100, size: 'max' }))
    .map(([first, rest]) => [...first, ...rest]),
);

function spread<Rest extends object>({ bag, ...rest }: Rest & { bag: DrawnPolicy }) {
  return { ...rest, ...bag };
}
