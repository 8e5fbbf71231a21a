import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FEE, openPlanShop, type PlanShop, SMALL } from './plans-fixture.ts';

let shop: PlanShop;
let code: string;
let plans = 0;

beforeAll(async () => {
  shop = await openPlanShop();
});
afterAll(() => shop.stop());
beforeEach(() => {
  plans += 1;
  code = `plan_${plans}`;
});

const save = (definition: object, others: object = {}) => shop.save(code, definition, others);

describe('what a plan may not say', () => {
  const CREDITS = { code: 'included', asset: 'CREDIT', amount: '100' };
  const capped = (feature: string, others: object) => ({ entitlements: [{ feature, ...others }] });

  test.each<[string, object, string]>([
    ['an asset that is not there', { ...SMALL, asset: 'GBP' }, 'definition.asset'],
    [
      'a price of a metric that is not there',
      { prices: [{ metric: 'videos', asset: 'CREDIT', unitAmount: '1' }] },
      'definition.prices.0.metric',
    ],
    [
      'credits in no asset',
      { credits: [{ ...CREDITS, asset: 'GPU' }] },
      'definition.credits.0.asset',
    ],
    [
      'credits for a metric that is not there',
      { credits: [{ ...CREDITS, scope: ['images', 'videos'] }] },
      'definition.credits.0.scope.1',
    ],
    ['a feature that is not there', capped('saml', {}), 'definition.entitlements.0.feature'],
    [
      'a feature of an add-on that is not there',
      { ...SMALL, addOns: [{ code: 'a', entitlements: [{ feature: 'saml' }] }] },
      'definition.addOns.0.entitlements.0.feature',
    ],
    [
      'credits of a trial in no asset',
      { trial: { days: 1, credits: [{ ...CREDITS, asset: 'GPU' }] } },
      'definition.trial.credits.0.asset',
    ],
  ])('%s', async (_what, definition, path) => {
    expect(await save(definition)).toMatchObject({ code: 'NOT_FOUND', path });
    expect(await shop.read(code)).toBeNull();
  });

  test.each<[string, object, string[]]>([
    [
      'a fee finer than its currency',
      { asset: 'USD', fees: [{ ...FEE, amount: '0.001' }] },
      ['definition.fees.0.amount SCALE_EXCEEDED'],
    ],
    [
      'half a credit',
      { credits: [{ ...CREDITS, amount: '0.5' }] },
      ['definition.credits.0.amount SCALE_EXCEEDED'],
    ],
    [
      'credits that no wallet could hold for long',
      { credits: [{ ...CREDITS, amount: '1000000000000000' }] },
      ['definition.credits.0.amount OUT_OF_RANGE'],
    ],
    [
      'half a credit rolled over',
      { credits: [{ ...CREDITS, rollover: { maximum: '0.5' } }] },
      ['definition.credits.0.rollover.maximum SCALE_EXCEEDED'],
    ],
    [
      'a minimum finer than its currency',
      { asset: 'USD', minimum: '0.001' },
      ['definition.minimum SCALE_EXCEEDED'],
    ],
    [
      'seats finer than their currency',
      { asset: 'USD', seats: { amount: '0.001' } },
      ['definition.seats.amount SCALE_EXCEEDED'],
    ],
    [
      'a price in another currency',
      { ...SMALL, prices: [{ metric: 'images', asset: 'EUR', unitAmount: '1' }] },
      ['definition.prices.0.asset NOT_ALLOWED'],
    ],
    [
      'credits in another currency than the prices',
      {
        prices: [{ metric: 'images', asset: 'EUR', unitAmount: '1' }],
        credits: [{ ...CREDITS, asset: 'USD' }],
      },
      ['definition.credits.0.asset NOT_ALLOWED'],
    ],
    [
      'a cap in another currency',
      { ...SMALL, ...capped('image_generation', { spendCap: { asset: 'EUR', amount: '1' } }) },
      ['definition.entitlements.0.spendCap.asset NOT_ALLOWED'],
    ],
    [
      'a limit of a boolean',
      capped('sso', { limit: '1' }),
      ['definition.entitlements.0.limit NOT_ALLOWED'],
    ],
    [
      'a window of a static value',
      capped('projects', { windows: [{ per: 'DAY', limit: '1' }], perSubject: '1' }),
      [
        'definition.entitlements.0.windows NOT_ALLOWED',
        'definition.entitlements.0.perSubject NOT_ALLOWED',
      ],
    ],
    [
      'a fee of nothing',
      { asset: 'USD', fees: [{ ...FEE, amount: '0' }] },
      ['definition.fees.0.amount NOT_POSITIVE'],
    ],
    ['two fees of one code', { asset: 'USD', fees: [FEE, FEE] }, ['definition.fees.1 NOT_ALLOWED']],
  ])('%s', async (_what, definition, issues) => {
    const refused = await save(definition);
    const said = refused.issues?.map(
      (issue: { path: string; code: string }) => `${issue.path} ${issue.code}`,
    );
    expect(said).toEqual(issues);
    expect(await shop.read(code)).toBeNull();
  });

  test('a code that looks like an id, or is none', async () => {
    const looksLikeId = await shop.save('plan_01h455vb4pex5vsknk084sn02q', SMALL);
    expect(looksLikeId.issues).toEqual([{ path: 'code', code: 'NOT_ALLOWED' }]);
    const none = await shop.save('a b', SMALL);
    expect(none.issues).toEqual([{ path: 'code', code: 'BAD_FORMAT' }]);
  });
});
