import { ofVisibleCustomers } from '../src/access/viewer.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { type Invalid, invalid, isRefusal, type NotFound } from '../src/kit/refusal.ts';
import { isInForce } from '../src/ledger/grant.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { cursorWithinReach } from './cursor.ts';
import { CustomerRef } from './customer.ts';
import { customerTime } from './customer-time.ts';
import { resultOf } from './errors.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';
import { targetOf } from './target.ts';
import { grantPayload } from './wallet-payloads.ts';

export const GrantPurpose = builder.enumType('GrantPurpose', {
  description: 'Why the value was given; in the burn-down order it follows priority and expiry.',
  values: {
    PROMOTIONAL: { description: 'Given away; drawn first.' },
    BUNDLED: { description: 'Included in a plan of yours.' },
    ROLLOVER: { description: 'Carried over from an earlier period.' },
    PAID: { description: 'Bought; drawn last. The default.' },
  },
});

export const CreditGrant = builder.prismaObject('CreditGrant', {
  description: 'A block of value in a wallet, drawn down by usage in the burn-down order.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `grant_01h455vb4pex5vsknk084sn02q`.',
      resolve: (grant) => toTypeId('grant', grant.id),
    }),
    amount: t.expose('amount', {
      type: 'Decimal',
      description: "What was granted, in the wallet's asset.",
    }),
    remaining: t.expose('remaining', { type: 'Decimal', description: 'What has not been drawn.' }),
    purpose: t.expose('purpose', { type: GrantPurpose, description: 'Why it was given.' }),
    priority: t.exposeInt('priority', { description: '0 to 100; lower is drawn first.' }),
    costBasis: t.expose('costBasis', {
      type: 'Decimal',
      nullable: true,
      authScopes: { merchant: true },
      description: "What the customer paid for all of it. The merchant's only; null when not said.",
    }),
    effectiveAt: t.expose('effectiveAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'It pays for usage that occurred from here on. Null: since it was created, and for earlier usage that arrives late.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'It pays for usage that occurred before this. Null: never expires.',
    }),
    inForce: t.boolean({
      description: 'Whether it counts in the balance now.',
      resolve: async (grant, _args, context) =>
        isInForce(grant, await customerTime(context, grant.testClockId)),
    }),
    scope: t.field({
      type: GrantScope,
      nullable: true,
      description: 'What it may pay for; null for anything.',
      resolve: (grant) => (grant.scopeMetrics.length > 0 ? { metrics: grant.scopeMetrics } : null),
    }),
    description: t.exposeString('description', { nullable: true, description: 'For people.' }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      authScopes: { merchant: true },
      description: "The merchant's own data.",
    }),
    wallet: t.relation('wallet', { description: 'Where it lies.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was granted.' }),
  }),
});

const GrantScope = builder.objectRef<{ metrics: string[] }>('GrantScope').implement({
  description: 'What a grant may pay for.',
  fields: (t) => ({
    metrics: t.exposeStringList('metrics', { description: 'Codes of the billable metrics.' }),
  }),
});

registerNode('grant', CreditGrant, (context, id) =>
  context.services.ledger.findGrant(viewerOf(context), id),
);

builder.prismaObjectFields('Wallet', (t) => ({
  grants: t.relatedConnection('grants', {
    cursor: 'id_customerId',
    extensions: { cursors: 'idAndCustomer' },
    authScopes: { can: 'wallet:read' },
    description: 'Its grants, newest first.',
    args: {
      openOnly: t.arg.boolean({
        defaultValue: false,
        description: 'Only those that still have something to draw.',
      }),
    },
    query: ({ openOnly, ...page }, context) => {
      const reach = ofVisibleCustomers(viewerOf(context));
      const from = cursorWithinReach('idAndCustomer', page, reach);
      // The grant that a page begins behind is passed over, so it stays in the list though it may have
      // been drawn empty since: otherwise another one would be.
      const passedOver = from.cursor ? [from.cursor.id_customerId.id] : [];
      const where = { OR: [{ open: true }, { id: { in: passedOver } }] };
      return { orderBy: { id: 'desc' }, ...from, ...(openOnly && { where }) };
    },
  }),
}));

const GrantScopeInput = builder.inputType('GrantScopeInput', {
  description: 'What a grant may pay for.',
  fields: (t) => ({
    metrics: t.stringList({
      required: true,
      description: 'Codes or TypeIDs of the billable metrics, 1 to 50.',
    }),
  }),
});

