import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Exact, exact, plain } from '../../src/kit/decimal.ts';
import { toTypeId } from '../../src/kit/ids.ts';
import { isRefusal } from '../../src/kit/refusal.ts';
import type { Services } from '../../src/services.ts';
import { given } from './laboratory.ts';
import { isFirst, openTwoProcesses, type TwoProcesses, usage } from './two-processes.ts';

/** `DRAWDOWN_SEED=123 npx vitest run test/laws` repeats what the clients do, if not who comes first. */
const SEED = Number(process.env.DRAWDOWN_SEED ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = Number(process.env.DRAWDOWN_RUNS ?? 4);

let world: TwoProcesses;

beforeAll(async () => {
  process.stderr.write(`The random clients run with DRAWDOWN_SEED=${SEED}\n`);
  world = await openTwoProcesses();
});
afterAll(async () => {
  await world?.laboratory.close();
});

/** Sets aside, and then captures what was used, gives it back, or goes away. */
interface DrawnHold {
  readonly do: 'hold';
  readonly amount: number;
  readonly end: 'CAPTURE' | 'CAPTURE_TWICE' | 'RELEASE' | 'NOTHING';
  readonly units: readonly number[];
}

type Act =
  | { readonly do: 'use'; readonly units: readonly number[] }
  | { readonly do: 'grant'; readonly amount: number; readonly expires: boolean }
  | { readonly do: 'adjust'; readonly amount: number }
  | { readonly do: 'void' }
  | DrawnHold
  | { readonly do: 'sweep' }
  | { readonly do: 'limit'; readonly limit: number };

const anAct: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('use' as const),
      units: fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 5 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('grant' as const),
      amount: fc.integer({ min: 1, max: 30 }),
      expires: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('adjust' as const),
      amount: fc.constantFrom(-9, -2, 3, 8),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('void' as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      amount: fc.integer({ min: 1, max: 12 }),
      end: fc.constantFrom('CAPTURE', 'CAPTURE_TWICE', 'RELEASE', 'NOTHING'),
      units: fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('limit' as const), limit: fc.constantFrom(0, 5, 20) }),
  },
);

/** A client: a list of acts done one after the other, on one of the processes, for one of the customers. */
const aClient = fc.record({
  process: fc.nat({ max: 1 }),
  customer: fc.nat({ max: 2 }),
  acts: fc.array(anAct, { minLength: 5, maxLength: 25, size: 'max' }),
});

describe('Random concurrent clients of two processes', () => {
  it('end with every law kept, every unit accounted for, and clean books all the while', async () => {
    let run = 0;
    const clients = fc.array(aClient, { minLength: 4, maxLength: 12, size: 'max' });
    await fc.assert(
      fc.asyncProperty(clients, async (list) => {
        run += 1;
        await hammer(`run ${run}`, list);
      }),
      // What depends on who comes first does not shrink.
      { seed: SEED, numRuns: RUNS, endOnFailure: true },
    );
    // Not of each run: the acts of one are chosen by chance, and may be others throughout.
    expect(await world.laboratory.db.prisma.hold.count()).toBeGreaterThan(0);
  }, 180_000);
});

interface Hammered {
  readonly name: string;
  readonly customerId: Awaited<ReturnType<TwoProcesses['openFunded']>>['customerId'];
  readonly walletId: string;
  readonly grants: string[];
  /** What the clients were told moved in or out of the wallet. */
  total: Exact;
}

async function hammer(
  run: string,
  clients: readonly (typeof aClient extends fc.Arbitrary<infer T> ? T : never)[],
): Promise<void> {
  const customers: Hammered[] = [];
  for (const number of [0, 1, 2]) {
    const name = `${run} customer ${number}`;
    const { customerId, walletId, grantId } = await world.openFunded(name, '20');
    customers.push({ name, customerId, walletId, grants: [grantId], total: exact(20) });
  }
  let isRunning = true;
  const inspections = (async () => {
    while (isRunning) await world.expectLaws();
  })();
  const work = clients.map(async ({ process, customer, acts }, index) => {
    const target = customers[customer] as Hammered;
    for (const [step, act] of acts.entries()) {
      await perform(world.processOf(process), target, act, `${run} ${index}.${step}`);
      world.laboratory.clock.advance(1_000);
    }
  });
  await Promise.all(work).finally(() => {
    isRunning = false;
  });
  await inspections;
  await expectNothingHeld();
  await world.expectLaws();
  for (const { walletId, total } of customers) {
    const expired = await world.laboratory.db.prisma.ledgerEntry.findMany({
      where: { walletId, cause: 'EXPIRY' },
    });
    const left = expired.reduce((rest, { amount }) => rest - exact(amount), total);
    expect((await world.storedWallet(walletId)).balance).toBe(plain(left));
  }
}

