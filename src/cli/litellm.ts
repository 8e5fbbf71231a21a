import { ListPrice } from './list-price.ts';
import { TOKEN_KINDS, type TokenKind } from './token-kinds.ts';

/** What one model costs a token, by kind of token. */
export interface ModelPrices {
  readonly model: string;
  /** As the file names it: `openai`, `vertex_ai-language-models`; empty when it does not. */
  readonly provider: string;
  readonly perToken: ReadonlyMap<TokenKind, ListPrice>;
}

export interface SkippedModel {
  readonly model: string;
  readonly reason: string;
}

export interface PriceFile {
  readonly models: readonly ModelPrices[];
  readonly skipped: readonly SkippedModel[];
}

/** The file's own example of an entry; it is no model. */
const EXAMPLE_ENTRY = 'sample_spec';

/** Where each kind's price is found, and which kind it costs the same as when it is not listed. */
const SOURCES: Readonly<Record<TokenKind, { fields: readonly string[]; otherwise?: TokenKind }>> = {
  input: { fields: ['input_cost_per_token'] },
  output: { fields: ['output_cost_per_token'] },
  cachedInput: {
    fields: ['cache_read_input_token_cost', 'input_cost_per_token_cache_hit'],
    otherwise: 'input',
  },
  cacheWrite: { fields: ['cache_creation_input_token_cost'], otherwise: 'input' },
  audioInput: { fields: ['input_cost_per_audio_token'] },
  audioOutput: { fields: ['output_cost_per_audio_token'] },
  reasoning: { fields: ['output_cost_per_reasoning_token'], otherwise: 'output' },
};

/**
 * Reads a price book in the LiteLLM format: `{ model: { input_cost_per_token: 2.5e-06, ... } }`. Prices
 * per image, second or query, and those of special tiers (batch, flex, priority, long context), are not
 * prices of a token as such and are left out.
 */
export function readPriceFile(file: unknown): PriceFile | null {
  if (typeof file !== 'object' || file === null || Array.isArray(file)) return null;
  const models: ModelPrices[] = [];
  const skipped: SkippedModel[] = [];
  for (const [model, entry] of Object.entries(file)) {
    const prices = readModel(model, entry);
    if ('reason' in prices) skipped.push(prices);
    else models.push(prices);
  }
  return { models, skipped };
}

function readModel(model: string, entry: unknown): ModelPrices | SkippedModel {
  if (model === EXAMPLE_ENTRY) return { model, reason: 'the example entry of the format' };
  if (typeof entry !== 'object' || entry === null) return { model, reason: 'not an object' };
  const fields = entry as Record<string, unknown>;
  const perToken = new Map<TokenKind, ListPrice>();
  for (const { kind } of TOKEN_KINDS) {
    const price = priceOf(fields, kind);
    if (price === 'WRONG') return { model, reason: `a price of ${kind} tokens is not a number` };
    if (price) perToken.set(kind, price);
  }
  if (perToken.size === 0) return { model, reason: 'no price per token' };
  const provider = fields.litellm_provider;
  return { model, provider: typeof provider === 'string' ? provider : '', perToken };
}

function priceOf(fields: Record<string, unknown>, kind: TokenKind): ListPrice | 'WRONG' | null {
  const { fields: names, otherwise } = SOURCES[kind];
  const listed = names.map((name) => fields[name]).find((value) => value != null);
  if (listed !== undefined) return readNumber(listed);
  return otherwise ? priceOf(fields, otherwise) : null;
}

/**
 * The shortest text of a JSON number is what its author wrote: 2.5e-06 means 0.0000025, exactly, not the
 * binary fraction next to it.
 */
function readNumber(value: unknown): ListPrice | 'WRONG' {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return 'WRONG';
  return new ListPrice(text);
}
