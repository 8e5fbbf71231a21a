import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readPriceFile } from '../../src/cli/litellm.ts';
import { markUp } from '../../src/cli/markup.ts';
import { LLM_EVENT_TYPE, TOKEN_KINDS } from '../../src/cli/token-kinds.ts';
import { fileHash, readTrace, toEvent } from '../../src/cli/trace.ts';
import { exact, plain, ZERO } from '../../src/kit/decimal.ts';
import { newId } from '../../src/kit/ids.ts';
import { createPriceBook } from '../../src/rating/price-book.ts';
import { rateEvent } from '../../src/rating/rate.ts';

// A real price book and a real trace, where they lie beside the project.
const PRICES = resolve('../shared/data/litellm-model-prices.json');
const TRACE = resolve('../shared/data/azure-llm-trace-conv.csv');

const NO_MARKUP = { general: exact(1), byProvider: new Map(), byModel: new Map() };

function importRates() {
  const file = readPriceFile(JSON.parse(readFileSync(PRICES, 'utf8')));
  if (!file) throw new Error('The price book was not read.');
  return { file, ...markUp(file.models, NO_MARKUP) };
}

test.skipIf(!existsSync(PRICES))('a real price book is read without rounding a single rate', () => {
  const { file, rates, rounded } = importRates();
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

test.skipIf(!existsSync(PRICES) || !existsSync(TRACE))(
  'a real trace costs exactly 96.791325 at the prices of gpt-4o',
  () => {
    const book = createPriceBook(1, bookOf(importRates().rates));
    const bytes = readFileSync(TRACE);
    const rows = readTrace(bytes.toString('utf8'));
    const of = { hash: fileHash(bytes), model: 'gpt-4o', customer: 'acme' };
    let total = ZERO;
    for (const row of rows) {
      const { type, properties } = toEvent(row, of);
      const charges = rateEvent(book, { type, properties, occurredAt: new Date(0) });
      if ('refusal' in charges) throw new Error(charges.refusal);
      for (const charge of charges) total = total.plus(charge.amount);
    }
    expect(rows).toHaveLength(19_366);
    expect(plain(total)).toBe('96.791325');
  },
);

function bookOf(rates: ReturnType<typeof importRates>['rates']) {
  return TOKEN_KINDS.map(({ metric, property }) => ({
    id: newId('metric'),
    code: metric,
    eventType: LLM_EVENT_TYPE,
    aggregation: 'SUM' as const,
    property,
    conditions: [],
    prices: [
      {
        id: newId('price'),
        assetId: newId('asset'),
        assetScale: 12,
        rates: rates
          .filter((rate) => rate.metric === metric)
          .map(({ dimensions, unitAmount }) => ({
            id: newId('rate'),
            dimensions: { ...dimensions },
            unitAmount: exact(unitAmount),
            packageSize: exact(1),
            effectiveFrom: null,
          })),
      },
    ],
  }));
}
