import { MAX_SCALE } from '../kit/decimal.ts';
import { CommandError } from './command-error.ts';
import { ListPrice } from './list-price.ts';
import type { ModelPrices } from './litellm.ts';
import { TOKEN_KINDS } from './token-kinds.ts';

/** What is added to the listed prices: the model's own markup, or its provider's, or the general one. */
export interface Markups {
  readonly general: ListPrice;
  readonly byProvider: ReadonlyMap<string, ListPrice>;
  readonly byModel: ReadonlyMap<string, ListPrice>;
}

/** A rate as `importRates` takes it. */
export interface MarkedUpRate {
  readonly metric: string;
  readonly dimensions: { readonly model: string };
  readonly unitAmount: string;
}

export interface MarkedUpRates {
  readonly rates: readonly MarkedUpRate[];
  /** How many had more decimal places than a rate keeps and were rounded half-even. */
  readonly rounded: number;
}

/** The factor of a percentage: `20%` is 1.2, `-5%` is 0.95. */
export function readPercentage(text: string): ListPrice {
  const match = /^([+-]?\d{1,6}(?:\.\d{1,6})?)%$/.exec(text.trim());
  const factor = match?.[1] ? new ListPrice(match[1]).div(100).plus(1) : null;
  if (!factor || factor.lt(0)) {
    throw new CommandError(`A markup is a percentage such as 20%, not "${text}".`);
  }
  return factor;
}

/** Reads `openai=15%`; the last of several for the same name holds. */
export function readNamedPercentages(texts: readonly string[]): Map<string, ListPrice> {
  return new Map(
    texts.map((text) => {
      const at = text.lastIndexOf('=');
      if (at <= 0)
        throw new CommandError(`Write a name and a percentage, name=15%, not "${text}".`);
      return [text.slice(0, at), readPercentage(text.slice(at + 1))];
    }),
  );
}

/** Refuses a markup for something that the file does not have: it would be a slip of the pen. */
export function checkNames(markups: Markups, models: readonly ModelPrices[]): void {
  const providers = new Set(models.map((model) => model.provider));
  const names = new Set(models.map((model) => model.model));
  const provider = [...markups.byProvider.keys()].find((name) => !providers.has(name));
  if (provider !== undefined) throw new CommandError(`The file has no provider "${provider}".`);
  const model = [...markups.byModel.keys()].find((name) => !names.has(name));
  if (model !== undefined) throw new CommandError(`The file has no model "${model}".`);
}

/** What to charge for each kind of token of each model. */
export function markUp(models: readonly ModelPrices[], markups: Markups): MarkedUpRates {
  const rates: MarkedUpRate[] = [];
  let rounded = 0;
  for (const { model, provider, perToken } of models) {
    const factor =
      markups.byModel.get(model) ?? markups.byProvider.get(provider) ?? markups.general;
    for (const { kind, metric } of TOKEN_KINDS) {
      const listed = perToken.get(kind);
      if (!listed) continue;
      const amount = listed.times(factor);
      if (amount.decimalPlaces() > MAX_SCALE) rounded += 1;
      const unitAmount = amount.toDecimalPlaces(MAX_SCALE).toFixed();
      rates.push({ metric, dimensions: { model }, unitAmount });
    }
  }
  return { rates, rounded };
}
