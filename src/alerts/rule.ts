import type { Exact } from '../kit/decimal.ts';
import { exact, plain } from '../kit/decimal.ts';
import type { AlertKind } from '../live/event.ts';

/** What each kind of rule asks for. Amounts are in the wallet's asset. */
export type Condition =
  | { readonly kind: 'BELOW_AMOUNT'; readonly amount: Exact }
  /** Of what the wallet could spend right after its last credit. */
  | { readonly kind: 'BELOW_PERCENT'; readonly percent: Exact }
  | { readonly kind: 'DEPLETED' }
  | { readonly kind: 'RECOVERED' }
  | BurnRate
  | { readonly kind: 'PROJECTED_EMPTY'; readonly hours: number }
  | { readonly kind: 'GRANT_EXPIRING'; readonly days: number };

export interface BurnRate {
  readonly kind: 'BURN_RATE';
  /** How many times its average a window's spend has to be. */
  readonly multiple: Exact;
  readonly windowMinutes: number;
  /** How far the average goes back from the beginning of the window. */
  readonly trailingHours: number;
  /** A window that spends less raises nothing. */
  readonly minimum: Exact;
}

/** How long the name of a rule may be. */
export const NAME_MAX = 100;

/** A rule as it is evaluated. */
export interface Rule {
  readonly id: string;
  readonly condition: Condition;
}

/** What is stored of a condition beside its kind: amounts as canonical text. */
export type StoredTerms = Readonly<Record<string, string | number>>;

export function storedTerms({ kind: _kind, ...terms }: Condition): StoredTerms {
  return Object.fromEntries(
    Object.entries(terms).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? plain(value) : value,
    ]),
  );
}

const WHOLE = new Set(['windowMinutes', 'trailingHours', 'hours', 'days']);

export function conditionOf(kind: AlertKind, terms: StoredTerms): Condition {
  const read = Object.entries(terms).map(([name, value]) => [
    name,
    WHOLE.has(name) ? value : exact(value),
  ]);
  return { kind, ...Object.fromEntries(read) } as Condition;
}

/** Whether what a wallet spends has to be measured for the rule. */
export function isAboutSpend({ condition: { kind } }: Rule): boolean {
  return kind === 'BURN_RATE' || kind === 'PROJECTED_EMPTY';
}
