import type { Checker } from '../../kit/check.ts';
import { roundTo } from '../../kit/decimal.ts';
import { below } from '../../kit/fields.ts';
import type { PackDefinition } from './definition.ts';

export interface PackAsset {
  readonly scale: number;
  readonly minorUnits: number;
  readonly kind: 'FIAT' | 'CUSTOM';
}

/** What a pack must be to its assets; one that is not there is passed over. */
export function checkPack(
  check: Checker,
  path: string,
  pack: PackDefinition,
  assets: ReadonlyMap<string, PackAsset>,
): void {
  const credit = assets.get(pack.asset);
  const money = assets.get(pack.priceAsset);
  if (credit && roundTo(pack.amount, credit.scale) !== pack.amount) {
    const message = `${pack.asset} keeps ${credit.scale} decimal places.`;
    check.note(below(path, 'amount'), 'SCALE_EXCEEDED', message);
  }
  if (money && roundTo(pack.price, money.minorUnits) !== pack.price) {
    const message = `${pack.priceAsset} is paid in ${money.minorUnits} decimal places.`;
    check.note(below(path, 'price'), 'SCALE_EXCEEDED', message);
  }
  const isMoney = credit?.kind === 'FIAT' && money?.kind === 'FIAT';
  if (isMoney && pack.asset !== pack.priceAsset) {
    const message = `Credit in ${pack.asset} is paid in ${pack.asset}, or is of your own unit.`;
    check.note(below(path, 'priceAsset'), 'NOT_ALLOWED', message);
  }
}
