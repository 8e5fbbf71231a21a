import { canonicalJson } from '../../kit/canonical.ts';

/** What is filled in anyway, by the name of the object or of the list that it stands in. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  conversion: { multiply: '1', divide: '1', rounding: 'NONE' },
  definition: { intervalCount: 1 },
  fees: { kind: 'RECURRING', perSeat: false },
  prices: { model: 'PER_UNIT', dimensions: {}, fixedAmount: '0' },
  tiers: { flatAmount: '0' },
  credits: {
    perSeat: false,
    every: 'PERIOD',
    expires: 'END_OF_PERIOD',
    refill: false,
    priority: 50,
  },
  rollover: { minimum: '0' },
  entitlements: { enabled: true, perSeat: false, reset: 'PERIOD', whenExceeded: 'DENY' },
  spendCap: { per: 'PERIOD' },
  seats: { included: 0, minimum: 1, amount: '0' },
  packs: { maxQuantity: 100 },
};

/** A document without what would be filled in anyway, so that a file says only what somebody has to know. */
export function compact(value: unknown, place: string): unknown {
  if (Array.isArray(value)) return value.map((item) => compact(item, place));
  if (typeof value !== 'object' || value === null) return value;
  const { code } = value as { readonly code?: unknown };
  const said = Object.entries(value).filter(([name, field]) => {
    if (field === null || field === undefined) return false;
    if (Array.isArray(field) && field.length === 0) return false;
    if (name === 'name' && field === code) return false;
    const standard = DEFAULTS[place]?.[name];
    return standard === undefined || canonicalJson(standard) !== canonicalJson(field);
  });
  return Object.fromEntries(said.map(([name, field]) => [name, compact(field, name)]));
}
