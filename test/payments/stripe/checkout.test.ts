import { describe, expect, test } from 'vitest';
import { exact } from '../../../src/kit/decimal.ts';
import { instantOf } from '../../../src/kit/ids.ts';
import {
  amounts,
  checkoutOf,
  inHours,
  openStripe,
  paymentId,
} from '../../support/stripe-provider.ts';

describe('a page', () => {
  test('is asked for with everything that the customer and we have to know', async () => {
    const { stripe, provider } = await openStripe();
    const request = checkoutOf({ saveMethod: true, refundPolicy: 'Unused credits for 14 days.' });
    const made = await provider.createCheckout(request);
    expect(made.ref).toMatch(/^cs_test_/);
    expect(made.url).toBe(`https://checkout.stripe.com/c/pay/${made.ref}`);
    expect(made.instructions).toBeNull();
    const { paymentId } = request;
    expect(stripe.requests).toHaveLength(1);
    expect(stripe.requests[0]).toMatchObject({
      path: '/v1/checkout/sessions',
      idempotencyKey: `checkout:${paymentId}`,
      params: {
        mode: 'payment',
        line_items: {
          0: {
            quantity: '1',
            price_data: {
              currency: 'usd',
              unit_amount: '2500',
              product_data: { name: '1,000 credits' },
            },
          },
        },
        client_reference_id: paymentId,
        metadata: { paymentId },
        payment_intent_data: { metadata: { paymentId }, setup_future_usage: 'off_session' },
        customer_creation: 'always',
        customer_email: 'ada@example.com',
        custom_text: { submit: { message: 'Unused credits for 14 days.' } },
        success_url: 'https://shop.example.com/wallet',
        cancel_url: 'https://shop.example.com/wallet',
        expires_at: String(Math.floor(request.expiresAt.getTime() / 1000)),
      },
    });
    expect(stripe.requests[0]?.params).not.toHaveProperty('automatic_tax');
  });

  test('leads back to us when nobody says where to, and keeps no method unasked', async () => {
    const { stripe, provider } = await openStripe();
    const payer = { id: 'customer_01', name: null, email: null };
    await provider.createCheckout(checkoutOf({ returnUrl: null, payer }));
    const params = stripe.requests[0]?.params;
    expect(params).toMatchObject({ success_url: 'https://billing.example.com' });
    for (const name of ['customer_creation', 'customer_email', 'custom_text']) {
      expect(params).not.toHaveProperty(name);
    }
    expect(params?.payment_intent_data).not.toHaveProperty('setup_future_usage');
  });

  test('asked for again is the same page', async () => {
    const { stripe, provider } = await openStripe();
    const request = checkoutOf();
    const made = await Promise.all([1, 2, 3].map(() => provider.createCheckout(request)));
    expect(new Set(made.map(({ ref }) => ref)).size).toBe(1);
    expect(stripe.counts().sessions).toBe(1);
  });

  test.each([
    ['a minute', 1 / 60, 35],
    ['a year', 24 * 365, 24 * 60 - 1],
  ])(
    'that shall be open for %s is open as near to it as Stripe allows, and the same one when it is asked for again',
    async (_for, hours, minutes) => {
      const { stripe, provider } = await openStripe();
      const id = paymentId(3 / 60);
      const request = checkoutOf({ paymentId: id, expiresAt: inHours(hours) });
      const first = await provider.createCheckout(request);
      const second = await provider.createCheckout(request);
      expect(second).toEqual(first);
      // Counted from when the payment was made: a minute later the words would still be the same.
      const madeMs = instantOf(id)?.getTime() ?? 0;
      const expected = Math.floor((madeMs + minutes * 60_000) / 1000);
      expect(stripe.requests[0]?.params.expires_at).toBe(String(expected));
    },
  );

  test('says as much of a long refund policy as Stripe shows', async () => {
    const { stripe, provider } = await openStripe();
    await provider.createCheckout(checkoutOf({ refundPolicy: 'x'.repeat(2000) }));
    expect(stripe.requests[0]?.params).toMatchObject({
      custom_text: { submit: { message: `${'x'.repeat(1199)}…` } },
    });
  });
});

