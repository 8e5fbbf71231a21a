import type { Viewer } from '../../access/viewer.ts';
import type { Catalog } from '../../catalog/service.ts';
import type { Checker } from '../../kit/check.ts';
import { plain } from '../../kit/decimal.ts';
import { isRefusal, type NotFound } from '../../kit/refusal.ts';
import { HOURLY_LIMITS, type HourlyLimit, type StoredLimits } from './limits.ts';

export interface AmountLimitInput {
  /** The code or TypeID of what it is paid in. */
  readonly currency: string;
  readonly amount: unknown;
}

/** What is to be another: what is left out stays, null is no limit. */
export interface PaymentLimitsInput
  extends Partial<Record<HourlyLimit, number | null | undefined>> {
  readonly dailyAmounts?: readonly AmountLimitInput[] | null | undefined;
  readonly firstTopUpAmounts?: readonly AmountLimitInput[] | null | undefined;
}

const MOST_AN_HOUR = 1_000;
const MOST_CURRENCIES = 50;

type Resolve = Pick<Catalog, 'resolveAsset'>;

/** What of the limits is another, as it is stored. */
export async function readLimitsInput(
  catalog: Resolve,
  viewer: Viewer,
  check: Checker,
  input: PaymentLimitsInput,
): Promise<StoredLimits | NotFound> {
  const limits: { -readonly [Name in keyof StoredLimits]: StoredLimits[Name] } = {};
  for (const name of Object.keys(HOURLY_LIMITS) as HourlyLimit[]) {
    const limit = input[name];
    if (limit === undefined) continue;
    limits[name] = limit === null ? null : check.integer(`limits.${name}`, limit, 1, MOST_AN_HOUR);
  }
  for (const name of ['dailyAmounts', 'firstTopUpAmounts'] as const) {
    const given = input[name];
    if (given === undefined) continue;
    const amounts = await readAmounts(catalog, viewer, check, `limits.${name}`, given ?? []);
    if (isRefusal(amounts)) return amounts;
    limits[name] = amounts;
  }
  return limits;
}

async function readAmounts(
  catalog: Resolve,
  viewer: Viewer,
  check: Checker,
  path: string,
  given: readonly AmountLimitInput[],
): Promise<Record<string, string> | NotFound> {
  if (given.length > MOST_CURRENCIES) {
    check.note(path, 'TOO_MANY', `At most ${MOST_CURRENCIES}.`);
    return {};
  }
  const amounts: Record<string, string> = {};
  for (const [index, { currency, amount }] of given.entries()) {
    const at = `${path}.${index}`;
    const asset = await catalog.resolveAsset(viewer, currency, `${at}.currency`);
    if (isRefusal(asset)) return asset;
    const limit = check.positive(`${at}.amount`, amount, asset.scale);
    if (asset.id in amounts) check.note(`${at}.currency`, 'NOT_ALLOWED', 'It is there before.');
    // What is wrong is noted, and not kept.
    amounts[asset.id] = typeof limit === 'bigint' ? plain(limit) : '0';
  }
  return amounts;
}
