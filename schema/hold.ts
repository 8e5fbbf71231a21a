import { ofVisibleCustomers } from '../src/access/viewer.ts';
import { exact, ZERO } from '../src/kit/decimal.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { BillableMetric } from './billable-metric.ts';
import { builder } from './builder.ts';
import { cursorWithinReach } from './cursor.ts';
import { customerTime } from './customer-time.ts';
import { HoldClosedError } from './errors.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';
import { UsageEvent } from './usage.ts';

export const HoldStatus = builder.enumType('HoldStatus', {
  description: 'What has become of a hold.',
  values: {
    OPEN: { description: 'It sets value aside.' },
    CAPTURED: { description: 'Its last capture was made.' },
    RELEASED: { description: 'It was released.' },
    EXPIRED: {
      description: 'Its time is over. What was used may still be captured, from what is there.',
    },
  },
});

/** A hold that sets nothing aside any more may not have been booked as such yet. */
function statusOf(hold: { readonly status: string; readonly expiresAt: Date }, now: Date) {
  return (hold.status === 'OPEN' && hold.expiresAt <= now ? 'EXPIRED' : hold.status) as
    | 'OPEN'
    | 'CAPTURED'
    | 'RELEASED'
    | 'EXPIRED';
}

export const Hold = builder.prismaObject('Hold', {
  description:
    'Value set aside before it is spent: of grants in burn-down order, and of the overdraft that the wallet allows. Nobody else can spend it until the hold is captured or released, or expires.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `hold_01h455vb4pex5vsknk084sn02q`.',
      resolve: (hold) => toTypeId('hold', hold.id),
    }),
    status: t.field({
      type: HoldStatus,
      description: 'What has become of it. From `expiresAt` on an open one is EXPIRED.',
      resolve: async (hold, _args, context) =>
        statusOf(hold, await customerTime(context, hold.testClockId)),
    }),
    amount: t.expose('amount', {
      type: 'Decimal',
      description: "All that was ever set aside for it, in the wallet's asset.",
    }),
    held: t.field({
      type: 'Decimal',
      description: 'What it sets aside now; `0` once it is not OPEN.',
      resolve: async (hold, _args, context) => {
        const now = await customerTime(context, hold.testClockId);
        if (statusOf(hold, now) !== 'OPEN') return ZERO;
        const allocations = hold.allocations as [string, string][];
        return allocations.reduce((sum, [, amount]) => sum + exact(amount), exact(hold.overdraft));
      },
    }),
    captured: t.expose('captured', {
      type: 'Decimal',
      description: 'What its captures have cost; it may be more than was set aside.',
    }),
    metric: t.field({
      type: BillableMetric,
      nullable: true,
      description: 'What it was placed for; null for an amount.',
      resolve: ({ metricId }, _args, context) =>
        metricId === null ? null : context.loaders().metrics.load(metricId),
    }),
    quantity: t.expose('quantity', {
      type: 'Decimal',
      nullable: true,
      description: 'How much of the metric was expected; null for an amount.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'From here on it sets nothing aside.',
    }),
    maxCaptures: t.exposeInt('maxCaptures', {
      nullable: true,
      description: 'The capture that closes it; null for any number of them.',
    }),
    captureCount: t.exposeInt('captures', { description: 'How often it was captured.' }),
    description: t.exposeString('description', { nullable: true, description: 'For people.' }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      authScopes: { merchant: true },
      description: "The merchant's own data.",
    }),
    customer: t.relation('customer', {
      description: 'Whose value it sets aside.',
      authScopes: { can: 'customer:read' },
    }),
    wallet: t.relation('wallet', {
      description: 'Where it lies.',
      authScopes: { can: 'wallet:read' },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was placed.' }),
    closedAt: t.expose('closedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it let go of what it had set aside; null while it is open.',
    }),
  }),
});

registerNode('hold', Hold, (context, id) =>
  context.services.ledger.findHold(viewerOf(context), id),
);

const HoldCapture = builder.prismaObject('HoldCapture', {
  description: 'A usage event that was paid from a hold.',
  fields: (t) => ({
    usageEvent: t.relation('event', {
      description: 'What was used.',
      authScopes: { can: 'usage:read' },
    }),
    capture: t.exposeInt('capture', {
      description: 'Counts the captures of the hold from 1; events of one share it.',
    }),
    amount: t.expose('amount', {
      type: 'Decimal',
      description: "What it cost, in the hold's asset.",
    }),
    late: t.exposeBoolean('late', {
      description: 'Whether the hold had expired, so that nothing was set aside for it any more.',
    }),
    capturedAt: t.expose('capturedAt', { type: 'DateTime', description: 'When it was paid.' }),
  }),
});

builder.prismaObjectField('Hold', 'captures', (t) =>
  t.relatedConnection('capturedEvents', {
    type: HoldCapture,
    cursor: 'usageEventId_customerId',
    extensions: { cursors: 'usageEvent' },
    description: 'What was paid from it, newest first.',
    query: (page, context) => {
      const reach = ofVisibleCustomers(viewerOf(context));
      return { orderBy: { usageEventId: 'desc' }, ...cursorWithinReach('usageEvent', page, reach) };
    },
  }),
);

const openOnly = {
  defaultValue: false,
  description:
    'Only those that nothing has ended; one whose time is over may be among them until that is booked.',
} as const;

builder.prismaObjectField('Wallet', 'holds', (t) =>
  t.relatedConnection('holds', {
    cursor: 'id_customerId',
    extensions: { cursors: 'idAndCustomer' },
    authScopes: { can: 'hold:read' },
    description: 'Its holds, newest first.',
    args: { openOnly: t.arg.boolean(openOnly) },
    query: (page, context) => listed(page, ofVisibleCustomers(viewerOf(context))),
  }),
);

builder.prismaObjectField('Customer', 'holds', (t) =>
  t.relatedConnection('holds', {
    cursor: 'id_customerId',
    extensions: { cursors: 'idAndCustomer' },
    authScopes: { can: 'hold:read' },
    description: 'The holds on its wallets, newest first.',
    args: { openOnly: t.arg.boolean(openOnly) },
    query: (page, context) => listed(page, ofVisibleCustomers(viewerOf(context))),
  }),
);

type Page = PothosSchemaTypes.DefaultConnectionArguments & {
  readonly openOnly?: boolean | null | undefined;
};

/** The hold that a page begins behind stays in the list though it may have been closed since. */
function listed(
  { openOnly: isOpenOnly, ...page }: Page,
  reach: { readonly organizationId: string },
) {
  const from = cursorWithinReach('idAndCustomer', page, reach);
  const passedOver = from.cursor ? [from.cursor.id_customerId.id] : [];
  const where = { OR: [{ status: 'OPEN' as const }, { id: { in: passedOver } }] };
  return { orderBy: { id: 'desc' as const }, ...from, ...(isOpenOnly && { where }) };
}

builder.objectField(UsageEvent, 'hold', (t) =>
  t.field({
    type: Hold,
    nullable: true,
    authScopes: { can: 'hold:read' },
    description: 'The hold that it was paid from; null for none.',
    resolve: (event, _args, context) => context.loaders().holdOfEvent.load(event.id),
  }),
);

builder.objectFields(HoldClosedError, (t) => ({
  status: t.field({
    type: HoldStatus,
    description: 'What has become of the hold.',
    resolve: ({ status }) => status,
  }),
  hold: t.field({
    type: Hold,
    authScopes: { can: 'hold:read' },
    description: 'The hold, as it is now.',
    resolve: ({ holdId }, _args, context) => context.loaders().holds.load(holdId),
  }),
}));
