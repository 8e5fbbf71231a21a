import { describe, expect, test } from 'vitest';
import { checkoutOf, openStripe, type StripeTest } from '../../support/stripe-provider.ts';

const AT = new Date('2031-05-01T12:00:00Z');

function secondsAfter(seconds: number): Date {
  return new Date(AT.getTime() + seconds * 1000);
}

async function paidPage({ stripe, provider }: StripeTest) {
  const request = checkoutOf();
  const { ref } = await provider.createCheckout(request);
  stripe.pay(ref);
  return { ref, paymentId: request.paymentId };
}

describe('a webhook', () => {
  test('about a page names it, and our payment', async () => {
    const it = await openStripe();
    const { ref, paymentId } = await paidPage(it);
    const event = it.stripe.lastEvent('checkout.session.completed');
    expect(it.provider.readWebhook(it.stripe.webhook(event))).toEqual({
      eventId: event.id,
      type: 'checkout.session.completed',
      ref,
      paymentId,
    });
  });

  test.each(['payment_intent.succeeded', 'charge.succeeded', 'charge.refunded'])(
    'about the money of a page, %s, names the money, and our payment',
    async (type) => {
      const it = await openStripe();
      const { ref, paymentId } = await paidPage(it);
      it.stripe.refund(ref);
      const notice = it.provider.readWebhook(it.stripe.webhook(it.stripe.lastEvent(type)));
      expect(notice).toMatchObject({ type, ref: expect.stringMatching(/^pi_/), paymentId });
    },
  );

  test.each(['refund.created', 'charge.dispute.created'])(
    'about what the merchant or a bank did, %s, leads to our payment',
    async (type) => {
      const it = await openStripe();
      const { ref, paymentId } = await paidPage(it);
      it.stripe.refund(ref, 100);
      it.stripe.openDispute(ref);
      const notice = it.provider.readWebhook(it.stripe.webhook(it.stripe.lastEvent(type)));
      if (typeof notice === 'string' || !notice.ref) throw new Error('It names no object.');
      expect(notice.paymentId).toBeNull();
      expect(await it.look(notice.ref)).toMatchObject({ ref, paymentId });
    },
  );

  test('about anything else is about no payment', async () => {
    const { stripe, provider } = await openStripe();
    const event = {
      id: 'evt_1',
      object: 'event',
      type: 'payout.paid',
      data: { object: { id: 'po_1', object: 'payout', metadata: { paymentId: 'payment_1' } } },
    };
    const notice = { eventId: 'evt_1', type: 'payout.paid', ref: null, paymentId: null };
    expect(provider.readWebhook(stripe.sign(JSON.stringify(event)))).toEqual(notice);
  });

  test('without a signature is not taken', async () => {
    const { stripe, provider } = await openStripe();
    const { body, receivedAt } = stripe.sign('{}');
    expect(provider.readWebhook({ headers: {}, body, receivedAt })).toBe('NO_SIGNATURE');
  });

  test('with the signature of somebody else, of another body, or no signature at all, is not taken', async () => {
    const it = await openStripe();
    await paidPage(it);
    const { stripe, provider } = it;
    const event = stripe.lastEvent('checkout.session.completed');
    const good = stripe.webhook(event);
    const body = Buffer.from(good.body.toString().replace('2500', '9900'));
    expect(body).not.toEqual(good.body);
    expect(provider.readWebhook({ ...good, body })).toBe('BAD_SIGNATURE');
    const forged = stripe.webhook(event, { secret: 'whsec_guessed' });
    expect(provider.readWebhook(forged)).toBe('BAD_SIGNATURE');
    const none = ['nonsense', 't=1,v1=', 't=x,v1=00', 'v1=00', `t=1,v1=${'é'.repeat(64)}`];
    for (const signature of none) {
      const headers = { 'stripe-signature': signature };
      expect(provider.readWebhook({ ...good, headers })).toBe('BAD_SIGNATURE');
    }
    expect(provider.readWebhook(good)).toMatchObject({ eventId: event.id });
  });

  test('counts for 300 seconds, measured against when it came', async () => {
    const it = await openStripe();
    await paidPage(it);
    const event = it.stripe.lastEvent('checkout.session.completed');
    const comesAfter = (seconds: number) =>
      it.provider.readWebhook(
        it.stripe.webhook(event, { signedAt: AT, receivedAt: secondsAfter(seconds) }),
      );
    expect(comesAfter(0)).toMatchObject({ eventId: event.id });
    expect(comesAfter(300)).toMatchObject({ eventId: event.id });
    expect(comesAfter(301)).toBe('TOO_OLD');
    expect(comesAfter(-300)).toMatchObject({ eventId: event.id });
    expect(comesAfter(-301)).toBe('TOO_OLD');
  });

  test('that is old and was changed has a bad signature', async () => {
    const { stripe, provider } = await openStripe();
    const old = stripe.sign('{}', { signedAt: AT, receivedAt: secondsAfter(301) });
    expect(provider.readWebhook(old)).toBe('TOO_OLD');
    expect(provider.readWebhook({ ...old, body: Buffer.from('{} ') })).toBe('BAD_SIGNATURE');
  });

  test.each([
    'nonsense',
    'null',
    '[]',
    '{"object":"event"}',
    '{"object":"event","id":"evt_1","type":"charge.succeeded","data":null}',
    '{"object":"event","id":7,"type":"charge.succeeded","data":{"object":{}}}',
    '{"object":"v2.core.event","id":"evt_1","type":"v1.billing.meter.error"}',
  ])('that is signed and no event is not taken: %s', async (body) => {
    const { stripe, provider } = await openStripe();
    expect(provider.readWebhook(stripe.sign(body))).toBe('MALFORMED');
  });
});
