import type { Viewer } from '../access/viewer.ts';
import type { ExchangeRateNotFound } from '../catalog/exchange/refusals.ts';
import { storedPack } from '../catalog/packs/definition.ts';
import type { Catalog } from '../catalog/service.ts';
import { type Checker, createChecker } from '../kit/check.ts';
import { LIMIT, plain, roundTo, ZERO } from '../kit/decimal.ts';
import {
  type CommonRefusal,
  conflict,
  type Invalid,
  invalid,
  isRefusal,
  notFound,
} from '../kit/refusal.ts';
import { type Offer, type PaidAsset, paidScale } from './offer.ts';

/** What is to be bought: packs, or credit of an asset for an amount of money. Decimals are not checked yet. */
export interface OfferInput {
  /** What is to be had: the code or TypeID of an asset. */
  readonly asset?: string | null | undefined;
  readonly amount?: unknown;
  /** What it is paid in; the asset itself when left out. */
  readonly currency?: string | null | undefined;
  readonly bonus?: unknown;
  readonly expiresAfterDays?: number | null | undefined;
  readonly pack?: string | null | undefined;
  readonly quantity?: number | null | undefined;
}

export type MakeOffer = (
  viewer: Viewer,
  input: OfferInput,
) => Promise<Offer | CommonRefusal | ExchangeRateNotFound>;

const MAX_DAYS = 3_650;

/** Notes what does not go together. */
export function offerNames(check: Checker, input: OfferInput): void {
  const { pack } = input;
  if (pack == null) {
    for (const name of ['asset', 'amount'] as const) {
      if (input[name] == null) check.note(name, 'REQUIRED', 'Say what is bought, or name a pack.');
    }
    if (input.quantity != null) check.note('quantity', 'NOT_ALLOWED', 'Only of a pack.');
    return;
  }
  for (const name of ['asset', 'amount', 'currency', 'bonus', 'expiresAfterDays'] as const) {
    if (input[name] != null) check.note(name, 'NOT_ALLOWED', 'The pack says it.');
  }
}

/** What is paid and credited: by the pack, or by the exchange rate for top-ups that is in force now. */
export function createMakeOffer(
  catalog: Pick<Catalog, 'packs' | 'exchange' | 'resolveAsset'>,
): MakeOffer {
  return async (viewer, input) =>
    input.pack == null
      ? offerAmount(viewer, input)
      : offerPack(viewer, input.pack, input.quantity ?? 1);

  async function offerPack(viewer: Viewer, name: string, quantity: number) {
    const pack = await catalog.packs.findPack(viewer, name);
    if (!pack) return notFound('pack', 'CreditPack', name);
    if (pack.archivedAt !== null) return conflict('pack', 'It is not sold any more.');
    const quote = await catalog.packs.quotePack(viewer, pack, quantity);
    if (isRefusal(quote)) return quote;
    const definition = storedPack(pack.definition);
    const asset = await catalog.resolveAsset(viewer, definition.priceAsset);
    const creditAsset = await catalog.resolveAsset(viewer, definition.asset);
    if (isRefusal(asset) || isRefusal(creditAsset)) {
      throw new Error('A pack names an asset that is not there.');
    }
    return {
      asset,
      amount: quote.price,
      creditAsset,
      credit: quote.amount,
      bonus: quote.bonus,
      exchangeRateId: null,
      pack: { id: pack.id, quantity },
      expiresAfterDays: definition.expiresAfterDays,
      description: quantity === 1 ? pack.name : `${quantity} x ${pack.name}`,
    };
  }

  async function offerAmount(viewer: Viewer, input: OfferInput) {
    const creditAsset = await catalog.resolveAsset(viewer, input.asset ?? '');
    if (isRefusal(creditAsset)) return creditAsset;
    const asset =
      input.currency == null
        ? creditAsset
        : await catalog.resolveAsset(viewer, input.currency, 'currency');
    if (isRefusal(asset)) return asset;
    const read = readAmounts(input, asset, creditAsset);
    if (isRefusal(read)) return read;
    const { amount, bonus, expiresAfterDays } = read;
    const terms = { asset, amount, creditAsset, bonus, pack: null, expiresAfterDays };
    if (asset.id === creditAsset.id) {
      const description = `${plain(amount)} ${asset.code}`;
      return { ...terms, credit: amount, exchangeRateId: null, description };
    }
    const names = { from: asset.code, to: creditAsset.code };
    const quote = await catalog.exchange.quoteExchange(viewer, {
      ...names,
      amount: plain(amount),
      purpose: 'TOP_UP',
    });
    if (isRefusal(quote)) return quote;
    if (quote.worth === ZERO) return tooLittle(creditAsset);
    const { worth: credit, exchangeRateId } = quote;
    return {
      ...terms,
      credit,
      exchangeRateId,
      description: `${plain(credit)} ${creditAsset.code}`,
    };
  }
}

function readAmounts(input: OfferInput, asset: PaidAsset, creditAsset: PaidAsset) {
  const check = createChecker();
  const amount = check.positive('amount', input.amount, asset.scale);
  const bonus =
    input.bonus == null ? ZERO : check.positive('bonus', input.bonus, creditAsset.scale);
  const { expiresAfterDays: days } = input;
  const expiresAfterDays =
    days == null ? null : check.integer('expiresAfterDays', days, 1, MAX_DAYS);
  const places = paidScale(asset);
  if (check.fault() === null && roundTo(amount, places) !== amount) {
    const message = `${asset.code} is paid in ${places} decimal places.`;
    check.note('amount', 'SCALE_EXCEEDED', message);
  }
  if (bonus !== null && bonus >= LIMIT) check.note('bonus', 'OUT_OF_RANGE', 'Too much.');
  return check.fault() ?? { amount, bonus, expiresAfterDays };
}

function tooLittle({ code }: PaidAsset): Invalid {
  const message = `It is worth less than the smallest step that ${code} keeps.`;
  return invalid({ path: 'amount', code: 'OUT_OF_RANGE', message });
}
