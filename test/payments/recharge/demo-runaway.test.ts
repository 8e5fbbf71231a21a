import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApi } from '../../../src/cli/api.ts';
import { startRunaway } from '../../../src/cli/demo-runaway.ts';
import { KEY } from '../../support/api.ts';
import { openTill, type Till } from '../till.ts';

let till: Till;

beforeAll(async () => {
  till = await openTill({ worker: true });
});

afterAll(async () => {
  expect(await till.brokenLaw()).toBeNull();
  await till.stop();
});

test('the runaway customer of the demo pays once, and has a rule with an end, however often the demo is started', async () => {
  const api = createApi({ endpoint: `${till.api.url}/graphql`, key: KEY });
  await startRunaway(api);
  await startRunaway(api);
  const { customer } = await till.run(`{ customer(ref: { externalId: "runaway" }) {
    payments(first: 5) { edges { node { status paid } } }
    wallets { balance { available } autoRecharge { status threshold amount maxAmount maxCount period } }
  } }`);
  expect(customer.payments.edges).toEqual([{ node: { status: 'SETTLED', paid: '25' } }]);
  expect(customer.wallets).toEqual([
    {
      balance: { available: '25' },
      autoRecharge: {
        status: 'ARMED',
        ...{ threshold: '10', amount: '20', maxAmount: '60', maxCount: 3, period: 'DAY' },
      },
    },
  ]);
});
