import type { DecisionBatch as DecisionBatchShape } from '../src/entitlements/decide-batch.ts';
import type { Decision as DecisionShape } from '../src/entitlements/decision.ts';
import { MAX_CHECKS } from '../src/entitlements/plan-checks.ts';
import type {
  UpsellPack as UpsellPackShape,
  Upsell as UpsellShape,
} from '../src/entitlements/upsell.ts';
import { Asset } from './asset.ts';
import { builder } from './builder.ts';
import { CreditPack } from './credit-pack.ts';
import { ValidationIssue } from './errors.ts';
import { found } from './found.ts';
import { Plan } from './plan.ts';
import { viewerOf } from './scopes.ts';
import { Wallet } from './wallet.ts';

export const DecisionOutcome = builder.enumType('DecisionOutcome', {
  description: 'Whether somebody may consume something.',
  values: {
    ALLOW: {
      description:
        'A charge for it would go through now; of a feature, a right covers it or lets it pass.',
    },
    THROTTLE: {
      description:
        'A charge for it would go through and leave a THROTTLE wallet in debt, or it is beyond a right that says THROTTLE in `whenExceeded`: serve this customer in the slow lane.',
    },
    DENY: {
      description:
        'A charge for it would be refused now, or no right covers it; `reason` says which. For want of a right alone usage is not refused: what is recorded is charged.',
    },
  },
});

export const DecisionReason = builder.enumType('DecisionReason', {
  description: 'Why something is denied or throttled, or was not decided on at all.',
  values: {
    INSUFFICIENT_FUNDS: {
      description: 'The wallet cannot cover it and its policy does not allow more.',
    },
    OVERDRAWN: { description: 'It would leave a THROTTLE wallet in debt.' },
    CUSTOMER_NOT_FOUND: { description: 'No such customer is visible to this credential.' },
    METRIC_NOT_FOUND: { description: 'The organization has no such metric.' },
    ASSET_NOT_FOUND: { description: 'The organization has no such asset.' },
    EVENT_TYPE_UNKNOWN: { description: 'No billable metric counts events of this type.' },
    PRICE_NOT_FOUND: { description: 'No rate covers it: nobody knows what it would cost.' },
    EVENT_TOO_OLD: { description: 'The event would have occurred more than 35 days ago.' },
    EVENT_IN_FUTURE: { description: 'The event would occur more than 5 minutes ahead.' },
    FEATURE_NOT_FOUND: { description: 'The organization has no such feature.' },
    NOT_ENTITLED: { description: 'No subscription gives the customer a right to the feature.' },
    LIMIT_REACHED: {
      description:
        'It is beyond the value of the right, or what may be used until `resetsAt`. Allowed or throttled where the plan says so.',
    },
    WINDOW_LIMIT_REACHED: {
      description: 'It is beyond what may be used in a minute, hour, day or month.',
    },
    SUBJECT_LIMIT_REACHED: { description: 'It is beyond what one subject may use.' },
    SPEND_CAP_REACHED: { description: 'It is beyond what use of the feature may cost.' },
    INPUT_INVALID: { description: 'The check is wrong; `issues` says where. Of a batch only.' },
    UNAVAILABLE: {
      description:
        'The database is away and what the customer has is not known: the outcome is what `onUnavailable` says.',
    },
  },
});

const UpsellPack = builder.objectRef<UpsellPackShape>('UpsellPack').implement({
  description: 'So many of a credit pack.',
  fields: (t) => ({
    pack: t.prismaField({
      type: CreditPack,
      authScopes: { can: 'catalog:read' },
      description: 'The pack; `quote(quantity:)` says what they cost.',
      resolve: async (query, { packId }, _args, context) =>
        found(await context.services.catalog.packs.readPack(viewerOf(context), packId, query)),
    }),
    quantity: t.exposeInt('quantity', { description: 'The fewest that cover what is missing.' }),
  }),
});

const Upsell = builder.objectRef<UpsellShape>('Upsell').implement({
  description: 'What would turn a denial into something allowed.',
  fields: (t) => ({
    topUpAmount: t.expose('topUpAmount', {
      type: 'Decimal',
      nullable: true,
      description:
        'So much more in the asset would cover it; null where funds are not what is missing.',
    }),
    plans: t.field({
      type: [Plan],
      description:
        'Plans that are offered and would cover it, by their latest version and one seat: the ten oldest.',
      authScopes: { can: 'catalog:read' },
      resolve: ({ planIds }, _args, context) =>
        context.services.catalog.plans.readPlans(viewerOf(context), planIds),
    }),
    packs: t.field({
      type: [UpsellPack],
      description:
        'Credit packs of the asset that are sold and would cover `topUpAmount`: the ten oldest. Empty where funds are not what is missing.',
      resolve: ({ packs }) => [...packs],
    }),
  }),
});

