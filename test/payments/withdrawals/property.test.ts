import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../src/kit/clock.ts';
import { exact, plain, ZERO } from '../../../src/kit/decimal.ts';
import type { Asked } from '../refunds/desk.ts';
import { openVault, type Vault } from './vault.ts';

// Whatever is paid, spent and withdrawn, in any order: nothing is owed, and what went back and what was spent is what was paid.

const SEED = Number(process.env.DRAWDOWN_SEED ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = Number(process.env.DRAWDOWN_RUNS ?? 8);
const MAX_MS = 280_000;

type Step =
  | { readonly do: 'pay' | 'spend' | 'request'; readonly amount: number }
  | { readonly do: 'confirm' | 'cancel' | 'fail' | 'all' }
  | { readonly do: 'pass'; readonly hours: number };

const amount = fc.integer({ min: 1, max: 1_500 });
const aStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('pay' as const, 'spend' as const), amount }),
  fc.record({ do: fc.constant('request' as const), amount }),
  fc.constantFrom<Step>({ do: 'confirm' }, { do: 'cancel' }, { do: 'fail' }, { do: 'all' }),
  fc.record({ do: fc.constant('pass' as const), hours: fc.integer({ min: 0, max: 30 }) }),
);

let vault: Vault;
let count = 0;

beforeAll(async () => {
  vault = await openVault();
});
afterAll(async () => {
  await vault?.stop();
});

const cents = (value: number) => plain(exact(value) / 100n);

/** Plays the steps, and says what was paid, and spent. */
async function play(customer: string, steps: readonly Step[]) {
  // Each history is played alone: a refusal that one has left over would make another that nobody can play again.
  vault.standIn.heal();
  const payments: Asked[] = [];
  const made: { id: string; code: string }[] = [];
  let paid = ZERO;
  let spent = ZERO;
  const ask = async (input: object) => {
    const { withdrawal, confirmationCode: code } = await vault.request(customer, { ...input });
    if (withdrawal) made.push({ id: withdrawal.id, code });
  };
  for (const [index, step] of steps.entries()) {
    const last = made.at(-1);
    switch (step.do) {
      case 'pay':
        payments.push(await vault.pays(customer, cents(step.amount)));
        paid += exact(cents(step.amount));
        break;
      case 'spend': {
        const of = { customer: { externalId: customer }, asset: 'USD', reason: 'CORRECTION' };
        const input = {
          ...of,
          amount: `-${cents(step.amount)}`,
          transactionId: `${customer}/${index}`,
        };
        const { __typename } = await vault.till.mutate('adjustBalance', input, 'adjustment { id }');
        if (__typename === 'AdjustBalancePayload') spent += exact(cents(step.amount));
        break;
      }
      case 'request':
        await ask({ amount: cents(step.amount) });
        break;
      case 'all':
        await ask({});
        break;
      case 'confirm':
        if (last) await vault.confirm(last.id, last.code);
        break;
      case 'cancel':
        if (last) await vault.cancel(last.id);
        break;
      case 'fail':
        vault.standIn.fail('REFUSED');
        break;
      case 'pass':
        await vault.pass(step.hours * 3_600_000);
        break;
    }
    expect(exact((await vault.till.balance(customer, 'USD')) ?? '0')).toBeGreaterThanOrEqual(ZERO);
  }
  await vault.pass(DAY_MS);
  return { payments, made, paid, spent };
}

describe('Any sequence of payments, usage and withdrawals', () => {
  it(
    `owes nothing, and adds up (seed ${SEED})`,
    async () => {
      console.log(`Withdrawals are played with DRAWDOWN_SEED=${SEED}`);
      await fc.assert(
        fc.asyncProperty(fc.array(aStep, { minLength: 4, maxLength: 14 }), async (steps) => {
          count += 1;
          const customer = await vault.till.customer(`any${count}`);
          const done = await play(customer, [{ do: 'pay', amount: 1_000 }, ...steps]);
          let back = ZERO;
          for (const payment of done.payments) back += exact(await vault.refunded(payment));
          let told = ZERO;
          for (const { id } of done.made) {
            const { status, paid } = await vault.read(id);
            expect(['PAID', 'PARTLY_PAID', 'FAILED', 'CANCELED', 'EXPIRED']).toContain(status);
            told += exact(paid);
          }
          expect(plain(told)).toBe(plain(back));
          const left = exact((await vault.till.balance(customer, 'USD')) ?? '0');
          expect(plain(left + back + done.spent)).toBe(plain(done.paid));
          const short = await vault.db.prisma.paymentRefund.count({
            where: { shortfall: { gt: 0 } },
          });
          expect(short).toBe(0);
        }),
        {
          ...{ seed: SEED, numRuns: RUNS, endOnFailure: true },
          interruptAfterTimeLimit: MAX_MS - 60_000,
        },
      );
      expect(await vault.till.brokenLaw()).toBeNull();
    },
    MAX_MS,
  );
});
