import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../src/access/viewer.ts';
import { isRefusal } from '../../src/kit/refusal.ts';
import type { Services } from '../../src/services.ts';
import { type Laboratory, openLaboratory, START } from './laboratory.ts';
import { type DrawnEvent, type Operation, operations } from './operations.ts';
import { openShop } from './shop.ts';

// What a check says of an event is what becomes of it: whatever the customer has, in whichever process.

/** `DRAWDOWN_SEED=123 npx vitest run test/laws` repeats a run. */
const SEED = Number(process.env.DRAWDOWN_SEED ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = 10;
const MAX_MS = 180_000;

let laboratory: Laboratory;

beforeAll(async () => {
  process.stderr.write(`Checks are compared with DRAWDOWN_SEED=${SEED}\n`);
  laboratory = await openLaboratory();
});
afterAll(async () => {
  await laboratory?.close();
});

interface Shop {
  readonly services: Services;
  readonly viewer: Viewer;
  readonly assets: Awaited<ReturnType<typeof openShop>>['assets'];
  /** How often each answer was given: a test that only ever sees one proves little. */
  readonly seen: Map<string, number>;
}

const used = (customer: 'ada' | 'bob', type: string, properties: object): DrawnEvent => ({
  ...{ customer, type, properties: { ...properties } },
  ...{ eventId: 'any', subject: null, at: null },
});

/** Chance may give none of them: ada goes into the slow lane, bob has no wallet, and nothing costs nothing. */
const EVERY_ANSWER: Operation[] = [
  {
    ...{ do: 'open', customer: 'ada', asset: 'GPU', name: 'default' },
    ...{ policy: 'THROTTLE', limit: '10' },
  } as Operation,
  {
    do: 'usage',
    events: [
      used('ada', 'gpu', { seconds: 1 }),
      used('bob', 'gpu', { seconds: 1 }),
      used('bob', 'gpu', { seconds: 0 }),
    ],
  } as Operation,
];

const inMs = (ms: number | null) =>
  ms === null ? null : new Date(laboratory.clock.now().getTime() + ms).toISOString();

async function customerOf({ services, viewer }: Shop, externalId: string) {
  return services.customers.resolveMany(viewer.organizationId, [{ externalId }]);
}

/** Does what changes wallets; what is refused is of no interest here. */
async function prepare(shop: Shop, operation: Operation): Promise<void> {
  const { services, viewer, assets } = shop;
  if (operation.do === 'wait') return laboratory.clock.advance(operation.ms);
  if (operation.do === 'sweep') return void (await services.ledger.applyTransitions());
  if (!('asset' in operation)) return;
  const [customer] = await customerOf(shop, operation.customer);
  const asset = assets.get(operation.asset);
  if (!customer || !asset) throw new Error('The shop is not whole.');
  const target = { customerId: customer.id, asset };
  if (operation.do === 'open') {
    const isLimited = operation.policy === 'OVERDRAFT' || operation.policy === 'THROTTLE';
    const overdraftLimit = isLimited ? operation.limit : null;
    const { name, policy: onEmpty } = operation;
    await services.ledger.openWallet(viewer, target, { name, onEmpty, overdraftLimit });
  }
  if (operation.do === 'grant') {
    const { effectiveIn, expiresIn, scopeMetrics, name, twice: _twice, ...grant } = operation;
    await services.ledger.grantCredit(viewer, { ...target, scopeMetrics }, {
      ...grant,
      walletName: name,
      effectiveAt: inMs(effectiveIn),
      expiresAt: inMs(expiresIn),
    } as never);
  }
}

async function use(shop: Shop, drawn: DrawnEvent, eventId: string): Promise<void> {
  const { services, viewer, seen } = shop;
  const { type, subject, properties } = drawn;
  const customer = { externalId: drawn.customer };
  const event = { type, subject, properties, occurredAt: inMs(drawn.at) };
  const foreseen = await services.entitlements.canConsume(viewer, { customer, event });
  const outcome = await services.usage.record(viewer, { ...event, customer, eventId });
  const said = isRefusal(foreseen) ? foreseen.refusal : foreseen.outcome;
  seen.set(said, (seen.get(said) ?? 0) + 1);
  if (!isRefusal(outcome)) {
    expect(said).toBe(outcome.throttled ? 'THROTTLE' : 'ALLOW');
    return;
  }
  // A charge asks who it is before it counts; a check tells what is wrong with it in any case.
  if (said === 'Invalid') return expect(['Invalid', 'NotFound']).toContain(outcome.refusal);
  expect(said).toBe('DENY');
  if (outcome.refusal !== 'InsufficientFunds') return;
  const { available, required, shortfall, assetId, walletId } = outcome;
  expect(foreseen).toMatchObject({
    reason: 'INSUFFICIENT_FUNDS',
    available,
    required,
    shortfall,
    assetId,
    walletId,
  });
}

test(
  'a check says of an event what becomes of it',
  async () => {
    const seen = new Map<string, number>();
    let count = 0;
    await fc.assert(
      fc.asyncProperty(operations, async (list) => {
        laboratory.clock.set(START);
        const viewer = await laboratory.openOrganization(`Foreseen ${count++}`);
        const { services } = laboratory;
        const { assets } = await openShop(services, viewer);
        const shop = { services, viewer, assets, seen };
        for (const [at, operation] of list.entries()) {
          if (operation.do !== 'usage') await prepare(shop, operation);
          else {
            for (const [place, event] of operation.events.entries()) {
              if ('resend' in event) continue;
              await use(shop, event, `event-${at}-${place}`);
            }
          }
        }
      }),
      {
        seed: SEED,
        numRuns: RUNS,
        interruptAfterTimeLimit: MAX_MS - 30_000,
        examples: [[EVERY_ANSWER]],
      },
    );
    expect(seen.get('ALLOW')).toBeGreaterThan(0);
    expect(seen.get('DENY')).toBeGreaterThan(0);
    expect(seen.get('THROTTLE')).toBeGreaterThan(0);
  },
  MAX_MS,
);
