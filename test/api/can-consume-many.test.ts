import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ask, startApi, type TestApi } from '../support/api.ts';
import { acme, call, nobody, setUpChecks } from './checks-fixture.ts';

let api: TestApi;
let ask: Ask;

beforeAll(async () => {
  api = await startApi();
  ask = api.ask;
  await setUpChecks(ask);
});
afterAll(() => api.stop());

const MANY = `query ($input: CanConsumeManyInput!) { canConsumeMany(input: $input) {
  outcomes reasons allowed throttled denied asOf
  decisions(outcomes: [DENY]) { index reason shortfall issues { path code } }
} }`;

async function checkMany(input: object) {
  const { data, errors } = await ask(MANY, { input });
  expect(errors).toBeUndefined();
  return data.canConsumeMany;
}

describe('canConsumeMany', () => {
  test('decides on each check by itself', async () => {
    const answer = await checkMany({
      checks: [
        { customer: acme, asset: 'USD', amount: '10' },
        { customer: acme, asset: 'USD', amount: '10' },
        { customer: nobody, asset: 'USD', amount: '1' },
        { customer: acme, asset: 'USD', amount: 'much' },
        { customer: { externalId: 'slow' }, ...call },
        { customer: acme, asset: 'USD', amount: '11' },
      ],
    });
    expect(answer).toMatchObject({
      outcomes: ['ALLOW', 'ALLOW', 'DENY', 'DENY', 'THROTTLE', 'DENY'],
      reasons: [
        null,
        null,
        'CUSTOMER_NOT_FOUND',
        'INPUT_INVALID',
        'OVERDRAWN',
        'INSUFFICIENT_FUNDS',
      ],
      allowed: 2,
      throttled: 1,
      denied: 3,
      decisions: [
        { index: 2, issues: [] },
        { index: 3, issues: [{ path: 'checks.3.amount', code: 'NOT_A_DECIMAL' }] },
        { index: 5, shortfall: '1' },
      ],
    });
  });

  test('checks every customer with every consumption, row by row', async () => {
    const { outcomes, decisions } = await checkMany({
      customers: [acme, { externalId: 'slow' }],
      consumptions: [call, { metric: 'calls', quantity: '7' }, { metric: 'calls' }],
    });
    expect(outcomes).toEqual(['ALLOW', 'ALLOW', 'DENY', 'THROTTLE', 'DENY', 'DENY']);
    expect(decisions[0]).toMatchObject({ index: 2, issues: [{ path: 'consumptions.2.quantity' }] });
  });

  test.each([
    ['neither', {}, 'checks', 'REQUIRED'],
    ['customers alone', { customers: [acme] }, 'checks', 'REQUIRED'],
    ['both', { checks: [{ customer: acme, ...call }], customers: [acme] }, 'checks', 'NOT_ALLOWED'],
    ['none', { checks: [] }, 'checks', 'TOO_FEW'],
    ['nobody', { customers: [], consumptions: [call] }, 'customers', 'TOO_FEW'],
    ['1001', { checks: Array(1001).fill({ customer: acme, ...call }) }, 'checks', 'TOO_MANY'],
    [
      '10,100',
      { customers: Array(101).fill(acme), consumptions: Array(100).fill(call) },
      'customers',
      'TOO_MANY',
    ],
  ])('refuses %s as bad input', async (_what, input, path, code) => {
    const { errors } = await ask(MANY, { input });
    expect(errors?.[0].extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path, code }],
    });
  });
});
