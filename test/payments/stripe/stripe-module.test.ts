import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { ProviderError } from '../../../src/payments/provider.ts';
import type { ProviderConfig } from '../../../src/payments/provider-module.ts';
import { stripeModule } from '../../../src/payments/providers/stripe/stripe-module.ts';
import { checkoutOf, openStripe, STRIPE_DEPS } from '../../support/stripe-provider.ts';

function problemOf(name: string, value: string): string | null {
  const field = stripeModule.fields.find((each) => each.name === name);
  if (!field) throw new Error(`There is no field ${name}.`);
  return field.problemOf(value);
}

test('it is opened with what an organization says, and works', async () => {
  const { stripe } = await openStripe();
  const provider = await stripeModule.open(stripe.config, STRIPE_DEPS);
  const { ref } = await provider.createCheckout(checkoutOf());
  stripe.pay(ref);
  expect((await provider.fetchPayment(ref))?.status).toBe('SETTLED');
});

test('what is secret is marked so, and what is required', () => {
  const marks = stripeModule.fields.map(({ name, isSecret, isRequired }) => [
    name,
    isSecret,
    isRequired,
  ]);
  expect(marks).toEqual([
    ['secretKey', true, true],
    ['webhookSecret', true, true],
    ['apiBase', false, false],
    ['automaticTax', false, false],
  ]);
});

test.each([
  ['secretKey', 'sk_test_51Abc'],
  ['secretKey', 'rk_live_51Abc'],
  ['webhookSecret', 'whsec_abc'],
  ['apiBase', 'http://127.0.0.1:12111'],
  ['apiBase', 'https://stripe.example.com/'],
  ['automaticTax', 'true'],
])('%s may be %s', (name, value) => {
  expect(problemOf(name, value)).toBeNull();
});

test.each([
  ['secretKey', 'pk_test_51Abc'],
  ['secretKey', 'sk_test_51Abc\n'],
  ['secretKey', 'whsec_51Abc'],
  ['webhookSecret', 'sk_test_51Abc'],
  ['webhookSecret', 'whsec_a b'],
  ['apiBase', '10.0.0.1:12111'],
  ['apiBase', 'ftp://127.0.0.1'],
  ['apiBase', 'http://127.0.0.1/v1'],
  ['apiBase', 'http://user:secret@127.0.0.1'],
  ['automaticTax', 'yes'],
])('%s may not be %j, and the problem does not repeat it', (name, value) => {
  expect(problemOf(name, value)).toMatch(/^Must be .*$/);
  expect(problemOf(name, value)).not.toContain(value);
});

test('another address is taken in development only', async () => {
  const { stripe } = await openStripe();
  const opened = stripeModule.open(stripe.config, { ...STRIPE_DEPS, allowPrivate: false });
  await expect(opened).rejects.toMatchObject({ code: 'NOT_PERMITTED', isRetryable: false });
});

test('a wrong key is refused for good, and nothing of any secret is in what is thrown', async () => {
  const { stripe } = await openStripe();
  const config: ProviderConfig = { ...stripe.config, secretKey: 'sk_test_wrong1234' };
  const provider = await stripeModule.open(config, STRIPE_DEPS);
  const error = await provider.createCheckout(checkoutOf()).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ProviderError);
  expect(error).toMatchObject({ code: 'invalid_request_error', isRetryable: false });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/sk_test|whsec|1234/);
});
