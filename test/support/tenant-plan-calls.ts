import { code, customer, id, input, named, pagesOf } from './tenant-reference.ts';
import { walkedEntitlement } from './tenant-subscription-calls.ts';

const walkedCredits = {
  code: 'walked',
  asset: code('asset'),
  amount: '1',
  scope: [code('metric')],
};
/** Each code that a plan may name something by. */
const walkedPlan = {
  asset: code('asset'),
  prices: [{ metric: code('metric'), asset: code('asset'), unitAmount: '1' }],
  credits: [walkedCredits],
  entitlements: [walkedEntitlement],
  trial: { days: 1, credits: [walkedCredits] },
  addOns: [{ code: 'walked', credits: [walkedCredits], entitlements: [walkedEntitlement] }],
};

const walkedPack = { asset: code('asset'), amount: '1', priceAsset: code('asset'), price: '1' };

const walkedPair = { from: named('asset'), to: named('spareAsset') };

const walkedSpan = { from: '2020-01-01T00:00:00Z', to: '2020-02-01T00:00:00Z' };

/** How to call what is about plans, credit packs and exchange rates. */
export const PLAN_CALLS: Readonly<Record<string, readonly object[]>> = {
  'Query.catalogDocument': [{}],
  'Query.creditPack': [{ pack: named('creditPack') }],
  'Query.creditPacks': [{ archived: true }, ...pagesOf('creditPack')],
  'Query.plan': [{ plan: named('plan') }],
  'Query.planDifference': [{ from: id('planVersion'), to: id('planVersion') }],
  'Query.simulate': [
    input({ plan: id('planVersion'), ...walkedSpan }),
    input({ plan: id('sparePlan'), customer, ...walkedSpan }),
  ],
  'Query.plans': [{ archived: true }, ...pagesOf('plan')],
  'Query.exchangeRates': [walkedPair, ...pagesOf('exchangeRate')],
  'Query.quoteExchange': [input({ ...walkedPair, amount: '1', purpose: 'SPEND' })],
  'Wallet.worth': [{ of: id('wallet'), in: named('spareAsset') }],
  'CreditPack.quote': [{ of: id('creditPack'), quantity: 2 }],
  'Plan.versions': pagesOf('planVersion', { of: id('plan') }),
  'Mutation.archiveCreditPack': [input({ pack: named('creditPack'), archived: false })],
  'Mutation.archivePlan': [input({ plan: named('plan'), archived: false })],
  'Mutation.createExchangeRate': [
    input({ ...walkedPair, topUpRate: '2', effectiveAt: '2021-01-01T00:00:00Z' }),
  ],
  'Mutation.discardPlanDraft': [input({ plan: named('plan') })],
  'Mutation.publishPlan': [input({ plan: named('plan') })],
  'Mutation.applyCatalog': [
    input({
      exchangeRates: [{ ...walkedPair, spendRate: '4', effectiveAt: '2021-02-01T00:00:00Z' }],
      features: [{ code: 'applied', kind: 'METERED', metric: named('metric') }],
      prices: [{ metric: named('metric'), asset: named('asset'), unitAmount: '1' }],
      packs: [{ code: 'applied', ...walkedPack }],
      plans: [{ code: 'applied', definition: walkedPlan }],
    }),
  ],
  'Mutation.saveCreditPack': [input({ code: 'walked', ...walkedPack })],
  'Mutation.savePlanDraft': [input({ code: 'walked', definition: walkedPlan })],
};
