import { afterEach, expect, test } from 'vitest';
import { JOBS_AT_ONCE } from '../../src/infra/jobs.ts';
import { fromTypeId } from '../../src/kit/ids.ts';
import { until } from '../live/harness.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';
import { customersIn, openShop, type Shop } from './shop.ts';

// Receivers that hang, however many, and one that does not.

let shop: Shop;
let quick: Receiver;
let hanging: Hanging;

interface Hanging extends Receiver {
  /** Requests that are not over. */
  open(): number;
  /** Requests of each path that are over. */
  readonly over: ReadonlyMap<string, number>;
}

async function startHanging(): Promise<Hanging> {
  let open = 0;
  const over = new Map<string, number>();
  const receiver = await startReceiver(({ path }, response) => {
    open += 1;
    response.once('close', () => {
      open -= 1;
      over.set(path, (over.get(path) ?? 0) + 1);
    });
  });
  return { ...receiver, open: () => open, over };
}

async function start(count: number, options: Parameters<typeof openShop>[0]): Promise<void> {
  shop = await openShop(options);
  quick = await startReceiver();
  hanging = await startHanging();
  const { id } = await shop.endpoint(quick);
  // More than one organization may have; it makes no difference whose they are.
  await shop.sql(
    `INSERT INTO webhook_endpoints
      SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(), 'url', $2 || n))).*
      FROM webhook_endpoints e, generate_series(1, $3) n WHERE e.id = $1`,
    [fromTypeId('webhookEndpoint', id), `${hanging.url}/`, count],
  );
}

afterEach(async () => {
  await hanging.close();
  await quick.close();
  await shop.stop();
});

test('more of them than four organizations may have hold nobody up', async () => {
  const warnings: Error[] = [];
  const hear = (warning: Error) => warnings.push(warning);
  process.on('warning', hear);
  await start(65, { timeoutMs: 60_000 });
  await shop.createCustomers('first');
  await hanging.first(65);
  await shop.createCustomers('second');
  expect(customersIn(await quick.first(2))).toEqual(['first', 'second']);
  // None of them has been given up meanwhile.
  expect(hanging.open()).toBe(65);
  process.off('warning', hear);
  expect(warnings).toEqual([]);
});

test('who was slow to answer shares half of the places with his like', async () => {
  const count = JOBS_AT_ONCE + 20;
  await start(count, { timeoutMs: 2_200, retryDelaysMs: Array(1_000).fill(1) });
  await shop.createCustomers('first');
  await until(() => hanging.over.size === count);
  const before = hanging.received.length;
  let most = 0;
  await until(() => {
    most = Math.max(most, hanging.open());
    return hanging.received.length > before + JOBS_AT_ONCE;
  });
  // A few are over for the one side a moment earlier than for the other.
  expect(most).toBeGreaterThan(JOBS_AT_ONCE / 4);
  expect(most).toBeLessThan(JOBS_AT_ONCE * 0.6);
  await shop.createCustomers('second');
  expect(customersIn(await quick.first(2))).toEqual(['first', 'second']);
});
