import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../../src/access/viewer.ts';
import { plain, ZERO } from '../../src/kit/decimal.ts';
import { toTypeId } from '../../src/kit/ids.ts';
import { isRefusal } from '../../src/kit/refusal.ts';
import { verifyLaws } from '../../src/laws/verify.ts';
import type { Services } from '../../src/services.ts';
import type { Outcome, Recorded } from '../../src/usage/event.ts';
import { given, type Laboratory, openAsset, openCustomer, openLaboratory } from './laboratory.ts';

const SEED = Number(process.env.DRAWDOWN_SEED ?? Math.floor(Math.random() * 2 ** 31));

const RUNS = Number(process.env.DRAWDOWN_RUNS ?? 4);

let laboratory: Laboratory;
/** Two API processes' worth: pools, caches and batchers of their own, on one database. */
let processes: readonly [Services, Services];
let viewer: Viewer;
let credit: Awaited<ReturnType<typeof openAsset>>;

beforeAll(async () => {
  process.stderr.write(`The concurrent test runs with DRAWDOWN_SEED=${SEED}\n`);
  laboratory = await openLaboratory();
  const second = laboratory.startProcess().services;
  processes = [laboratory.services, second];
  viewer = await laboratory.openOrganization('Acme');
  credit = await openAsset(laboratory.services, viewer, {
    code: 'CREDIT',
    scale: 2,
    burnOrder: 'PRIORITY',
  });
  const { catalog } = laboratory.services;
  const metric = {
    code: 'units',
    eventType: 'use',
    aggregation: 'SUM',
    property: 'units',
  } as const;
  given(await catalog.createBillableMetric(viewer, metric));
  given(await catalog.createPrice(viewer, { metric: 'units', asset: 'CREDIT', unitAmount: '1' }));
});
afterAll(async () => {
  await laboratory?.close();
});

const processOf = (index: number): Services => (index % 2 === 0 ? processes[0] : processes[1]);

async function openFunded(externalId: string, amount: string) {
  const customerId = await openCustomer(laboratory.services, viewer, externalId);
  const target = { customerId, asset: credit, scopeMetrics: [] };
  const granted = given(await laboratory.services.ledger.grantCredit(viewer, target, { amount }));
  return { customerId, ...granted };
}

const usage = (externalId: string, eventId: string, amount: number | string) => ({
  customer: { externalId },
  eventId,
  type: 'use',
  properties: { units: amount },
});

async function storedWallet(walletId: string) {
  const row = await laboratory.db.prisma.wallet.findFirstOrThrow({ where: { id: walletId } });
  return { balance: row.balance.toFixed(), debt: row.debt.toFixed(), version: Number(row.version) };
}

async function expectLaws(): Promise<void> {
  const { laws } = await verifyLaws(laboratory.db);
  expect(laws.filter((law) => !law.ok)).toEqual([]);
}

const isFirst = (outcome: Outcome): outcome is Recorded =>
  !isRefusal(outcome) && !outcome.duplicate;
const isRepeat = (outcome: Outcome) => !isRefusal(outcome) && outcome.duplicate;

describe('Two processes on one database', () => {
  it('record exactly 10 of 100 concurrent one-unit charges on a balance of 10', async () => {
    const { walletId } = await openFunded('ten', '10');
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        processOf(index).usage.record(viewer, usage('ten', `event ${index}`, 1)),
      ),
    );
    expect(outcomes.filter(isFirst)).toHaveLength(10);
    const refusals = outcomes.filter(isRefusal);
    expect(refusals).toHaveLength(90);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ refusal: 'InsufficientFunds', walletId });
      const { available, required, shortfall } = refusal as Record<string, unknown> &
        typeof refusal;
      expect([available, required, shortfall].map(String)).toEqual(['0', '1', '1']);
    }
    expect(await storedWallet(walletId)).toMatchObject({ balance: '0', debt: '0' });
    await expectLaws();
  });

  it('record an event once, however often and wherever it is sent at the same time', async () => {
    const { walletId } = await openFunded('once', '100');
    for (let round = 0; round < 10; round += 1) {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          processOf(index).usage.record(viewer, usage('once', `round ${round}`, 2)),
        ),
      );
      expect(outcomes.filter(isFirst)).toHaveLength(1);
      expect(outcomes.filter(isRepeat)).toHaveLength(19);
      const ids = outcomes.map((outcome) => (isRefusal(outcome) ? null : outcome.event.id));
      expect(new Set(ids).size).toBe(1);
    }
    expect(await storedWallet(walletId)).toMatchObject({ balance: '80' });
    await expectLaws();
  });

  it('record one of several contents raced under one event id, and refuse the others by field', async () => {
    const { walletId } = await openFunded('contents', '100');
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        processOf(index).usage.record(viewer, usage('contents', 'raced', (index % 4) + 1)),
      ),
    );
    const [first, ...others] = outcomes.filter(isFirst);
    expect(others).toEqual([]);
    expect(outcomes.filter(isRepeat)).toHaveLength(4);
    const refusals = outcomes.filter(isRefusal);
    expect(refusals).toHaveLength(15);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ refusal: 'IdempotencyMismatch', field: 'properties' });
    }
    const spent = Number(first?.event.properties.units);
    expect(await storedWallet(walletId)).toMatchObject({ balance: String(100 - spent) });
    await expectLaws();
  });

  it('record an event that costs nothing once, though no wallet orders the race', async () => {
    await openCustomer(laboratory.services, viewer, 'free');
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        processOf(index).usage.record(viewer, usage('free', 'nothing', 0)),
      ),
    );
    expect(outcomes.filter(isFirst)).toHaveLength(1);
    expect(outcomes.filter(isRepeat)).toHaveLength(39);
    await expectLaws();
  });

  it('open one wallet for first grants that come together, and number all their changes', async () => {
    const customerId = await openCustomer(laboratory.services, viewer, 'opening');
    const target = { customerId, asset: credit, scopeMetrics: [] };
    const granted = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        processOf(index).ledger.grantCredit(viewer, target, { amount: '1' }),
      ),
    );
    const walletIds = new Set(granted.map((outcome) => given(outcome).walletId));
    expect(walletIds.size).toBe(1);
    const [walletId = ''] = walletIds;
    expect(await storedWallet(walletId)).toEqual({ balance: '12', debt: '0', version: 12 });
    await expectLaws();
  });

  it('book an adjustment once when its transaction id arrives many times together', async () => {
    const { customerId, walletId } = await openFunded('adjusted', '1');
    const input = { amount: '5', transactionId: 'pi_1', reason: 'EXTERNAL_TOPUP' } as const;
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        processOf(index).ledger.adjustBalance(viewer, { customerId, asset: credit }, input),
      ),
    );
    expect(outcomes.map(given).filter((outcome) => outcome.created)).toHaveLength(1);
    expect(new Set(outcomes.map((outcome) => given(outcome).adjustmentId)).size).toBe(1);
    expect(await storedWallet(walletId)).toMatchObject({ balance: '6' });
    await expectLaws();
  });
});

