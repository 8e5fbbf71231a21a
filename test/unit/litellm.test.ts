import { describe, expect, test } from 'vitest';
import { ListPrice } from '../../src/cli/list-price.ts';
import { readPriceFile } from '../../src/cli/litellm.ts';
import { checkNames, markUp, readNamedPercentages, readPercentage } from '../../src/cli/markup.ts';

const GPT = {
  litellm_provider: 'openai',
  input_cost_per_token: 2.5e-6,
  output_cost_per_token: 1e-5,
  cache_read_input_token_cost: 1.25e-6,
};

function rates(
  file: object,
  markups: { general?: string; provider?: string[]; model?: string[] } = {},
) {
  const read = readPriceFile(file);
  if (!read) throw new Error('The file was not read.');
  const all = {
    general: readPercentage(markups.general ?? '0%'),
    byProvider: readNamedPercentages(markups.provider ?? []),
    byModel: readNamedPercentages(markups.model ?? []),
  };
  const marked = markUp(read.models, all);
  const amounts = marked.rates.map((rate) => [
    `${rate.dimensions.model} ${rate.metric.replace('llm_', '').replace('_tokens', '')}`,
    rate.unitAmount,
  ]);
  return { amounts: Object.fromEntries(amounts), rounded: marked.rounded, skipped: read.skipped };
}

describe('a LiteLLM entry', () => {
  test('gives each exclusive kind of token its own rate', () => {
    const entry = {
      ...GPT,
      cache_creation_input_token_cost: 3.75e-6,
      input_cost_per_audio_token: 4e-5,
      output_cost_per_audio_token: 8e-5,
      output_cost_per_reasoning_token: 1.5e-5,
    };
    expect(rates({ m: entry }).amounts).toEqual({
      'm input': '0.0000025',
      'm output': '0.00001',
      'm cached_input': '0.00000125',
      'm cache_write': '0.00000375',
      'm audio_input': '0.00004',
      'm audio_output': '0.00008',
      'm reasoning': '0.000015',
    });
  });

  test('pays the input price for caching and the output price for reasoning when it lists none', () => {
    const entry = { input_cost_per_token: 1e-6, output_cost_per_token: 2e-6 };
    expect(rates({ m: entry }).amounts).toEqual({
      'm input': '0.000001',
      'm output': '0.000002',
      'm cached_input': '0.000001',
      'm cache_write': '0.000001',
      'm reasoning': '0.000002',
    });
  });

  test('has no output rates when it lists no output price', () => {
    expect(Object.keys(rates({ m: { input_cost_per_token: 1e-6 } }).amounts)).toEqual([
      'm input',
      'm cached_input',
      'm cache_write',
    ]);
  });

  test('keeps a price of zero: such usage is metered for free, not refused', () => {
    const entry = { input_cost_per_token: 0, output_cost_per_token: 0.0 };
    expect(rates({ m: entry }).amounts).toMatchObject({ 'm input': '0', 'm output': '0' });
  });

  test('reads the shortest decimal of a number, not the binary fraction beside it', () => {
    const file = JSON.parse(
      '{"m":{"input_cost_per_token":7.2e-07},"n":{"input_cost_per_token":0.1}}',
    );
    expect(rates(file).amounts).toMatchObject({ 'm input': '0.00000072', 'n input': '0.1' });
  });

  test('may write its prices as text', () => {
    expect(rates({ m: { input_cost_per_token: '2.5e-06' } }).amounts).toMatchObject({
      'm input': '0.0000025',
    });
  });

  test('is skipped, with the reason, when it is the example, has no price per token or a wrong one', () => {
    const file = {
      sample_spec: GPT,
      picture: { input_cost_per_image: 0.01 },
      negative: { input_cost_per_token: -1 },
      word: { input_cost_per_token: 1e-6, output_cost_per_token: 'free' },
      infinite: JSON.parse('{"input_cost_per_token": 1e999}'),
      nothing: null,
      good: GPT,
    };
    const { amounts, skipped } = rates(file);
    expect(Object.keys(amounts).every((name) => name.startsWith('good '))).toBe(true);
    expect(skipped).toEqual([
      { model: 'sample_spec', reason: 'the example entry of the format' },
      { model: 'picture', reason: 'no price per token' },
      { model: 'negative', reason: 'a price of input tokens is not a number' },
      { model: 'word', reason: 'a price of output tokens is not a number' },
      { model: 'infinite', reason: 'a price of input tokens is not a number' },
      { model: 'nothing', reason: 'not an object' },
    ]);
  });
});

describe('a markup', () => {
  const file = {
    a: { ...GPT },
    b: { ...GPT },
    c: { ...GPT, litellm_provider: 'other' },
  };

  test("is the model's own, or its provider's, or the general one", () => {
    const markups = { general: '100%', provider: ['openai=20%'], model: ['b=0%'] };
    expect(rates(file, markups).amounts).toMatchObject({
      'a input': '0.000003',
      'b input': '0.0000025',
      'c input': '0.000005',
    });
  });

  test('is exact, and may be a discount', () => {
    expect(rates(file, { general: '17.5%' }).amounts['a input']).toBe('0.0000029375');
    expect(rates(file, { general: '-50%' }).amounts['a output']).toBe('0.000005');
  });

  test('rounds half-even to 12 places and says how often', () => {
    const tiny = (cost: string) => ({ m: { input_cost_per_token: cost } });
    expect(rates(tiny('0.000000000001'), { general: '50%' })).toMatchObject({
      amounts: { 'm input': '0.000000000002' },
      rounded: 3,
    });
    expect(rates(tiny('0.000000000005'), { general: '-50%' }).amounts['m input']).toBe(
      '0.000000000002',
    );
    expect(rates(tiny('0.000000000002'), { general: '50%' }).rounded).toBe(0);
  });

  test.each(['20', '', '%', 'abc%', '1e2%', '-101%', '0x10%', '1 0%', 'NaN%'])(
    'cannot be written %j',
    (text) => {
      expect(() => readPercentage(text)).toThrow('percentage such as 20%');
    },
  );

  test('takes the last "=" of a name, because model names may contain one', () => {
    expect(readNamedPercentages(['a=b=10%'])).toEqual(new Map([['a=b', new ListPrice('1.1')]]));
    expect(() => readNamedPercentages(['=10%'])).toThrow('name=15%');
  });

  test('for a provider or model that the file does not have is a slip of the pen', () => {
    const models = readPriceFile(file)?.models ?? [];
    const none = { general: readPercentage('0%'), byProvider: new Map(), byModel: new Map() };
    const one = new Map([['nobody', readPercentage('1%')]]);
    expect(() => checkNames({ ...none, byProvider: one }, models)).toThrow('no provider "nobody"');
    expect(() => checkNames({ ...none, byModel: one }, models)).toThrow('no model "nobody"');
    expect(() => checkNames(none, models)).not.toThrow();
  });
});

test.each([[[]], ['text'], [null], [7]])('%j is not a price book', (file) => {
  expect(readPriceFile(file)).toBeNull();
});
