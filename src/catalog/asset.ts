import { createChecker } from '../kit/check.ts';
import { MAX_SCALE } from '../kit/decimal.ts';
import type { Invalid } from '../kit/refusal.ts';
import { currencyExponent } from './currencies.ts';

export type AssetKind = 'FIAT' | 'CUSTOM';
export type BurnOrder = 'PRIORITY' | 'FIFO' | 'LIFO' | 'EXPIRY_FIRST';

export interface CreateAssetInput {
  readonly code: string;
  readonly name?: string | null | undefined;
  readonly kind?: AssetKind | null | undefined;
  readonly scale?: number | null | undefined;
  readonly minorUnits?: number | null | undefined;
  readonly burnOrder?: BurnOrder | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** What an asset is, once the defaults are filled in. */
export interface AssetDefinition {
  readonly code: string;
  readonly name: string;
  readonly kind: AssetKind;
  readonly scale: number;
  readonly minorUnits: number;
  readonly burnOrder: BurnOrder;
}

const DEFAULT_FIAT_MINOR_UNITS = 2;

/** Fills in the defaults: a currency's code makes it FIAT with the minor units of ISO 4217. */
export function readAssetDefinition(input: CreateAssetInput): AssetDefinition | Invalid {
  const check = createChecker();
  if (!/^[A-Z][A-Z0-9_]{0,31}$/.test(input.code)) {
    check.note('code', 'BAD_FORMAT', 'A capital letter, then up to 31 capitals, digits or "_".');
  }
  const exponent = currencyExponent(input.code);
  const kind = input.kind ?? (exponent === null ? 'CUSTOM' : 'FIAT');
  const scale = check.integer('scale', input.scale ?? MAX_SCALE, 0, MAX_SCALE);
  const usual = kind === 'FIAT' ? (exponent ?? DEFAULT_FIAT_MINOR_UNITS) : 0;
  const minorUnits = input.minorUnits ?? Math.min(usual, scale);
  check.integer('minorUnits', minorUnits, 0, scale);
  const name = check.optionalText('name', input.name, 255) ?? input.code;
  const burnOrder = input.burnOrder ?? 'PRIORITY';
  return check.fault() ?? { code: input.code, name, kind, scale, minorUnits, burnOrder };
}
