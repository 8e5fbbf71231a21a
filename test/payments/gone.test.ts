import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../src/kit/clock.ts';
import { fromTypeId } from '../../src/kit/ids.ts';
import { withClient } from '../support/stored-organization.ts';
import { openTill, type Till } from './till.ts';

// What becomes of payments whose provider does not know any more what it has made.

let till: Till;

beforeAll(async () => {
  till = await openTill();
  await till.provider('wire', { manual: {} }, { isDefault: false });
});
afterAll(async () => {
  await till?.stop();
});

const query = (text: string, values: unknown[] = []) =>
  withClient(till.api.databaseUrl, async (client) => (await client.query(text, values)).rows);

/** What a worker does when so much time has gone. */
async function lookAfter(ms: number): Promise<void> {
  till.clock.advance(ms);
  while (await till.api.services.payments.look());
}

/** In how many days its provider is asked next; null: never. */
async function nextLookOf(payment: string): Promise<number | null> {
  const id = fromTypeId('payment', payment);
  const [row] = await query('SELECT look_at FROM payments WHERE id = $1', [id]);
  return row.look_at && (row.look_at.getTime() - till.clock.now().getTime()) / DAY_MS;
}

test('one that is open is looked at for a while, and has expired then; nobody has to see to it', async () => {
  const ada = await till.customer('ada');
  const { id } = await till.asked(ada, { asset: 'USD', amount: '5' });
  await query('DELETE FROM payment_provider_records');
  await lookAfter(2 * MINUTE_MS);
  expect(await till.payment(id)).toMatchObject({ status: 'PENDING' });
  expect(await nextLookOf(id)).not.toBeNull();
  await lookAfter(5 * DAY_MS);
  expect(await till.payment(id)).toMatchObject({ status: 'EXPIRED' });
  expect(await nextLookOf(id)).toBeNull();
  expect(await till.mismatches()).toEqual([]);
});

test('one that was credited stays so, is for people to look at, and is not asked for all the time', async () => {
  const bob = await till.customer('bob');
  const { id } = await till.asked(bob, { asset: 'USD', amount: '3', provider: 'wire' });
  await till.confirm(id, 'bank');
  await query('DELETE FROM payment_provider_records');
  await lookAfter(2 * DAY_MS);
  expect(await till.mismatches()).toEqual(['NOT_PAID | 3 | no such object']);
  expect(await till.balance(bob, 'USD')).toBe('3');
  expect(await nextLookOf(id)).toBeGreaterThan(1);
  expect(await till.brokenLaw()).toBeNull();
});
