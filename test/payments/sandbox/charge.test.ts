import { describe, expect, test } from 'vitest';
import { exact } from '../../../src/kit/decimal.ts';
import { chargeOf, openSandbox, PROVIDER_ID } from '../../support/sandbox.ts';

describe('a kept method pays without the customer as it did with him', () => {
  test.each([
    ['pays', { status: 'SETTLED', paid: exact('20'), failure: null }, ['payment.settled']],
    ['slow', { status: 'AUTHORIZED', paid: 0n }, ['payment.authorized', 'payment.settled']],
    ['declined', { status: 'FAILED', failure: { code: 'CARD_DECLINED' } }, ['payment.declined']],
    [
      'insufficient_funds',
      { status: 'FAILED', failure: { code: 'INSUFFICIENT_FUNDS' } },
      ['payment.declined'],
    ],
    [
      'declined_later',
      { status: 'FAILED', failure: { code: 'CARD_DECLINED' } },
      ['payment.declined'],
    ],
    ['expires', { status: 'EXPIRED', paid: 0n }, ['payment.expired']],
    ['disputed', { status: 'SETTLED' }, ['payment.settled', 'dispute.opened']],
  ])('%s', async (method, expected, types) => {
    const { sandbox, told } = await openSandbox();
    expect(await sandbox.chargeMethod(chargeOf(method))).toMatchObject({
      paymentId: 'payment_2',
      ...expected,
    });
    expect(told().map(([type]) => type)).toEqual(types);
  });

  test('needs_confirmation: he is told where to confirm it, and it settles when he has', async () => {
    const { sandbox, told } = await openSandbox();
    const asked = await sandbox.chargeMethod(chargeOf('needs_confirmation'));
    expect(asked).toMatchObject({
      status: 'PENDING',
      failure: { code: 'AUTHENTICATION_REQUIRED' },
      actionUrl: `https://billing.example.com/sandbox/checkout/${PROVIDER_ID}/${asked.ref}`,
    });
    expect(told()).toEqual([
      ['payment.action_required', 0],
      ['checkout.closed', 86_400_000],
    ]);
    expect(await sandbox.confirm(asked.ref, true)).toMatchObject({ status: 'SETTLED' });
  });

  test('needs_confirmation: refused it has failed, and not confirmed within a day it expires', async () => {
    const { sandbox, clock } = await openSandbox();
    const refused = await sandbox.chargeMethod(chargeOf('needs_confirmation'));
    expect(await sandbox.confirm(refused.ref, false)).toMatchObject({
      status: 'FAILED',
      failure: { code: 'AUTHENTICATION_FAILED' },
    });
    const other = chargeOf('needs_confirmation', { paymentId: 'payment_3' });
    const { ref } = await sandbox.chargeMethod(other);
    clock.advance(86_400_000);
    expect(await sandbox.confirm(ref, true)).toMatchObject({ status: 'EXPIRED' });
  });
});

describe('a charge', () => {
  test('is made once for a payment, whatever is said the second time', async () => {
    const { sandbox } = await openSandbox();
    const [first, second] = await Promise.all([
      sandbox.chargeMethod(chargeOf('pays')),
      sandbox.chargeMethod(chargeOf('declined', { amount: exact('99') })),
    ]);
    expect(second).toEqual(first);
    expect(await sandbox.chargeMethod(chargeOf('pays'))).toMatchObject({
      ref: first.ref,
      paid: exact('20'),
    });
  });

  test('cannot be paid as a page is, after it has failed', async () => {
    const { sandbox } = await openSandbox();
    const { ref } = await sandbox.chargeMethod(chargeOf('declined'));
    expect(await sandbox.pay(ref, 'pays')).toMatchObject({ status: 'FAILED', paid: 0n });
  });

  test.each(['nobody', '', '__proto__', 'constructor'])(
    'with the method %j, which there is not, is refused for good',
    async (method) => {
      const { sandbox } = await openSandbox();
      const refused = sandbox.chargeMethod(chargeOf(method));
      await expect(refused).rejects.toMatchObject({ code: 'NO_SUCH_METHOD', isRetryable: false });
    },
  );
});

describe('a bad connection', () => {
  test('BEFORE: nothing was done, and the next call is as ever', async () => {
    const { sandbox } = await openSandbox();
    sandbox.failNext({ code: 'TIMEOUT' });
    const failed = sandbox.chargeMethod(chargeOf('pays'));
    await expect(failed).rejects.toMatchObject({ code: 'TIMEOUT', isRetryable: true });
    expect(await sandbox.chargeMethod(chargeOf('declined'))).toMatchObject({ status: 'FAILED' });
  });

  test('AFTER: it was done, nobody was told, and asked again it is not done again', async () => {
    const { sandbox } = await openSandbox();
    sandbox.failNext({ when: 'AFTER' });
    const failed = sandbox.chargeMethod(chargeOf('pays'));
    await expect(failed).rejects.toMatchObject({ code: 'UNREACHABLE', isRetryable: true });
    expect(await sandbox.chargeMethod(chargeOf('declined'))).toMatchObject({ status: 'SETTLED' });
  });
});