export const Decision = builder.objectRef<DecisionShape>('Decision').implement({
  description:
    'Whether somebody may consume something, and what that was decided on. It reserves nothing: the charge itself is decided on again.',
  fields: (t) => ({
    outcome: t.expose('outcome', { type: DecisionOutcome, description: 'What to branch on.' }),
    reason: t.expose('reason', {
      type: DecisionReason,
      nullable: true,
      description: 'Null for what is simply allowed.',
    }),
    index: t.exposeInt('index', {
      description: 'Its place among the checks of the request, from 0.',
    }),
    available: t.expose('available', {
      type: 'Decimal',
      nullable: true,
      description:
        'What a charge for it could draw on: the grants that may pay for it, plus overdraft left. Null in a wallet in ARREARS, and where nothing would be charged.',
    }),
    required: t.expose('required', {
      type: 'Decimal',
      nullable: true,
      description: 'What it would cost; null where nothing would be charged.',
    }),
    shortfall: t.expose('shortfall', {
      type: 'Decimal',
      nullable: true,
      description: '`required` less `available`; null unless funds are short.',
    }),
    asset: t.field({
      type: Asset,
      nullable: true,
      description:
        'What the amounts count. Of an event that costs several assets, the one that decided: that is short, that is in debt, or else the first.',
      resolve: ({ assetId }, _args, context) => assetId && context.loaders().assets.load(assetId),
    }),
    wallet: t.field({
      type: Wallet,
      nullable: true,
      description: 'The wallet that decided; null where there is none.',
      resolve: ({ walletId }, _args, context) =>
        walletId && context.loaders().wallets.load(walletId),
    }),
    limit: t.expose('limit', {
      type: 'Decimal',
      nullable: true,
      description:
        'The bound of the right that decided: of a feature, where there is one. In what the metric counts, so after its conversion of units, as `quantity` of the check is before it; money for SPEND_CAP_REACHED.',
    }),
    used: t.expose('used', {
      type: 'Decimal',
      nullable: true,
      description: 'What is used of `limit`, in the same unit, without this.',
    }),
    resetsAt: t.expose('resetsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is counted anew; null where it is not.',
    }),
    upsell: t.field({
      type: Upsell,
      nullable: true,
      description: 'What would help; null unless it is denied for want of funds or of a right.',
      resolve: (decision, _args, context) =>
        context.services.entitlements.upsell(viewerOf(context), decision),
    }),
    issues: t.field({
      type: [ValidationIssue],
      description: 'What is wrong with the check, for INPUT_INVALID; otherwise empty.',
      resolve: ({ issues }) => [...issues],
    }),
    asOf: t.expose('asOf', {
      type: 'DateTime',
      description:
        'When what the customer has was read, or last found to be what is stored. Changes since then are known too, but for those told within the last moment.',
    }),
  }),
});

export const DecisionBatch = builder.objectRef<DecisionBatchShape>('DecisionBatch').implement({
  description: 'The decisions of one request. Ask for the flat lists where there are thousands.',
  fields: (t) => ({
    outcomes: t.field({
      type: [DecisionOutcome],
      description: 'One for each check, in order.',
      resolve: ({ outcomes }) => outcomes,
    }),
    reasons: t.field({
      type: [DecisionReason],
      nullable: { list: false, items: true },
      description: 'One for each check, in order; null for what is simply allowed.',
      resolve: ({ reasons }) => reasons,
    }),
    allowed: t.int({
      description: 'How many are ALLOW.',
      resolve: ({ outcomes }) => outcomes.filter((it) => it === 'ALLOW').length,
    }),
    throttled: t.int({
      description: 'How many are THROTTLE.',
      resolve: ({ outcomes }) => outcomes.filter((it) => it === 'THROTTLE').length,
    }),
    denied: t.int({
      description: 'How many are DENY.',
      resolve: ({ outcomes }) => outcomes.filter((it) => it === 'DENY').length,
    }),
    decisions: t.field({
      type: [Decision],
      description:
        'All that is known of them, in order; `index` says which check each is of. The first 1000: of more there are only the flat lists.',
      args: {
        outcomes: t.arg({
          type: [DecisionOutcome],
          description: 'Only these: `[DENY]` for what was denied and why. All when left out.',
        }),
      },
      extensions: { rows: MAX_CHECKS },
      resolve: (batch, { outcomes }) => batch.decisions(outcomes ?? null),
    }),
    asOf: t.expose('asOf', {
      type: 'DateTime',
      description: 'The oldest `asOf` of them.',
    }),
  }),
});