const GrantCreditInput = builder.inputType('GrantCreditInput', {
  description: 'A block of value to put into a wallet.',
  fields: (t) => ({
    customer: t.field({ type: CustomerRef, required: true, description: 'Who gets it.' }),
    asset: t.string({ required: true, description: 'In what: the code or TypeID of an asset.' }),
    walletName: t.string({
      description: '`default` when left out. The wallet is opened if missing.',
    }),
    amount: t.field({
      type: 'Decimal',
      required: true,
      description: 'Above zero, with at most the asset\'s decimal places: `"25"`.',
    }),
    purpose: t.field({ type: GrantPurpose, description: 'PAID when left out.' }),
    priority: t.int({ description: '0 to 100, 50 when left out; lower is drawn first.' }),
    costBasis: t.field({ type: 'Decimal', description: 'What the customer paid for all of it.' }),
    effectiveAt: t.field({
      type: 'DateTime',
      description:
        'It pays for usage that occurred from here on. Left out: from now, and for earlier usage that arrives late.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'After now and after `effectiveAt`. Left out: never expires.',
    }),
    scope: t.field({
      type: GrantScopeInput,
      description: 'What it may pay for; anything when left out.',
    }),
    description: t.string({ description: 'For people; at most 500 characters.' }),
    metadata: t.field({ type: 'JSON', description: 'Your own data.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const GrantCreditPayload = grantPayload<{ grantId: string; walletId: string }>(
  'GrantCreditPayload',
  'The value is in the wallet.',
);

const VoidGrantInput = builder.inputType('VoidGrantInput', {
  description: 'What to take back of a grant.',
  fields: (t) => ({
    grant: t.id({ required: true, description: "The grant's TypeID." }),
    amount: t.field({
      type: 'Decimal',
      description: 'At most what remains and no hold has set aside; all of that when left out.',
    }),
    description: t.string({ description: 'Why, for people; at most 500 characters.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const VoidGrantPayload = grantPayload<{ grantId: string; walletId: string; amount: string }>(
  'VoidGrantPayload',
  'The value is out of the wallet.',
);

builder.objectField(VoidGrantPayload, 'amount', (t) =>
  t.expose('amount', { type: 'Decimal', description: 'What was taken back.' }),
);

builder.mutationFields((t) => ({
  grantCredit: t.field({
    type: resultOf('GrantCreditResult', GrantCreditPayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description: 'Puts a block of value into a wallet. A debt is repaid first.',
    authScopes: { can: 'wallet:write' },
    args: { input: t.arg({ type: GrantCreditInput, required: true, description: 'The grant.' }) },
    resolve: async (_root, { input }, context) => {
      const target = await targetOf(context, input);
      if (isRefusal(target)) return target;
      const scopeMetrics = input.scope ? await metricCodes(context, input.scope.metrics) : [];
      if (isRefusal(scopeMetrics)) return scopeMetrics;
      const { ledger } = context.services;
      return ledger.grantCredit(viewerOf(context), { ...target, scopeMetrics }, input);
    },
  }),
  voidGrant: t.field({
    type: resultOf('VoidGrantResult', VoidGrantPayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description:
      'Takes back what is left of a grant, or a part of it, to where its value came from. What holds have set aside stays.',
    authScopes: { can: 'wallet:write' },
    args: { input: t.arg({ type: VoidGrantInput, required: true, description: 'What to void.' }) },
    resolve: (_root, { input }, context) =>
      context.services.ledger.voidGrant(viewerOf(context), input),
  }),
}));

const MAX_SCOPE_METRICS = 50;

/** The codes of the metrics a scope names, each once. */
async function metricCodes(
  context: Context,
  names: readonly string[],
): Promise<string[] | NotFound | Invalid> {
  const { catalog } = context.services;
  if (names.length === 0 || names.length > MAX_SCOPE_METRICS) {
    const code = names.length === 0 ? 'TOO_FEW' : 'TOO_MANY';
    return invalid({
      path: 'scope.metrics',
      code,
      message: `Name 1 to ${MAX_SCOPE_METRICS} metrics.`,
    });
  }
  const metrics = await Promise.all(
    names.map((name, index) =>
      catalog.resolveMetric(viewerOf(context), name, `scope.metrics.${index}`),
    ),
  );
  const missing = metrics.find((metric) => isRefusal(metric));
  if (missing && isRefusal(missing)) return missing;
  return [...new Set(metrics.flatMap((metric) => (isRefusal(metric) ? [] : metric.code)))];
}
