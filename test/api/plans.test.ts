import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fromTypeId } from '../../src/kit/ids.ts';
import { FULL, openPlanShop, type PlanShop, REFUSED, SMALL } from './plans-fixture.ts';

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
const publish = (others: object = {}) => shop.publish(code, others);

test('a plan is drafted, read part by part, and drafted from its own document again', async () => {
  const saved = await save(FULL, { name: 'Pro', description: 'For teams.' });
  expect(saved).toMatchObject({
    changed: true,
    plan: { code, name: 'Pro', description: 'For teams.', latest: null, draft: { number: 1 } },
    version: { number: 1, status: 'DRAFT', rateCard: null },
  });
  const { definition, document } = saved.version;
  expect(definition).toMatchObject({
    interval: 'MONTH',
    intervalCount: 1,
    asset: 'USD',
    minimum: '50',
    fees: [{ code: 'base', name: 'Base fee', amount: '20', kind: 'RECURRING', perSeat: true }],
    prices: [
      { metric: 'images', asset: 'CREDIT', dimensions: {}, unitAmount: '5', packageSize: '1' },
      { dimensions: { size: 'large' }, unitAmount: '9.5' },
    ],
    credits: [
      {
        code: 'included',
        every: 'PERIOD',
        expires: 'END_OF_PERIOD',
        expiresAfterDays: null,
        rollover: { percent: '50', minimum: '0', maximum: '500', periods: 1 },
        priority: 50,
        scope: ['images'],
      },
    ],
    entitlements: [
      { feature: 'sso', enabled: true, limit: null, windows: [], spendCap: null },
      { feature: 'projects', limit: '10' },
      {
        whenExceeded: 'THROTTLE',
        reset: 'PERIOD',
        windows: [{ per: 'MINUTE', limit: '30' }],
        perSubject: '50',
        spendCap: { asset: 'CREDIT', amount: '800', per: 'PERIOD' },
      },
    ],
    seats: { included: 1, minimum: 1, maximum: 100, amount: '8' },
    trial: { days: 14, credits: [{ code: 'trial', amount: '50' }] },
    addOns: [{ code: 'support', fees: [{ code: 'support', amount: '99' }], credits: [] }],
  });
  expect(await save(document)).toMatchObject({ changed: false, version: { id: saved.version.id } });
  expect(await save(FULL)).toMatchObject({ changed: false });
});

test('a draft is replaced whole, and a name that is left out stays', async () => {
  const first = await save(FULL, { name: 'Pro', description: 'For teams.' });
  const second = await save(SMALL);
  expect(second.version).toMatchObject({ id: first.version.id, number: 1 });
  expect(second.version.definition).toMatchObject({ minimum: null, credits: [], seats: null });
  expect(second.plan).toMatchObject({ name: 'Pro', description: 'For teams.' });
  const named = await save(SMALL, { name: 'Team', description: null });
  expect(named).toMatchObject({ changed: true, plan: { name: 'Team', description: null } });
});

