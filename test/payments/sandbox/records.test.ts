import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Db } from '../../../src/infra/db.ts';
import { exact } from '../../../src/kit/decimal.ts';
import { newId } from '../../../src/kit/ids.ts';
import { createRecords, insertProvider } from '../../../src/payments/provider-store.ts';
import { openRooms } from '../../db/access-fixture.ts';
import { chargeOf, checkoutOf, openSandbox, START, USD } from '../../support/sandbox.ts';

let rooms: Awaited<ReturnType<typeof openRooms>>;
let db: Db;

beforeAll(async () => {
  rooms = await openRooms();
  ({ db } = rooms);
});

afterAll(() => rooms?.close());

/** Two processes that have the same provider open, with what the database keeps of it. */
async function openTwice() {
  const { viewer } = await rooms.openOrganization('Acme');
  const { organizationId } = viewer;
  const id = newId('paymentProvider');
  const draft = { id, organizationId, code: id, kind: 'SANDBOX' as const, secrets: null };
  await db.transaction((tx) =>
    insertProvider(tx, { ...draft, settings: {}, isDefault: false }, START),
  );
  const records = createRecords(db, { now: () => START }, id);
  return [await openSandbox({}, records), await openSandbox({}, records)] as const;
}

test('of many who ask at once for a page each is answered the same', async () => {
  const [one, other] = await openTwice();
  const asked = Array.from({ length: 20 }, (_, index) =>
    (index % 2 ? one : other).sandbox.createCheckout(checkoutOf({ refundPolicy: 'None.' })),
  );
  const refs = (await Promise.all(asked)).map(({ ref }) => ref);
  expect(new Set(refs).size).toBe(1);
  expect(await other.sandbox.readPage(refs[0] ?? '')).toMatchObject({
    step: 'CHOOSE',
    amount: exact('1250.5'),
    refundPolicy: 'None.',
  });
});

test('of many who charge at once one does, and of many refunds as many as there is money for', async () => {
  const [one, other] = await openTwice();
  const charged = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      (index % 2 ? one : other).sandbox.chargeMethod(chargeOf('pays')),
    ),
  );
  const refs = new Set(charged.map(({ ref }) => ref));
  expect(refs.size).toBe(1);
  const [ref = ''] = refs;

  const refunds = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) =>
      (index % 2 ? one : other).sandbox.refund({
        refundId: `refund_${index}`,
        ref,
        amount: exact('3'),
        currency: USD,
      }),
    ),
  );
  expect(refunds.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
  const payment = await other.sandbox.fetchPayment(ref);
  expect(payment?.refunds).toHaveLength(6);
});

test('a customer who pays twice at once, in two windows, pays once', async () => {
  const [one, other] = await openTwice();
  const { ref } = await one.sandbox.createCheckout(checkoutOf());
  one.told();
  await Promise.all([one.sandbox.pay(ref, 'pays'), other.sandbox.pay(ref, 'pays')]);
  expect([...one.told(), ...other.told()]).toEqual([['payment.settled', 0]]);
});
