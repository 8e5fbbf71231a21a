import { describe, expect, test } from 'vitest';
import { exact } from '../../../src/kit/decimal.ts';
import { checkoutOf, openSandbox, PROVIDER_ID } from '../../support/sandbox.ts';

async function openCheckout(config?: Record<string, string>, changes = {}) {
  const opened = await openSandbox(config);
  const { ref } = await opened.sandbox.createCheckout(checkoutOf(changes));
  opened.told();
  return { ...opened, ref };
}

describe('a checkout', () => {
  test('has a page at an address that nobody finds out, and closes when it was said', async () => {
    const { sandbox, told } = await openSandbox();
    const made = await sandbox.createCheckout(checkoutOf());
    expect(made.ref).toMatch(/^sbx_[A-Za-z0-9_-]{32}$/);
    expect(made).toEqual({
      ref: made.ref,
      url: `https://billing.example.com/sandbox/checkout/${PROVIDER_ID}/${made.ref}`,
      instructions: null,
    });
    expect(told()).toEqual([['checkout.closed', 3_600_000]]);
    expect(await sandbox.fetchPayment(made.ref)).toEqual({
      ref: made.ref,
      paymentId: 'payment_1',
      status: 'PENDING',
      currency: 'USD',
      paid: 0n,
      tax: 0n,
      refunds: [],
      disputes: [],
      method: null,
      failure: null,
      actionUrl: null,
    });
  });

  test('is the same for the same payment, however often and at once it is asked for', async () => {
    const { sandbox, open } = await openSandbox({ webhookSecret: 'one secret of the tests' });
    const another = await open();
    const made = await Promise.all(
      [sandbox, another, sandbox].map((one) => one.createCheckout(checkoutOf())),
    );
    expect(new Set(made.map(({ ref }) => ref)).size).toBe(1);
    const other = await sandbox.createCheckout(checkoutOf({ paymentId: 'payment_9' }));
    expect(other.ref).not.toBe(made[0]?.ref);
  });

  test('is asked for again after it was paid, and stays paid', async () => {
    const { sandbox, ref } = await openCheckout();
    await sandbox.pay(ref, 'pays');
    await sandbox.createCheckout(checkoutOf());
    expect(await sandbox.fetchPayment(ref)).toMatchObject({ status: 'SETTLED' });
  });

  test.each(['0', '-1', '0.001'])('of %s USD is none', async (amount) => {
    const { sandbox, told } = await openSandbox();
    const refused = sandbox.createCheckout(checkoutOf({ amount: exact(amount) }));
    await expect(refused).rejects.toMatchObject({ code: 'BAD_AMOUNT', isRetryable: false });
    expect(told()).toEqual([]);
  });

  test('of another sandbox, and what is no id at all, is not found', async () => {
    const { sandbox } = await openCheckout();
    for (const ref of [`sbx_${'a'.repeat(32)}`, 'payment_1', '', '../x']) {
      expect(await sandbox.fetchPayment(ref)).toBeNull();
      expect(await sandbox.readPage(ref)).toBeNull();
      await expect(sandbox.cancelPayment(ref)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        isRetryable: false,
      });
    }
  });
});