describe('publishing', () => {
  test('makes a version that never changes, with its prices as a card', async () => {
    const drafted = await save(FULL);
    const published = await publish();
    expect(published).toMatchObject({
      published: true,
      plan: { latest: { number: 1 }, draft: null },
      version: {
        id: drafted.version.id,
        number: 1,
        status: 'PUBLISHED',
        publishedAt: expect.stringMatching(/Z$/),
        rateCard: { code: `${code}@1` },
      },
    });
    const { prices } = await shop.ask(
      `query ($card: String!) { prices(rateCard: $card) { totalCount edges { node {
        metric { code } asset { code } rates { edges { node { dimensions unitAmount effectiveFrom } } }
      } } } }`,
      { card: `${code}@1` },
    );
    expect(prices).toEqual({
      totalCount: 1,
      edges: [
        {
          node: {
            metric: { code: 'images' },
            asset: { code: 'CREDIT' },
            rates: {
              edges: [
                { node: { dimensions: {}, unitAmount: '5', effectiveFrom: null } },
                { node: { dimensions: { size: 'large' }, unitAmount: '9.5', effectiveFrom: null } },
              ],
            },
          },
        },
      ],
    });
    const id = fromTypeId('planVersion', drafted.version.id);
    const change = shop.db.query(`UPDATE plan_versions SET definition = '{}' WHERE id = $1`, [id]);
    await expect(change).rejects.toThrow('never changed');
  });

  test('moves the version of the catalogue on, which a draft does not', async () => {
    const version = async () =>
      (await shop.db.query('SELECT catalogue_version FROM organizations')).rows[0]
        .catalogue_version;
    const before = await version();
    await save(FULL);
    expect(await version()).toBe(before);
    await publish();
    expect(await version()).toBe(String(Number(before) + 1));
  });

  test('leaves the card without prices when the plan has none', async () => {
    await save(SMALL);
    expect(await publish()).toMatchObject({ published: true, version: { rateCard: null } });
  });

  test('again changes nothing, and saying again what is published makes no draft', async () => {
    await save(FULL);
    const first = await publish();
    expect(await publish()).toMatchObject({ published: false, version: first.version });
    const saved = await save(FULL);
    expect(saved).toMatchObject({ changed: false, version: { id: first.version.id } });
    expect(saved.plan).toMatchObject({ latest: { number: 1 }, draft: null });
  });

  test('a draft that goes back to what is published is taken away', async () => {
    await save(FULL);
    await publish();
    expect(await save(SMALL)).toMatchObject({ version: { number: 2, status: 'DRAFT' } });
    const back = await save(FULL);
    expect(back).toMatchObject({ changed: true, version: { number: 1 }, plan: { draft: null } });
  });

  test('counts versions, and keeps the earlier ones', async () => {
    await save(FULL);
    await publish();
    await save(SMALL);
    expect(await publish({ number: 2 })).toMatchObject({ plan: { latest: { number: 2 } } });
    const { plan } = await shop.ask(
      `query ($plan: String!) { plan(plan: $plan) { versions { totalCount edges { node { number status } } } } }`,
      { plan: code },
    );
    expect(plan.versions).toEqual({
      totalCount: 2,
      edges: [
        { node: { number: 1, status: 'PUBLISHED' } },
        { node: { number: 2, status: 'PUBLISHED' } },
      ],
    });
  });

  test('is refused for another draft than the one that was seen', async () => {
    await save(FULL);
    expect(await publish({ number: 2 })).toMatchObject({ code: 'CONFLICT' });
    await publish({ number: 1 });
    expect(await publish({ number: 1 })).toMatchObject({ published: false });
    await save(SMALL);
    expect(await publish({ number: 1 })).toMatchObject({ published: false });
    expect(await publish({ number: 3 })).toMatchObject({ code: 'CONFLICT' });
  });

  test.each([
    ['nothing', {}],
    ['seats that cost nothing', { seats: { minimum: 2 } }],
    ['a trial of nothing', { trial: { days: 14 } }],
    ['a currency', { asset: 'USD', interval: 'YEAR' }],
  ])('a plan of %s is refused', async (_what, definition) => {
    await save(definition);
    expect(await publish()).toEqual({
      code: 'VALIDATION_FAILED',
      message: expect.stringContaining('empty'),
      issues: [{ path: 'plan', code: 'TOO_FEW' }],
    });
    const { plan } = await shop.ask(
      'query ($plan: String!) { plan(plan: $plan) { latest { id } draft { number } } }',
      { plan: code },
    );
    expect(plan).toEqual({ latest: null, draft: { number: 1 } });
  });

  test('of what is not there is refused', async () => {
    expect(await publish()).toMatchObject({ code: 'NOT_FOUND', what: 'Plan', given: code });
    await save(SMALL);
    await shop.ask(
      'mutation ($plan: String!) { discardPlanDraft(input: { plan: $plan }) { __typename } }',
      { plan: code },
    );
    expect(await publish()).toMatchObject({ code: 'NOT_FOUND', what: 'PlanVersion' });
  });

  test('of two at once, one publishes', async () => {
    await save(FULL);
    const outcomes = await Promise.all([publish(), publish(), publish()]);
    expect(outcomes.map(({ published }) => published).sort()).toEqual([false, false, true]);
    expect(new Set(outcomes.map(({ version }) => version.id)).size).toBe(1);
  });
});

