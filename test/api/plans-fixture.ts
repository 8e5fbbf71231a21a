import pg from 'pg';
import { startApi } from '../support/api.ts';

const PARTS = `interval intervalCount asset minimum
  fees { code name amount kind perSeat }
  prices { metric asset dimensions unitAmount packageSize }
  credits { code asset amount perSeat every expires expiresAfterDays refill priority scope
    rollover { percent minimum maximum periods } }
  entitlements { feature enabled limit perSeat reset whenExceeded perSubject
    windows { per limit } spendCap { asset amount per } }
  seats { included minimum maximum amount }
  trial { days credits { code amount } }
  addOns { code name fees { code amount } credits { code } entitlements { feature } }`;

/** What is asked of every refusal. */
export const REFUSED = `... on Error { code message } ... on ValidationError { issues { path code } }
  ... on NotFoundError { path what given }`;

const SAVE = `mutation ($input: SavePlanDraftInput!) { savePlanDraft(input: $input) {
  ... on SavePlanDraftPayload {
    changed
    plan { id code name description latest { number } draft { number } }
    version { id number status document definition { ${PARTS} } rateCard { code } }
  }
  ${REFUSED}
} }`;

const PUBLISH = `mutation ($input: PublishPlanInput!) { publishPlan(input: $input) {
  ... on PublishPlanPayload {
    published
    plan { latest { number } draft { number } }
    version { id number status publishedAt rateCard { id code } }
  }
  ${REFUSED}
} }`;

export const FEE = { code: 'base', amount: '20' };
export const SMALL = { asset: 'USD', fees: [FEE] };

/** A plan with a bit of everything. */
export const FULL = {
  interval: 'MONTH',
  asset: 'USD',
  fees: [{ code: 'base', name: 'Base fee', amount: '20.00', perSeat: true }],
  minimum: '50',
  prices: [
    { metric: 'images', asset: 'CREDIT', unitAmount: '5' },
    { metric: 'images', asset: 'CREDIT', unitAmount: '9.5', dimensions: { size: 'large' } },
  ],
  credits: [
    {
      code: 'included',
      asset: 'CREDIT',
      amount: '1000',
      rollover: { percent: '50', maximum: '500', periods: 1 },
      scope: ['images'],
    },
  ],
  entitlements: [
    { feature: 'sso' },
    { feature: 'projects', limit: '10' },
    {
      feature: 'image_generation',
      limit: '200',
      whenExceeded: 'THROTTLE',
      windows: [{ per: 'MINUTE', limit: '30' }],
      perSubject: '50',
      spendCap: { asset: 'CREDIT', amount: '800' },
    },
  ],
  seats: { included: 1, amount: '8', maximum: 100 },
  trial: { days: 14, credits: [{ code: 'trial', asset: 'CREDIT', amount: '50' }] },
  addOns: [{ code: 'support', name: 'Support', fees: [{ code: 'support', amount: '99' }] }],
};

export type PlanShop = Awaited<ReturnType<typeof openPlanShop>>;

/** A server whose organization has what plans name: two currencies, credits, a metric, a feature of each kind. */
export async function openPlanShop() {
  const api = await startApi();
  const db = new pg.Client({ connectionString: api.databaseUrl });
  await db.connect();

  async function ask(query: string, variables: object = {}) {
    const { data, errors } = await api.ask(query, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  await ask(`mutation {
    usd: createAsset(input: { code: "USD", scale: 2 }) { __typename }
    eur: createAsset(input: { code: "EUR" }) { __typename }
    credit: createAsset(input: { code: "CREDIT", scale: 0 }) { __typename }
    createBillableMetric(input: { code: "images", eventType: "image", aggregation: COUNT }) { __typename }
    sso: createFeature(input: { code: "sso", kind: BOOLEAN }) { __typename }
    projects: createFeature(input: { code: "projects", kind: STATIC }) { __typename }
    metered: createFeature(input: { code: "image_generation", kind: METERED, metric: "images" }) { __typename }
  }`);

  return {
    api,
    db,
    ask,
    /** What `savePlanDraft` answers. */
    save: async (code: string, definition: object, others: object = {}) =>
      (await ask(SAVE, { input: { code, definition, ...others } })).savePlanDraft,
    /** What `publishPlan` answers. */
    publish: async (plan: string, others: object = {}) =>
      (await ask(PUBLISH, { input: { plan, ...others } })).publishPlan,
    /** The plan of a code, or null. */
    read: async (plan: string) =>
      (
        await ask(
          'query ($plan: String!) { plan(plan: $plan) { latest { number } draft { number } } }',
          { plan },
        )
      ).plan,
    async stop() {
      await db.end();
      await api.stop();
    },
  };
}
