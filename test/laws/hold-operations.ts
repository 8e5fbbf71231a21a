import fc from 'fast-check';
import type { DrawnEvent, ResentEvent } from './operations.ts';

// Random operations on holds as plain data. Earlier holds are picked by a number, modulo how many there are.

export type HoldOperation =
  | {
      readonly do: 'place';
      readonly customer: string;
      readonly asset: string;
      /** An amount of the asset, or a quantity of a metric, which has an asset of its own. */
      readonly of:
        | { readonly amount: string }
        | { readonly metric: 'seconds' | 'seats'; readonly quantity: string };
      readonly ttlSeconds: number;
      readonly maxCaptures: number | null;
      readonly key: string | null;
    }
  | {
      readonly do: 'capture';
      readonly hold: number;
      readonly events: readonly (DrawnEvent | ResentEvent)[];
      readonly final: boolean;
    }
  | { readonly do: 'spend'; readonly hold: number; readonly event: DrawnEvent | ResentEvent }
  | {
      readonly do: 'extend';
      readonly hold: number;
      readonly ttlSeconds: number | null;
      readonly amount: string | null;
    }
  | { readonly do: 'release'; readonly hold: number };

const pick = <const T>(...values: readonly T[]) => fc.constantFrom(...values);
const aTtl = pick(60, 900, 7_200, 86_400);
/** Mostly one of the latest. */
const aHold = fc.nat({ max: 40 });

export const aHoldOperation = (
  owner: { customer: fc.Arbitrary<string>; asset: fc.Arbitrary<string> },
  anEvent: fc.Arbitrary<DrawnEvent | ResentEvent>,
): fc.Arbitrary<HoldOperation> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('place' as const),
        customer: owner.customer,
        asset: owner.asset,
        of: fc.oneof(
          { weight: 4, arbitrary: fc.record({ amount: pick('1', '2', '3', '5', '8', '13') }) },
          {
            weight: 2,
            arbitrary: fc.record({
              metric: pick('seconds', 'seats'),
              quantity: pick('1', '3', '8', '40'),
            }),
          },
        ),
        ttlSeconds: aTtl,
        maxCaptures: pick(null, null, 1, 2),
        key: pick(null, null, null, 'key 1', 'key 2'),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('capture' as const),
        hold: aHold,
        events: fc.array(anEvent, { minLength: 1, maxLength: 3 }),
        final: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('spend' as const), hold: aHold, event: anEvent }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('extend' as const),
        hold: aHold,
        ttlSeconds: fc.option(aTtl),
        amount: fc.option(pick('1', '4', '9')),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('release' as const), hold: aHold }),
    },
  );
