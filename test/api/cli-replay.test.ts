import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApi } from '../../src/cli/api.ts';
import { applyImport, type ImportTarget, planImport } from '../../src/cli/import-prices.ts';
import { readPriceFile } from '../../src/cli/litellm.ts';
import { markUp, readPercentage } from '../../src/cli/markup.ts';
import { chunk } from '../../src/cli/rates-diff.ts';
import { ensureCustomer, findAssetOf, prefund } from '../../src/cli/replay-target.ts';
import { sendEvents } from '../../src/cli/send-events.ts';
import { count, emptyTally } from '../../src/cli/tally.ts';
import { fileHash, readTrace, toEvent } from '../../src/cli/trace.ts';
import { plain } from '../../src/kit/decimal.ts';
import { KEY, startApi, type TestApi } from '../support/api.ts';

let server: TestApi;
let api: ReturnType<typeof createApi>;

beforeAll(async () => {
  server = await startApi();
  api = createApi({ endpoint: `${server.url}/graphql`, key: KEY });
});
afterAll(() => server.stop());

const FILE = {
  'gpt-4o': {
    litellm_provider: 'openai',
    input_cost_per_token: 2.5e-6,
    output_cost_per_token: 1e-5,
  },
  embedding: { litellm_provider: 'openai', input_cost_per_token: 1e-7 },
};

const TRACE = `TIMESTAMP,ContextTokens,GeneratedTokens\r\n${Array.from(
  { length: 95 },
  (_, at) => `2023-11-16 18:15:46.6805900,${at},${100 - at}`,
).join('\r\n')}`;

function target(markup: string): ImportTarget {
  const file = readPriceFile(FILE);
  if (!file) throw new Error('The file was not read.');
  const markups = { general: readPercentage(markup), byProvider: new Map(), byModel: new Map() };
  const { rates } = markUp(file.models, markups);
  return { asset: 'USD', rateCard: 'default', rates };
}

async function importAt(markup: string) {
  const plan = await planImport(api, target(markup));
  return { plan, diff: await applyImport(api, target(markup), plan) };
}

async function replay(customer: string, amount: string | null) {
  const asset = await findAssetOf(api, 'gpt-4o');
  await ensureCustomer(api, customer);
  const hash = fileHash(Buffer.from(TRACE));
  const booked = amount && (await prefund(api, { customer, asset, amount, hash }));
  const events = readTrace(TRACE).map((row) => toEvent(row, { hash, model: 'gpt-4o', customer }));
  const tally = emptyTally();
  const onOutcome = (outcome: Parameters<typeof count>[1]) => count(tally, outcome, asset);
  await sendEvents(api, chunk(events, 10), { concurrency: 3, onOutcome });
  return { ...tally, total: plain(tally.total), booked };
}

test('nothing can be replayed before there are prices', async () => {
  await expect(findAssetOf(api, 'gpt-4o')).rejects.toThrow('import prices first');
});

test('a price book is planned, written, and then already there', async () => {
  const first = await importAt('0%');
  expect(first.plan.assetIsMissing).toBe(true);
  expect(first.plan.missingMetrics.map(({ metric }) => metric)).toEqual([
    'llm_input_tokens',
    'llm_output_tokens',
    'llm_cached_input_tokens',
    'llm_cache_write_tokens',
    'llm_reasoning_tokens',
  ]);
  expect(first.plan.diff.added).toHaveLength(8);
  expect(first.diff.added).toHaveLength(8);

  const again = await planImport(api, target('0%'));
  expect(again).toEqual({
    assetIsMissing: false,
    missingMetrics: [],
    diff: expect.objectContaining({ added: [], changed: [], unchanged: 8, missing: [] }),
  });
});

test('a replay charges each row once, and says the same when it is repeated', async () => {
  // The sum of 0 .. 94 is 4465 input tokens; 95 * 100 less that are output tokens.
  const total = '0.0615125';
  expect(await replay('acme', '10')).toMatchObject({
    recorded: 95,
    duplicates: 0,
    total,
    booked: true,
  });
  expect(await replay('acme', '10')).toMatchObject({
    recorded: 0,
    duplicates: 95,
    total,
    booked: false,
  });
});

test('a replay stays at the price that it was charged at', async () => {
  const { diff } = await importAt('20%');
  expect(diff.changed).toHaveLength(8);
  expect(await replay('acme', '10')).toMatchObject({ duplicates: 95, total: '0.0615125' });
  expect(await replay('later', '10')).toMatchObject({ recorded: 95, total: '0.073815' });
});

test('a replay without funds is refused, event by event', async () => {
  const tally = await replay('poor', null);
  expect(tally).toMatchObject({ recorded: 0, refused: 95, total: '0' });
  expect(tally.firstRefusal).toContain('is required');
});

test('a model that cannot be charged for is refused before anything is sent', async () => {
  await expect(findAssetOf(api, 'nobody')).rejects.toThrow(
    '"nobody" has no rate for llm_input_tokens',
  );
  await expect(findAssetOf(api, 'embedding')).rejects.toThrow('no rate for llm_output_tokens');
  await expect(findAssetOf(api, 'gpt-4o', 'EUR')).rejects.toThrow('is not charged in EUR');
});

test('a wrong key and a server that is not there are one line each', async () => {
  const stranger = createApi({ endpoint: `${server.url}/graphql`, key: 'sk_wrong' });
  await expect(findAssetOf(stranger, 'gpt-4o')).rejects.toThrow('UNAUTHENTICATED');
  const nobody = createApi({ endpoint: 'http://127.0.0.1:9/graphql', key: KEY });
  await expect(findAssetOf(nobody, 'gpt-4o')).rejects.toThrow('does not answer');
});