async function perform(services: Services, target: Hammered, act: Act, name: string) {
  const { ledger } = services;
  const { customerId } = target;
  const gain = (amount: string | number) => {
    target.total += exact(amount);
  };
  switch (act.do) {
    case 'use':
      return use(services, target, act.units, name);
    case 'grant': {
      const expiresAt = act.expires
        ? new Date(world.laboratory.clock.now().getTime() + 3_600_000).toISOString()
        : null;
      const input = { amount: String(act.amount), expiresAt };
      const of = { customerId, asset: world.credit, scopeMetrics: [] };
      const outcome = await ledger.grantCredit(world.viewer, of, input);
      // Another client may have moved the clock past the expiry in the meantime.
      if (isRefusal(outcome)) return undefined;
      target.grants.push(outcome.grantId);
      return gain(act.amount);
    }
    case 'adjust': {
      const { amount } = act;
      const input = { amount: String(amount), transactionId: name, reason: 'CORRECTION' as const };
      const of = { customerId, asset: world.credit };
      const outcome = await ledger.adjustBalance(world.viewer, of, input);
      return isRefusal(outcome) ? undefined : gain(amount);
    }
    case 'void': {
      const grant = target.grants.at(-1) ?? '';
      const outcome = await ledger.voidGrant(world.viewer, { grant: toTypeId('grant', grant) });
      return isRefusal(outcome) ? undefined : gain(`-${outcome.amount}`);
    }
    case 'hold':
      return hold(services, target, act, name);
    case 'sweep':
      world.laboratory.clock.advance(2 * 3_600_000);
      await ledger.expireHolds();
      return ledger.applyTransitions();
    case 'limit': {
      const wallet = toTypeId('wallet', target.walletId);
      const limit = { onEmpty: 'OVERDRAFT', overdraftLimit: String(act.limit) } as const;
      return given(await ledger.updateWallet(world.viewer, { wallet, ...limit }));
    }
  }
}

async function hold(
  { usage: room }: Services,
  target: Hammered,
  { amount, end, units }: DrawnHold,
  name: string,
): Promise<void> {
  const { holds } = room;
  const of = { customer: { externalId: target.name }, asset: world.credit.code };
  const placed = await holds.place(world.viewer, { ...of, amount: String(amount) });
  if (isRefusal(placed) || end === 'NOTHING') return;
  const id = toTypeId('hold', placed.holdId);
  if (end === 'RELEASE') {
    await holds.release(world.viewer, { hold: id });
    return;
  }
  const capture = async (part: string, final: boolean) => {
    const events = units.map((used, index) => usage(target.name, `${name} ${part} ${index}`, used));
    const captured = await holds.capture(world.viewer, { hold: id, events, final });
    if (isRefusal(captured)) return;
    for (const outcome of captured.events) {
      if (!isFirst(outcome)) continue;
      for (const charge of outcome.charges ?? []) target.total -= charge.amount;
    }
  };
  if (end === 'CAPTURE_TWICE') await Promise.all([capture('part', false), capture('part', false)]);
  await capture('rest', true);
}

/** Whatever the clients have left behind expires. */
async function expectNothingHeld(): Promise<void> {
  world.laboratory.clock.advance(24 * 3_600_000);
  while ((await world.processOf(0).ledger.expireHolds()) > 0);
  const { prisma } = world.laboratory.db;
  expect(await prisma.hold.count({ where: { status: 'OPEN' } })).toBe(0);
}

async function use(
  { usage: room }: Services,
  target: Hammered,
  units: readonly number[],
  name: string,
): Promise<void> {
  // The first event of each act is sent twice, and some ids are those of other clients' events.
  const events = units.map((amount, index) => usage(target.name, `${name} ${index}`, amount));
  const [first] = events;
  const shared = usage(target.name, `shared ${name.slice(-1)}`, 1);
  const batch = await room.recordBatch(world.viewer, [
    ...events,
    shared,
    ...(first ? [first] : []),
  ]);
  if (isRefusal(batch)) throw new Error(JSON.stringify(batch));
  for (const outcome of batch.outcomes) {
    if (!isFirst(outcome)) continue;
    for (const charge of outcome.charges ?? []) target.total -= charge.amount;
  }
}