describe('a payment on a page', () => {
  test('is pending, and then paid with a card that is kept', async () => {
    const { stripe, provider, look } = await openStripe();
    const request = checkoutOf({ saveMethod: true });
    const { ref } = await provider.createCheckout(request);
    expect(await look(ref)).toEqual({
      ref,
      paymentId: request.paymentId,
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
    stripe.pay(ref, { brand: 'mastercard', last4: '4444', expMonth: 3, expYear: 2031 });
    const paid = await look(ref);
    expect(paid).toMatchObject({
      ref,
      paymentId: request.paymentId,
      status: 'SETTLED',
      paid: exact('25'),
      tax: 0n,
      failure: null,
      method: {
        brand: 'mastercard',
        last4: '4444',
        expMonth: 3,
        expYear: 2031,
        fingerprint: 'fingerprint4444',
      },
    });
    expect(paid.method?.token).toMatch(/^cus_\w+\/pm_\w+$/);
  });

  test('leaves no token of a card that is not to be kept', async () => {
    const { stripe, provider, look } = await openStripe();
    const { ref } = await provider.createCheckout(checkoutOf());
    stripe.pay(ref);
    expect((await look(ref)).method).toMatchObject({ token: null, brand: 'visa', last4: '4242' });
  });

  test('that was declined stays pending while the page is open, and another card pays it', async () => {
    const { stripe, provider, look } = await openStripe();
    const { ref } = await provider.createCheckout(checkoutOf());
    stripe.decline(ref, undefined, { last4: '0002' });
    expect(await look(ref)).toMatchObject({
      status: 'PENDING',
      paid: 0n,
      failure: { code: 'INSUFFICIENT_FUNDS', message: 'Your card was declined.' },
      method: { last4: '0002', fingerprint: 'fingerprint0002', token: null },
    });
    stripe.pay(ref);
    expect(await look(ref)).toMatchObject({
      status: 'SETTLED',
      paid: exact('25'),
      failure: null,
      method: { last4: '4242' },
    });
  });

  test.each([
    ['card_declined', 'stolen_card', 'CARD_DECLINED'],
    ['card_declined', 'do_not_honor', 'DO_NOT_HONOR'],
    ['expired_card', 'expired_card', 'EXPIRED_CARD'],
  ] as const)('that was declined with %s, %s says %s', async (code, declineCode, said) => {
    const { stripe, provider, look } = await openStripe();
    const { ref } = await provider.createCheckout(checkoutOf());
    stripe.decline(ref, { code, declineCode });
    expect((await look(ref)).failure?.code).toBe(said);
  });

  test('waits for the customer who has to confirm it, and says where', async () => {
    const { stripe, provider, look } = await openStripe();
    const { ref } = await provider.createCheckout(checkoutOf());
    stripe.payWithAuthentication(ref);
    const waiting = await look(ref);
    expect(waiting).toMatchObject({ status: 'PENDING', failure: null, paid: 0n });
    expect(waiting.actionUrl).toMatch(/^https:\/\/hooks\.stripe\.com\//);
    stripe.conclude(ref);
    expect(await look(ref)).toMatchObject({ status: 'SETTLED', actionUrl: null });
  });

  test('by a debit is promised first, and then there or not', async () => {
    const { stripe, provider, look } = await openStripe();
    const [good, bad] = await Promise.all([
      provider.createCheckout(checkoutOf()),
      provider.createCheckout(checkoutOf()),
    ]);
    for (const { ref } of [good, bad]) {
      stripe.payLater(ref);
      expect(await look(ref)).toMatchObject({ status: 'AUTHORIZED', paid: 0n });
    }
    stripe.conclude(good.ref);
    expect(await look(good.ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
    stripe.conclude(bad.ref, { code: 'insufficient_funds' });
    const failed = { status: 'FAILED', paid: 0n, failure: { code: 'INSUFFICIENT_FUNDS' } };
    expect(await look(bad.ref)).toMatchObject(failed);
  });

  test('keeps the tax that Stripe puts on top apart', async () => {
    const { stripe, provider, look } = await openStripe({ automaticTax: 'true' });
    stripe.setTax(19);
    const { ref } = await provider.createCheckout(checkoutOf());
    expect(stripe.requests[0]?.params).toMatchObject({ automatic_tax: { enabled: 'true' } });
    stripe.pay(ref);
    expect(amounts(await look(ref))).toMatchObject({ paid: '25', tax: '4.75' });
  });

  test('is the same when it is asked for by the id of its money', async () => {
    const { stripe, provider, look } = await openStripe({ automaticTax: 'true' });
    stripe.setTax(19);
    const { ref } = await provider.createCheckout(checkoutOf());
    stripe.pay(ref);
    const { ref: intent } = provider.readWebhook(
      stripe.webhook(stripe.lastEvent('payment_intent.succeeded')),
    ) as { ref: string };
    expect(intent).toMatch(/^pi_/);
    expect(await look(intent)).toEqual(await look(ref));
  });

  test('whose time is over has expired', async () => {
    const { stripe, provider, look } = await openStripe();
    const { ref } = await provider.createCheckout(checkoutOf());
    stripe.decline(ref);
    stripe.expire(ref);
    expect(await look(ref)).toMatchObject({ status: 'EXPIRED', paid: 0n });
  });

  test('is taken away, once and twice, but not when it is paid', async () => {
    const { stripe, provider, look } = await openStripe();
    const { ref } = await provider.createCheckout(checkoutOf());
    await provider.cancelPayment(ref);
    await provider.cancelPayment(ref);
    expect((await look(ref)).status).toBe('EXPIRED');
    const paid = await provider.createCheckout(checkoutOf());
    stripe.pay(paid.ref);
    await provider.cancelPayment(paid.ref);
    expect(await look(paid.ref)).toMatchObject({ status: 'SETTLED', paid: exact('25') });
    await provider.cancelPayment('cs_test_nobody');
  });

  test.each(['cs_test_nobody', 'pi_nobody', 'nonsense'])('is null for %s', async (ref) => {
    const { provider } = await openStripe();
    expect(await provider.fetchPayment(ref)).toBeNull();
  });
});
