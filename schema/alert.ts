import { ofVisibleCustomers } from '../src/access/viewer.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { AlertKind } from './alert-rule.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { cursorWithinReach } from './cursor.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';

export const Alert = builder.prismaObject('Alert', {
  description:
    'One crossing of a rule by a wallet. The rule raises no other one until it has recovered.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `alert_01h455vb4pex5vsknk084sn02q`.',
      resolve: (alert) => toTypeId('alert', alert.id),
    }),
    kind: t.expose('kind', { type: AlertKind, description: 'What it was raised for.' }),
    rule: t.relation('rule', { description: 'The rule that was crossed.' }),
    wallet: t.relation('wallet', {
      description: 'The wallet that crossed it.',
      authScopes: { can: 'wallet:read' },
    }),
    grant: t.relation('grant', {
      nullable: true,
      description: 'The grant that is about to expire, for GRANT_EXPIRING.',
      authScopes: { can: 'wallet:read' },
    }),
    told: t.exposeBoolean('told', {
      description:
        'False when more severe rules were crossed at once: the most severe alone was told as an event.',
    }),
    threshold: t.expose('threshold', {
      type: 'Decimal',
      nullable: true,
      description:
        "What was crossed, in the wallet's asset: `0` for DEPLETED and RECOVERED, null for GRANT_EXPIRING.",
    }),
    observed: t.expose('observed', {
      type: 'Decimal',
      description:
        'What was compared with the threshold: what was left, for BURN_RATE what the window spent, for GRANT_EXPIRING what the grant had left.',
    }),
    active: t.boolean({
      description: 'Whether it holds; false once it has recovered.',
      resolve: ({ recoveredAt }) => recoveredAt === null,
    }),
    raisedAt: t.expose('raisedAt', { type: 'DateTime', description: 'When the rule was crossed.' }),
    recoveredAt: t.expose('recoveredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was crossed back, or deleted; null while the alert is active.',
    }),
  }),
});

registerNode('alert', Alert, (context, id) =>
  context.services.alerts.findAlert(viewerOf(context), id),
);

type Page = PothosSchemaTypes.DefaultConnectionArguments & {
  readonly activeOnly?: boolean | null | undefined;
};

/** Newest first. The alert that a page begins behind stays in the list, though it may have recovered. */
function pageOf({ activeOnly, ...page }: Page, context: Context) {
  const from = cursorWithinReach('idAndCustomer', page, ofVisibleCustomers(viewerOf(context)));
  const passedOver = from.cursor ? [from.cursor.id_customerId.id] : [];
  const where = { OR: [{ recoveredAt: null }, { id: { in: passedOver } }] };
  return { orderBy: { id: 'desc' as const }, ...from, ...(activeOnly && { where }) };
}

const ACTIVE_ONLY = 'Only those that have not recovered.';

builder.prismaObjectFields('Wallet', (t) => ({
  alerts: t.relatedConnection('alerts', {
    cursor: 'id_customerId',
    extensions: { cursors: 'idAndCustomer' },
    authScopes: { can: 'alert:read' },
    description: 'What its rules raised, newest first.',
    args: { activeOnly: t.arg.boolean({ defaultValue: false, description: ACTIVE_ONLY }) },
    query: pageOf,
  }),
}));

builder.prismaObjectFields('Customer', (t) => ({
  alerts: t.relatedConnection('alerts', {
    cursor: 'id_customerId',
    extensions: { cursors: 'idAndCustomer' },
    authScopes: { can: 'alert:read' },
    description: 'What rules raised about its wallets, newest first.',
    args: { activeOnly: t.arg.boolean({ defaultValue: false, description: ACTIVE_ONLY }) },
    query: pageOf,
  }),
}));
