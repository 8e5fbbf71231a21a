import type { Checker } from '../../kit/check.ts';
import { type Exact, exact, roundTo } from '../../kit/decimal.ts';
import { below } from '../../kit/fields.ts';
import { modelFault } from '../observed-models.ts';
import { partsOf } from './check-whole.ts';
import type {
  CreditsDefinition,
  EntitlementDefinition,
  FeeDefinition,
  PlanDefinition,
} from './definition.ts';
import { type FeatureKind, type Names, referencesOf } from './names.ts';

/** Times a million seats, period after period, it stays below what a wallet can hold. */
const TOO_LARGE = exact('1000000000000000');

/**
 * What a plan must be to the things that it names: amounts within the scale of their assets, one currency, models
 * that can price their metric, entitlements after the kind of their feature. What names nothing is passed over.
 */
export function checkNamed(check: Checker, path: string, plan: PlanDefinition, names: Names): void {
  for (const { path: at, asset, amount } of amountsOf(path, plan)) {
    if (amount >= TOO_LARGE) {
      check.note(at, 'OUT_OF_RANGE', 'An amount of a plan has at most 15 digits before the point.');
    }
    const scale = asset === null ? undefined : names.assets.get(asset)?.scale;
    if (scale === undefined || roundTo(amount, scale) === amount) continue;
    check.note(at, 'SCALE_EXCEEDED', `${asset} keeps ${scale} decimal places.`);
  }
  checkCurrency(check, path, plan, names);
  checkModels(check, below(path, 'prices'), plan, names);
  for (const [place, { entitlements }] of partsOf(path, plan)) {
    for (const [index, entitlement] of entitlements.entries()) {
      const kind = names.features.get(entitlement.feature)?.kind;
      if (kind) checkKind(check, `${below(place, 'entitlements')}.${index}`, entitlement, kind);
    }
  }
}

/** A plan is in one currency, so that its amounts add up; units of your own may stand beside it. */
function checkCurrency(check: Checker, path: string, plan: PlanDefinition, names: Names): void {
  const currencies = referencesOf(path, plan).filter(
    ({ noun, code }) => noun === 'assets' && names.assets.get(code)?.kind === 'FIAT',
  );
  const [first, ...others] = currencies;
  for (const { path: at, code } of others) {
    if (code === first?.code) continue;
    const message = `A plan is in one currency: ${first?.path} says ${first?.code}.`;
    check.note(at, 'NOT_ALLOWED', message);
  }
}

/** What a metric counts of a period cannot be priced event by event, on a plan's card as little as on another. */
function checkModels(
  check: Checker,
  path: string,
  { prices }: PlanDefinition,
  { metrics }: Names,
): void {
  for (const [index, { metric, terms }] of prices.entries()) {
    const named = metrics.get(metric);
    const misfit = named && modelFault(`${path}.${index}.model`, named.aggregation, terms);
    for (const issue of misfit?.issues ?? []) check.note(issue.path, issue.code, issue.message);
  }
}

/** What an entitlement says that its feature has no use for. */
const USELESS: Readonly<Record<FeatureKind, readonly (keyof EntitlementDefinition)[]>> = {
  BOOLEAN: ['limit', 'perSeat', 'windows', 'perSubject', 'spendCap'],
  STATIC: ['windows', 'perSubject', 'spendCap'],
  METERED: [],
};

function checkKind(
  check: Checker,
  path: string,
  entitlement: EntitlementDefinition,
  kind: FeatureKind,
): void {
  for (const name of USELESS[kind]) {
    const value = entitlement[name];
    const isSaid = Array.isArray(value) ? value.length > 0 : value !== null && value !== false;
    if (isSaid) check.note(`${path}.${name}`, 'NOT_ALLOWED', `The feature is ${kind}.`);
  }
}

interface Amount {
  readonly path: string;
  readonly asset: string | null;
  readonly amount: Exact;
}

/** All that is granted, charged or capped. What a unit costs may be finer than the asset's scale. */
function amountsOf(path: string, plan: PlanDefinition): Amount[] {
  const { asset, minimum, seats, trial } = plan;
  const own: Amount[] = [];
  if (minimum !== null) own.push({ path: below(path, 'minimum'), asset, amount: minimum });
  if (seats) own.push({ path: `${below(path, 'seats')}.amount`, asset, amount: seats.amount });
  return [
    ...own,
    ...partsOf(path, plan).flatMap(([place, part]) => [
      ...feeAmounts(below(place, 'fees'), part.fees, asset),
      ...creditAmounts(below(place, 'credits'), part.credits),
      ...capAmounts(below(place, 'entitlements'), part.entitlements),
    ]),
    ...creditAmounts(`${below(path, 'trial')}.credits`, trial?.credits ?? []),
  ];
}

function feeAmounts(path: string, fees: readonly FeeDefinition[], asset: string | null): Amount[] {
  return fees.map(({ amount }, index) => ({ path: `${path}.${index}.amount`, asset, amount }));
}

function creditAmounts(path: string, credits: readonly CreditsDefinition[]): Amount[] {
  return credits.flatMap(({ asset, amount, rollover }, index) => {
    const at = `${path}.${index}`;
    const bounds = (['minimum', 'maximum'] as const).flatMap((name) => {
      const bound = rollover?.[name];
      return bound == null ? [] : [{ path: `${at}.rollover.${name}`, asset, amount: bound }];
    });
    return [{ path: `${at}.amount`, asset, amount }, ...bounds];
  });
}

function capAmounts(path: string, entitlements: readonly EntitlementDefinition[]): Amount[] {
  return entitlements.flatMap(({ spendCap }, index) =>
    spendCap ? [{ path: `${path}.${index}.spendCap.amount`, ...spendCap }] : [],
  );
}