describe('a method is named after what comes of it', () => {
  test('pays: settled at once, with all that was asked', async () => {
    const { sandbox, ref, told } = await openCheckout();
    expect(await sandbox.pay(ref, 'pays')).toMatchObject({
      status: 'SETTLED',
      paid: exact('1250.50'),
      method: { token: null, brand: 'visa', last4: '4242', expMonth: 12, fingerprint: 'sbf_pays' },
    });
    expect(told()).toEqual([['payment.settled', 0]]);
  });

  test('pays, where payments take a while: promised, and settled when that is over', async () => {
    const { sandbox, ref, told, clock } = await openCheckout({ delayMs: '5000' });
    expect(await sandbox.pay(ref, 'pays')).toMatchObject({ status: 'AUTHORIZED', paid: 0n });
    expect(told()).toEqual([
      ['payment.authorized', 0],
      ['payment.settled', 5000],
    ]);
    clock.advance(4999);
    expect(await sandbox.fetchPayment(ref)).toMatchObject({ status: 'AUTHORIZED', paid: 0n });
    clock.advance(1);
    expect(await sandbox.fetchPayment(ref)).toMatchObject({
      status: 'SETTLED',
      paid: exact('1250.50'),
    });
  });

  test.each([
    [{}, 3000],
    [{ delayMs: '0' }, 3000],
    [{ delayMs: '200' }, 200],
  ])('slow: with %j it takes %i ms', async (config, delayMs) => {
    const { sandbox, ref, told, clock } = await openCheckout(config);
    expect(await sandbox.pay(ref, 'slow')).toMatchObject({ status: 'AUTHORIZED' });
    expect(told()).toEqual([
      ['payment.authorized', 0],
      ['payment.settled', delayMs],
    ]);
    clock.advance(delayMs);
    expect(await sandbox.fetchPayment(ref)).toMatchObject({ status: 'SETTLED' });
  });

  test.each([
    ['declined', 'CARD_DECLINED'],
    ['insufficient_funds', 'INSUFFICIENT_FUNDS'],
  ] as const)('%s: says why, and can be tried again', async (method, code) => {
    const { sandbox, ref, told } = await openCheckout();
    expect(await sandbox.pay(ref, method)).toMatchObject({
      status: 'PENDING',
      paid: 0n,
      failure: { code },
    });
    expect(told()).toEqual([['payment.declined', 0]]);
    expect(await sandbox.pay(ref, 'pays')).toMatchObject({ status: 'SETTLED', failure: null });
  });

  test('needs_confirmation: settles once the customer has said that it is him', async () => {
    const { sandbox, ref, told } = await openCheckout();
    expect(await sandbox.pay(ref, 'needs_confirmation')).toMatchObject({
      status: 'PENDING',
      failure: { code: 'AUTHENTICATION_REQUIRED' },
      actionUrl: expect.stringContaining(ref),
    });
    expect(told()).toEqual([['payment.action_required', 0]]);
    expect(await sandbox.confirm(ref, true)).toMatchObject({
      status: 'SETTLED',
      failure: null,
      actionUrl: null,
    });
    expect(told()).toEqual([['payment.settled', 0]]);
  });

  test('needs_confirmation: refused it can be tried again', async () => {
    const { sandbox, ref, told } = await openCheckout();
    await sandbox.pay(ref, 'needs_confirmation');
    told();
    expect(await sandbox.confirm(ref, false)).toMatchObject({
      status: 'PENDING',
      failure: { code: 'AUTHENTICATION_FAILED' },
      actionUrl: null,
    });
    expect(told()).toEqual([['payment.declined', 0]]);
    expect(await sandbox.confirm(ref, true)).toMatchObject({ status: 'PENDING' });
    expect(await sandbox.pay(ref, 'pays')).toMatchObject({ status: 'SETTLED' });
  });

  test('expires: over at once', async () => {
    const { sandbox, ref, told } = await openCheckout();
    expect(await sandbox.pay(ref, 'expires')).toMatchObject({ status: 'EXPIRED', failure: null });
    expect(told()).toEqual([['payment.expired', 0]]);
    expect(await sandbox.pay(ref, 'pays')).toMatchObject({ status: 'EXPIRED', paid: 0n });
    expect(told()).toEqual([]);
  });

  test('disputed: settles, and is disputed ten seconds later', async () => {
    const { sandbox, ref, told, clock } = await openCheckout({ delayMs: '1000' });
    await sandbox.pay(ref, 'disputed');
    expect(told()).toEqual([
      ['payment.authorized', 0],
      ['payment.settled', 1000],
      ['dispute.opened', 11_000],
    ]);
    clock.advance(10_999);
    expect(await sandbox.fetchPayment(ref)).toMatchObject({ status: 'SETTLED', disputes: [] });
    clock.advance(1);
    expect(await sandbox.fetchPayment(ref)).toMatchObject({
      status: 'SETTLED',
      disputes: [{ amount: exact('1250.50'), status: 'OPEN', reason: 'fraudulent' }],
    });
  });
});

describe('what is over stays as it is', () => {
  test('a payment is made once, however many pages are open', async () => {
    const { sandbox, ref, told } = await openCheckout();
    await Promise.all([
      sandbox.pay(ref, 'pays'),
      sandbox.pay(ref, 'slow'),
      sandbox.pay(ref, 'declined'),
    ]);
    expect(await sandbox.fetchPayment(ref)).toMatchObject({
      status: 'SETTLED',
      method: { last4: '4242' },
    });
    expect(told()).toEqual([['payment.settled', 0]]);
  });

  test('a page closes when its time is over, also for who is asked whether it is him', async () => {
    const { sandbox, ref, clock } = await openCheckout();
    await sandbox.pay(ref, 'needs_confirmation');
    clock.advance(3_600_000);
    expect(await sandbox.fetchPayment(ref)).toMatchObject({ status: 'EXPIRED', actionUrl: null });
    expect(await sandbox.confirm(ref, true)).toMatchObject({ status: 'EXPIRED', paid: 0n });
  });

  test('what was promised settles also when the page has closed meanwhile', async () => {
    const { sandbox, ref, clock } = await openCheckout({ delayMs: '600000' });
    clock.advance(3_500_000);
    await sandbox.pay(ref, 'pays');
    clock.advance(600_000);
    expect(await sandbox.fetchPayment(ref)).toMatchObject({ status: 'SETTLED' });
  });

  test('what is canceled cannot be paid, and what was promised cannot be canceled', async () => {
    const { sandbox, ref, told } = await openCheckout();
    await sandbox.cancelPayment(ref);
    await sandbox.cancelPayment(ref);
    expect(told()).toEqual([['payment.canceled', 0]]);
    expect(await sandbox.pay(ref, 'pays')).toMatchObject({ status: 'CANCELED', paid: 0n });

    const other = await openCheckout();
    await other.sandbox.pay(other.ref, 'slow');
    await other.sandbox.cancelPayment(other.ref);
    expect(await other.sandbox.fetchPayment(other.ref)).toMatchObject({ status: 'AUTHORIZED' });
  });
});

describe('a method is kept', () => {
  test.each([
    [true, undefined, 'sbm_pays'],
    [false, undefined, null],
    [true, false, null],
    [false, true, 'sbm_pays'],
  ])('asked for: %s, chosen on the page: %s', async (saveMethod, isSaved, token) => {
    const { sandbox, ref } = await openCheckout({}, { saveMethod });
    expect(await sandbox.pay(ref, 'pays', isSaved)).toMatchObject({ method: { token } });
  });

  test('only when it has paid', async () => {
    const { sandbox, ref } = await openCheckout({}, { saveMethod: true });
    expect(await sandbox.pay(ref, 'declined')).toMatchObject({ method: { token: null } });
    expect(await sandbox.pay(ref, 'needs_confirmation')).toMatchObject({ method: { token: null } });
    expect(await sandbox.confirm(ref, true)).toMatchObject({
      method: { token: 'sbm_needs_confirmation' },
    });
  });
});
