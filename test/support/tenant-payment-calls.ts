import { customer, id, input, named, pagesOf } from './tenant-reference.ts';
import { CONFIRMATION_CODE } from './tenant-withdrawals.ts';

/** How to call what is about payments. */
export const PAYMENT_CALLS: Readonly<Record<string, readonly object[]>> = {
  'Query.payment': [{ id: id('payment') }],
  'Query.payments': pagesOf('payment'),
  'Query.paymentLink': [{ id: id('paymentLink') }],
  'Query.paymentLinks': pagesOf('paymentLink'),
  'Query.paymentProviders': pagesOf('paymentProvider'),
  'Query.paymentEvents': pagesOf('paymentEvent'),
  'Query.paymentMismatches': pagesOf('paymentMismatch'),
  'Customer.payments': pagesOf('payment', { of: id('customer') }),
  'Customer.paymentMethods': [
    { of: id('customer'), first: 5 },
    { of: id('customer'), last: 5 },
  ],
  'Customer.history': pagesOf('payment', { of: id('customer') }),
  'Customer.paymentLinks': pagesOf('paymentLink', { of: id('customer') }),
  'PaymentLink.payments': pagesOf('payment', { of: id('paymentLink') }),
  'Query.withdrawal': [{ id: id('withdrawal') }],
  'Query.withdrawals': pagesOf('withdrawal'),
  'Customer.withdrawals': pagesOf('withdrawal', { of: id('customer') }),
  'Withdrawal.refunds': pagesOf('withdrawnRefund', { of: id('withdrawal') }),
  'Payment.credits': pagesOf('paymentCredit', { of: id('payment') }),
  'Payment.refunds': pagesOf('paymentRefund', { of: id('payment') }),
  'Payment.disputes': pagesOf('paymentDispute', { of: id('payment') }),
  'Mutation.createTopUp': [
    input({
      customer,
      asset: named('asset'),
      amount: '1',
      currency: named('asset'),
      provider: named('paymentProvider'),
    }),
    input({ customer, pack: named('creditPack') }),
  ],
  'Mutation.payForSubscription': [
    input({ subscription: id('owingSubscription'), provider: named('paymentProvider') }),
    input({
      subscription: id('steadySubscription'),
      change: { plan: named('dearPlan') },
      currency: named('asset'),
    }),
  ],
  'Mutation.createPaymentLink': [
    input({
      customer,
      description: 'Walked.',
      asset: named('asset'),
      amount: '1',
      currency: named('asset'),
      provider: named('paymentProvider'),
    }),
    input({ customer, description: 'Walked.', pack: named('creditPack') }),
  ],
  'Mutation.updatePaymentLink': [input({ link: id('paymentLink'), active: true })],
  'Mutation.cancelPayment': [input({ payment: id('sparePayment') })],
  'Mutation.confirmPayment': [input({ payment: id('payment'), reference: 'walked' })],
  'Mutation.refundPayment': [input({ payment: id('payment'), amount: '0.1' })],
  'Mutation.requestWithdrawal': [
    input({ wallet: id('wallet'), currency: named('asset'), amount: '0.1' }),
  ],
  'Mutation.confirmWithdrawal': [input({ withdrawal: id('withdrawal'), code: CONFIRMATION_CODE })],
  'Mutation.cancelWithdrawal': [input({ withdrawal: id('spareWithdrawal') })],
  'Mutation.saveAutoRechargeRule': [
    input({
      wallet: id('wallet'),
      threshold: '0',
      amount: '1',
      currency: named('asset'),
      method: id('paymentMethod'),
      maxAmount: '1',
      maxCount: 1,
      enabled: false,
    }),
  ],
  'Mutation.deleteAutoRechargeRule': [input({ rule: id('autoRechargeRule') })],
  'Mutation.savePaymentProvider': [input({ code: 'walked', config: { manual: {} } })],
  'Mutation.updatePaymentSettings': [
    input({ withdrawalHoldSeconds: 60 }),
    input({ limits: { dailyAmounts: [{ currency: named('asset'), amount: '1000' }] } }),
    input({ limits: { firstTopUpAmounts: [{ currency: named('asset'), amount: '1000' }] } }),
  ],
  'Mutation.detachPaymentMethod': [input({ paymentMethod: id('spareMethod') })],
  'Mutation.replayPaymentEvent': [input({ event: id('paymentEvent') })],
  'Mutation.resolvePaymentMismatch': [
    input({ mismatch: id('paymentMismatch'), resolution: 'Walked.' }),
  ],
};
