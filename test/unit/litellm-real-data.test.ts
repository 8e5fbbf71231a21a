import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ListPrice } from '../../src/cli/list-price.ts';
import { readPriceFile } from '../../src/cli/litellm.ts';
import { markUp } from '../../src/cli/markup.ts';
import { LLM_EVENT_TYPE, TOKEN_KINDS } from '../../src/cli/token-kinds.ts';
import { fileHash, readTrace, toEvent } from '../../src/cli/trace.ts';
import { exact, plain, ZERO } from '../../src/kit/decimal.ts';
import { newId } from '../../src/kit/ids.ts';
import { createPriceBook, type PriceBook } from '../../src/rating/price-book.ts';
import { rateEvent } from '../../src/rating/rate.ts';

// A real price book and a real trace, where they lie beside the project; a clone alone has neither.
const PRICES = resolve('../shared/data/litellm-model-prices.json');
const TRACE = resolve('../shared/data/azure-llm-trace-conv.csv');

test('a trace costs exactly the sum of its rows', () => {
  const { rates } = importRates('{"m":{"input_cost_per_token":1e-07,"output_cost_per_token":0.3}}');
  const trace = 'TIMESTAMP,ContextTokens,GeneratedTokens\r\nt,1,1\r\nt,2,0\r\nt,0,2\r\nt,0,0\r\n';
  expect(costOf(trace, 'm', bookOf(rates))).toEqual({ rows: 4, total: '0.9000003' });
});

if (existsSync(PRICES)) {
  test('a real price book is read without rounding a single rate', () => {
    const { file, rates, rounded } = importRates(readFileSync(PRICES, 'utf8'));
    expect(file.models).toHaveLength(217);
    expect(file.skipped).toEqual([{ model: 'gpt-realtime-whisper', reason: 'no price per token' }]);
    expect(rounded).toBe(0);
    const gpt4o = rates.filter((rate) => rate.dimensions.model === 'gpt-4o');
    expect(Object.fromEntries(gpt4o.map((rate) => [rate.metric, rate.unitAmount]))).toEqual({
      llm_input_tokens: '0.0000025',
      llm_output_tokens: '0.00001',
      llm_cached_input_tokens: '0.00000125',
      llm_cache_write_tokens: '0.0000025',
      llm_reasoning_tokens: '0.00001',
    });
  });
}

if (existsSync(PRICES) && existsSync(TRACE)) {
  test('a real trace costs exactly 96.791325 at the prices of gpt-4o', () => {
    const { rates } = importRates(readFileSync(PRICES, 'utf8'));
    expect(costOf(readFileSync(TRACE, 'utf8'), 'gpt-4o', bookOf(rates))).toEqual({
      rows: 19_366,
      total: '96.791325',
    });
  });
}

function importRates(text: string) {
  const file = readPriceFile(JSON.parse(text));
  if (!file) throw new Error('The price book was not read.');
  const noMarkup = { general: new ListPrice(1), byProvider: new Map(), byModel: new Map() };
  return { file, ...markUp(file.models, noMarkup) };
}

function costOf(trace: string, model: string, book: PriceBook) {
  const of = { hash: fileHash(Buffer.from(trace)), model, customer: 'acme' };
  const rows = readTrace(trace);
  let total = ZERO;
  for (const row of rows) {
    const { type, properties } = toEvent(row, of);
    const charges = rateEvent(book, { type, properties, occurredAt: new Date(0) });
    if ('refusal' in charges) throw new Error(charges.refusal);
    for (const charge of charges) total += charge.amount ?? ZERO;
  }
  return { rows: rows.length, total: plain(total) };
}

function bookOf(rates: ReturnType<typeof importRates>['rates']): PriceBook {
  const metrics = TOKEN_KINDS.map(({ metric, property }) => ({
    id: newId('metric'),
    code: metric,
    eventType: LLM_EVENT_TYPE,
    aggregation: 'SUM' as const,
    property,
    conditions: [],
    conversion: null,
    prices: [
      {
        id: newId('price'),
        rateCardId: newId('rateCard'),
        countedAs: newId('price'),
        assetId: newId('asset'),
        assetScale: 12,
        rates: rates
          .filter((rate) => rate.metric === metric)
          .map(({ dimensions, unitAmount }) => ({
            id: newId('rate'),
            dimensions: { ...dimensions },
            slice: '',
            model: 'PER_UNIT' as const,
            unitAmount: exact(unitAmount),
            packageSize: exact(1),
            effectiveFrom: null,
          })),
      },
    ],
  }));
  return createPriceBook(1, metrics);
}