type Act =
  | { readonly do: 'use'; readonly units: readonly number[] }
  | { readonly do: 'grant'; readonly amount: number; readonly expires: boolean }
  | { readonly do: 'adjust'; readonly amount: number }
  | { readonly do: 'void' }
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
  }, 180_000);
});

interface Hammered {
  readonly name: string;
  readonly customerId: Awaited<ReturnType<typeof openFunded>>['customerId'];
  readonly walletId: string;
  readonly grants: string[];
  /** What the clients were told moved in or out of the wallet. */
  total: typeof ZERO;
}

async function hammer(
  run: string,
  clients: readonly (typeof aClient extends fc.Arbitrary<infer T> ? T : never)[],
): Promise<void> {
  const customers: Hammered[] = [];
  for (const number of [0, 1, 2]) {
    const name = `${run} customer ${number}`;
    const { customerId, walletId, grantId } = await openFunded(name, '20');
    customers.push({ name, customerId, walletId, grants: [grantId], total: ZERO.plus(20) });
  }
  let isRunning = true;
  const inspections = (async () => {
    while (isRunning) await expectLaws();
  })();
  const work = clients.map(async ({ process, customer, acts }, index) => {
    const target = customers[customer] as Hammered;
    for (const [step, act] of acts.entries()) {
      await perform(processOf(process), target, act, `${run} ${index}.${step}`);
      laboratory.clock.advance(1_000);
    }
  });
  await Promise.all(work).finally(() => {
    isRunning = false;
  });
  await inspections;
  await expectLaws();
  for (const { walletId, total } of customers) {
    const expired = await laboratory.db.prisma.ledgerEntry.findMany({
      where: { walletId, cause: 'EXPIRY' },
    });
    const left = expired.reduce((rest, { amount }) => rest.minus(amount.toString()), total);
    expect((await storedWallet(walletId)).balance).toBe(plain(left));
  }
}

async function perform(services: Services, target: Hammered, act: Act, name: string) {
  const { ledger } = services;
  const { customerId } = target;
  const gain = (amount: string | number) => {
    target.total = target.total.plus(amount);
  };
  switch (act.do) {
    case 'use':
      return use(services, target, act.units, name);
    case 'grant': {
      const expiresAt = act.expires
        ? new Date(laboratory.clock.now().getTime() + 3_600_000).toISOString()
        : null;
      const input = { amount: String(act.amount), expiresAt };
      const of = { customerId, asset: credit, scopeMetrics: [] };
      const outcome = await ledger.grantCredit(viewer, of, input);
      // Another client may have moved the clock past the expiry in the meantime.
      if (isRefusal(outcome)) return undefined;
      target.grants.push(outcome.grantId);
      return gain(act.amount);
    }
    case 'adjust': {
      const { amount } = act;
      const input = { amount: String(amount), transactionId: name, reason: 'CORRECTION' as const };
      const of = { customerId, asset: credit };
      const outcome = await ledger.adjustBalance(viewer, of, input);
      return isRefusal(outcome) ? undefined : gain(amount);
    }
    case 'void': {
      const grant = target.grants.at(-1) ?? '';
      const outcome = await ledger.voidGrant(viewer, { grant: toTypeId('grant', grant) });
      return isRefusal(outcome) ? undefined : gain(`-${outcome.amount}`);
    }
    case 'sweep':
      laboratory.clock.advance(2 * 3_600_000);
      return ledger.applyTransitions();
    case 'limit': {
      const wallet = toTypeId('wallet', target.walletId);
      const limit = { onEmpty: 'OVERDRAFT', overdraftLimit: String(act.limit) } as const;
      return given(await ledger.updateWallet(viewer, { wallet, ...limit }));
    }
  }
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
  const batch = await room.recordBatch(viewer, [...events, shared, ...(first ? [first] : [])]);
  if (isRefusal(batch)) throw new Error(JSON.stringify(batch));
  for (const outcome of batch.outcomes) {
    if (!isFirst(outcome)) continue;
    for (const charge of outcome.charges ?? []) target.total = target.total.minus(charge.amount);
  }
}
