import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KEY, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** The shell blocks of the walk, up to the one that watches, as a newcomer pastes them. */
function walkOfReadme(): string {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const walk = readme.slice(readme.indexOf('## Five minutes'), readme.indexOf('## On real input'));
  const blocks = [...walk.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  return blocks.filter((block) => !block.includes('event-stream')).join('\n');
}

it("the README's walk ends with a balance that fell, pasted into a shell as it is printed", async () => {
  const script = walkOfReadme()
    .replace(/export DRAWDOWN_KEY=\S+/, `export DRAWDOWN_KEY=${KEY}`)
    .replaceAll('http://127.0.0.1:4000', api.url);
  const output = await new Promise<string>((resolve, reject) => {
    execFile('sh', ['-c', script], (error, stdout) => (error ? reject(error) : resolve(stdout)));
  });
  const answers = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(answers).toHaveLength(8);
  expect(answers.filter((answer) => answer.errors)).toEqual([]);
  expect(answers[6].data.createCustomerToken.token).toMatch(/^eyJ/);
  expect(answers[5].data.recordUsage).toEqual({
    duplicate: false,
    charges: [{ quantity: '1250', amount: '0.0125' }],
    balances: [{ version: 2, balance: { available: '9.9875' } }],
  });
  const { payment } = answers[7].data.createTopUp;
  expect(payment.checkout.url).toMatch(/^http:.*\/sandbox\/checkout\/payprov_/);
});