test('the prices of a published version take no further rate', async () => {
  await save(FULL);
  const { version } = await publish();
  const { createPrice, importRates } = await shop.ask(
    `mutation ($card: String!) {
      createPrice(input: { metric: "images", asset: "CREDIT", unitAmount: "1", rateCard: $card }) { ${REFUSED} }
      importRates(input: { asset: "CREDIT", rateCard: $card, rates: [{ metric: "images", unitAmount: "1" }] }) { ${REFUSED} }
    }`,
    { card: version.rateCard.id },
  );
  expect(createPrice).toMatchObject({ code: 'CONFLICT' });
  expect(importRates).toMatchObject({ code: 'CONFLICT' });
});

test('an archived plan takes no draft until it is offered again', async () => {
  await save(SMALL);
  const archive = (archived?: boolean) =>
    shop.ask(
      `mutation ($input: ArchivePlanInput!) { archivePlan(input: $input) {
        ... on ArchivePlanPayload { plan { archivedAt } } ${REFUSED}
      } }`,
      { input: { plan: code, archived } },
    );
  const listed = async (archived: boolean) => {
    const { plans } = await shop.ask(
      'query ($archived: Boolean) { plans(archived: $archived, last: 100) { edges { node { code } } } }',
      { archived },
    );
    return plans.edges.some((edge: { node: { code: string } }) => edge.node.code === code);
  };
  const first = await archive();
  expect(first.archivePlan.plan.archivedAt).toMatch(/Z$/);
  expect(await archive(true)).toEqual(first);
  expect([await listed(false), await listed(true)]).toEqual([false, true]);
  expect(await save(FULL)).toMatchObject({ code: 'CONFLICT' });
  expect(await publish()).toMatchObject({ code: 'CONFLICT' });
  await archive(false);
  expect(await listed(false)).toBe(true);
  expect(await publish()).toMatchObject({ published: true });
});

test('two versions are compared part by part', async () => {
  await save(FULL);
  const { version: first } = await publish();
  const { version: draft } = await save({
    ...FULL,
    minimum: null,
    prices: [
      { metric: 'images', asset: 'CREDIT', unitAmount: '9.5', dimensions: { size: 'large' } },
      { metric: 'images', asset: 'CREDIT', unitAmount: '6' },
    ],
    entitlements: FULL.entitlements.slice(1),
  });
  const difference = async (from: string, to: string) =>
    (
      await shop.ask(
        'query ($from: ID!, $to: ID!) { planDifference(from: $from, to: $to) { from { id } to { id } changes { path before after } } }',
        { from, to },
      )
    ).planDifference;
  const changed = await difference(first.id, draft.id);
  expect(changed).toMatchObject({ from: { id: first.id }, to: { id: draft.id } });
  expect(changed.changes).toEqual([
    { path: 'minimum', before: '50', after: null },
    { path: 'prices.images CREDIT.unitAmount', before: '5', after: '6' },
    { path: 'entitlements.sso', before: expect.objectContaining({ enabled: true }), after: null },
  ]);
  expect(await difference(draft.id, draft.id)).toMatchObject({ changes: [] });
  expect(await difference(draft.id, 'planver_01h455vb4pex5vsknk084sn02q')).toBeNull();
  expect(await difference(code, draft.id)).toBeNull();
});

test('a repeated call answers the first outcome', async () => {
  const once = { idempotencyKey: `save ${code}` };
  const first = await save(SMALL, once);
  expect(await save(SMALL, once)).toEqual(first);
  expect(await save(FULL, once)).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
});
