import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judge } from '../../src/alerts/judge.ts';
import { conditionOf, type StoredTerms } from '../../src/alerts/rule.ts';
import { exact, max, plain } from '../../src/kit/decimal.ts';
import { toTypeId } from '../../src/kit/ids.ts';
import { isRefusal } from '../../src/kit/refusal.ts';
import { type AlertWorld, openAlertWorld } from './alerts-fixture.ts';

// Charges, top-ups, changes of rules and sweeps at once, through two processes. Whoever was first: when all
// is quiet, what is active is what is crossed.

const CUSTOMERS = ['ada', 'bob', 'cid', 'dan'];
const ROUNDS = 24;

let world: AlertWorld;
const opened = new Map<string, Awaited<ReturnType<AlertWorld['openFunded']>>>();

beforeAll(async () => {
  world = await openAlertWorld();
  for (const name of CUSTOMERS) opened.set(name, await world.openFunded(name, '100'));
});
afterAll(async () => {
  await world?.expectLaws();
  await world?.laboratory.close();
});

type Move =
  | { readonly is: 'charge'; readonly customer: string; readonly amount: number }
  | { readonly is: 'top up'; readonly customer: string; readonly amount: number }
  | { readonly is: 'rule'; readonly for: string | null; readonly amount: number }
  | { readonly is: 'change' | 'delete'; readonly which: number; readonly amount: number }
  | { readonly is: 'sweep' };

const customer = fc.constantFrom(...CUSTOMERS);
const amount = fc.integer({ min: 1, max: 150 });

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      is: fc.constant('charge' as const),
      customer,
      amount: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('top up' as const), customer, amount }) },
  {
    weight: 2,
    arbitrary: fc.record({ is: fc.constant('rule' as const), for: fc.option(customer), amount }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constantFrom('change' as const, 'delete' as const),
      which: fc.nat(20),
      amount,
    }),
  },
  { weight: 1, arbitrary: fc.constant({ is: 'sweep' as const }) },
);

const rules: string[] = [];
let moves = 0;

async function make(it: Move): Promise<unknown> {
  moves += 1;
  const process = world.processOf(moves);
  const idOf = (name: string) => {
    const found = opened.get(name);
    if (!found) throw new Error(`Nobody opened ${name}.`);
    return found.customerId;
  };
  switch (it.is) {
    case 'charge':
      // Two of them always through the process that remembers the wallet, two through both.
      return world.charge(it.customer, `move ${moves}`, it.amount, homeOf(it));
    case 'top up':
      return world.topUp(idOf(it.customer), String(100 + it.amount));
    case 'rule': {
      const customerId = it.for === null ? null : idOf(it.for);
      const target = { customerId, asset: world.credit };
      const condition = { belowAmount: await justBelow(it.for ?? 'ada', it.amount) };
      const made = await process.alerts.createRule(world.viewer, target, { condition });
      return isRefusal(made) ? made : rules.push(toTypeId('alertRule', made.ruleId));
    }
    case 'change': {
      const rule = rules[it.which];
      const condition = { belowAmount: String(it.amount) };
      return rule && process.alerts.updateRule(world.viewer, { rule, condition });
    }
    case 'delete': {
      const rule = rules[it.which];
      return rule && process.alerts.deleteRule(world.viewer, { rule });
    }
    default:
      return process.alerts.sweep();
  }
}

function homeOf({ customer: name, amount: charged }: { customer: string; amount: number }): number {
  const home = CUSTOMERS.indexOf(name);
  return home < 2 ? home : home + charged;
}

/** An amount that the next charges of a customer are likely to cross. */
async function justBelow(name: string, by: number): Promise<string> {
  const { walletId = '' } = opened.get(name) ?? {};
  const [balance] = await world.laboratory.services.ledger.readBalances([walletId]);
  if (!balance || balance instanceof Error) throw new Error('A wallet has no balance.');
  return plain(max(balance.settled - exact(by % 5), exact(1)));
}

/** The rules that a wallet crosses with what it has, and those that it has crossed by what is stored. */
async function compare(name: string) {
  const { db, services } = world.laboratory;
  const { walletId, customerId } = opened.get(name) ?? { walletId: '', customerId: '' };
  const stored = await db.prisma.alertRule.findMany({
    where: { deletedAt: null, OR: [{ customerId: null }, { customerId }] },
  });
  const wallet = await db.prisma.wallet.findFirstOrThrow({ where: { id: walletId } });
  const active = await db.prisma.alert.findMany({ where: { walletId, recoveredAt: null } });
  const [balance] = await services.ledger.readBalances([walletId]);
  if (!balance || balance instanceof Error) throw new Error('A wallet has no balance.');
  const verdict = judge({
    rules: stored.map(({ id, kind, terms }) => ({
      id,
      condition: conditionOf(kind, terms as StoredTerms),
    })),
    active: [],
    settled: balance.settled,
    isCredit: false,
    base: wallet.alertBase && exact(wallet.alertBase),
    wasDepleted: false,
    spend: { buckets: [], sinceMs: null },
    now: world.laboratory.clock.now(),
  });
  return {
    crossed: verdict.raised.map(({ rule }) => rule.id).sort(),
    active: active.map(({ ruleId }) => ruleId).sort(),
    below: [verdict.below, wallet.alertBelow && exact(wallet.alertBelow)],
  };
}

test('when all is quiet, what is active is what is crossed, and the next threshold is the right one', {
  timeout: 180_000,
}, async () => {
  const seed = Number(process.env.DRAWDOWN_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`The races of alerts run with DRAWDOWN_SEED=${seed}`);
  const rounds = fc.sample(fc.array(move, { minLength: 20, maxLength: 20 }), {
    seed,
    numRuns: ROUNDS,
  });
  for (const round of rounds) {
    await Promise.all(round.map(make));
    while (await world.laboratory.services.alerts.sweep());
    for (const name of CUSTOMERS) {
      const { crossed, active, below } = await compare(name);
      expect(active, name).toEqual(crossed);
      expect(below[1], name).toBe(below[0]);
    }
  }
});
