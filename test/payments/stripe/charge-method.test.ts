import { expect, test } from 'vitest';
import { exact } from '../../../src/kit/decimal.ts';
import { ProviderError } from '../../../src/payments/provider.ts';
import { chargeOf, checkoutOf, openStripe } from '../../support/stripe-provider.ts';

test('a card that was kept on a page is charged without the customer, once however often it is asked', async () => {
  const { stripe, provider, look } = await openStripe();
  const { ref } = await provider.createCheckout(checkoutOf({ saveMethod: true }));
  stripe.pay(ref, { last4: '4444' });
  const token = (await look(ref)).method?.token ?? '';
  const request = chargeOf(token);
  const charged = await Promise.all([1, 2, 3].map(() => provider.chargeMethod(request)));
  expect(charged[0]).toMatchObject({
    paymentId: request.paymentId,
    status: 'SETTLED',
    currency: 'USD',
    paid: exact('25'),
    tax: 0n,
    failure: null,
    actionUrl: null,
    method: { token, last4: '4444', fingerprint: 'fingerprint4444' },
  });
  expect(charged[0]?.ref).toMatch(/^pi_/);
  expect(charged[1]).toEqual(charged[0]);
  expect(charged[2]).toEqual(charged[0]);
  expect(stripe.chargesOf(request.paymentId)).toEqual([2500]);
  expect(stripe.requests.find(({ path }) => path === '/v1/payment_intents')).toMatchObject({
    idempotencyKey: `charge:${request.paymentId}`,
    params: { amount: '2500', currency: 'usd', off_session: 'true', confirm: 'true' },
  });
});

test('a charge that is asked for again says what has become of it since', async () => {
  const { stripe, provider } = await openStripe();
  const request = chargeOf(stripe.keepCard());
  const { ref } = await provider.chargeMethod(request);
  stripe.refund(ref, 1000);
  expect((await provider.chargeMethod(request)).refunds).toMatchObject([{ amount: exact('10') }]);
});

test('a decline is an outcome, and stays the same when it is asked for again', async () => {
  const { stripe, provider } = await openStripe();
  const token = stripe.keepCard({ last4: '9995' });
  stripe.setBankAnswer(token, { code: 'card_declined', declineCode: 'insufficient_funds' });
  const request = chargeOf(token);
  const declined = await provider.chargeMethod(request);
  expect(declined).toMatchObject({
    paymentId: request.paymentId,
    status: 'FAILED',
    paid: 0n,
    failure: { code: 'INSUFFICIENT_FUNDS', message: 'Your card was declined.' },
    method: { last4: '9995', fingerprint: 'fingerprint9995' },
    actionUrl: null,
  });
  stripe.setBankAnswer(token, 'YES');
  expect(await provider.chargeMethod(request)).toEqual(declined);
  expect(stripe.counts().charges).toBe(0);
});

test('a bank that wants its customer gets an address where he can say yes', async () => {
  const { stripe, provider, look } = await openStripe();
  const token = stripe.keepCard();
  stripe.setBankAnswer(token, 'AUTHENTICATE');
  const request = chargeOf(token);
  const asked = await provider.chargeMethod(request);
  expect(asked).toMatchObject({
    status: 'PENDING',
    paid: 0n,
    failure: { code: 'AUTHENTICATION_REQUIRED' },
  });
  expect(asked.actionUrl).toMatch(/^https:\/\/hooks\.stripe\.com\//);
  expect(await provider.chargeMethod(request)).toEqual(asked);
  stripe.conclude(asked.ref);
  expect(await look(asked.ref)).toMatchObject({
    status: 'SETTLED',
    paid: exact('25'),
    failure: null,
    actionUrl: null,
  });
  expect(stripe.chargesOf(request.paymentId)).toEqual([2500]);
});

test('a customer who says no has declined, and one who says nothing is asked until it is taken away', async () => {
  const { stripe, provider, look } = await openStripe();
  const token = stripe.keepCard();
  stripe.setBankAnswer(token, 'AUTHENTICATE');
  const refused = await provider.chargeMethod(chargeOf(token));
  stripe.conclude(refused.ref, { code: 'payment_intent_authentication_failure' });
  expect(await look(refused.ref)).toMatchObject({
    status: 'FAILED',
    failure: { code: 'PAYMENT_INTENT_AUTHENTICATION_FAILURE' },
  });
  const ignored = await provider.chargeMethod(chargeOf(token));
  await provider.cancelPayment(ignored.ref);
  await provider.cancelPayment(ignored.ref);
  expect(await look(ignored.ref)).toMatchObject({ status: 'CANCELED', actionUrl: null });
});

test('where the customer cannot be asked either, the charge has failed for want of him', async () => {
  const { stripe, provider } = await openStripe();
  const token = stripe.keepCard();
  const why = { code: 'authentication_required', declineCode: 'authentication_required' } as const;
  stripe.setBankAnswer(token, why);
  expect(await provider.chargeMethod(chargeOf(token))).toMatchObject({
    status: 'FAILED',
    failure: { code: 'AUTHENTICATION_REQUIRED' },
    actionUrl: null,
  });
});

test('a debit without the customer is promised first', async () => {
  const { stripe, provider, look } = await openStripe();
  const token = stripe.keepCard();
  stripe.setBankAnswer(token, 'LATER');
  const { ref, status } = await provider.chargeMethod(chargeOf(token));
  expect(status).toBe('AUTHORIZED');
  stripe.conclude(ref);
  expect((await look(ref)).status).toBe('SETTLED');
});

test.each([
  ['nonsense', 'NO_SUCH_METHOD'],
  ['cus_1/pm_nobody', 'resource_missing'],
])('the token %s is refused, and not asked for again', async (token, code) => {
  const { provider } = await openStripe();
  const error = await provider.chargeMethod(chargeOf(token)).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ProviderError);
  expect(error).toMatchObject({ code, isRetryable: false });
});
