import type { Scope } from '../src/access/scopes.ts';
import { type Noun, parseId } from '../src/kit/ids.ts';
import { invalid } from '../src/kit/refusal.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { badUserInput } from './faults.ts';

/** Loads what an id names if the viewer may see it; null otherwise. */
type LoadNode = (context: Context, id: string) => Promise<object | null>;

/** What a credential must be allowed to read for an id of this noun to find anything. */
const READ_SCOPES: Record<Noun, Scope> = {
  organization: 'organization:read',
  apiKey: 'key:read',
  signingKey: 'key:read',
  customer: 'customer:read',
  asset: 'catalog:read',
  metric: 'catalog:read',
  rateCard: 'catalog:read',
  price: 'catalog:read',
  rate: 'catalog:read',
  feature: 'catalog:read',
  plan: 'catalog:read',
  planVersion: 'catalog:read',
  creditPack: 'catalog:read',
  exchangeRate: 'catalog:read',
  wallet: 'wallet:read',
  grant: 'wallet:read',
  hold: 'hold:read',
  adjustment: 'wallet:read',
  usageEvent: 'usage:read',
  webhookEndpoint: 'webhook:read',
  webhookDelivery: 'webhook:read',
  alertRule: 'alert:read',
  alert: 'alert:read',
  subscription: 'subscription:read',
  subscriptionCharge: 'subscription:read',
  testClock: 'clock:read',
  paymentProvider: 'provider:read',
  payment: 'payment:read',
  paymentMethod: 'payment:read',
  paymentCredit: 'payment:read',
  paymentRefund: 'payment:read',
  paymentDispute: 'payment:read',
  paymentEvent: 'provider:read',
  paymentMismatch: 'provider:read',
  paymentLink: 'payment:read',
  autoRechargeRule: 'payment:read',
  withdrawal: 'payment:read',
};

const nodes = new Map<Noun, { typeName: string; load: LoadNode }>();

/** The Relay interface of everything that has an id of its own. */
export const Node = builder.interfaceRef<{ id: string }>('Node').implement({
  description: 'Anything with an id of its own.',
  fields: (t) => ({
    id: t.id({
      description:
        'A TypeID: what it is, and a time-ordered UUID: `wallet_01h455vb4pex5vsknk084sn02q`.',
      resolve: () => {
        throw new Error('Every type that implements Node resolves its own id.');
      },
    }),
  }),
});

/** Says how a noun is found by id; its loader starts from the viewer's scope like any other read. */
export function registerNode(noun: Noun, type: { readonly name: string }, load: LoadNode): void {
  nodes.set(noun, { typeName: type.name, load });
}

async function loadNode(context: Context, id: string): Promise<{ id: string } | null> {
  const parsed = parseId(id);
  const mayRead = parsed && context.viewer?.scopes.has(READ_SCOPES[parsed.noun]);
  const node = mayRead && nodes.get(parsed.noun);
  const row = node && (await node.load(context, parsed.id));
  return row ? ({ ...(row as { id: string }), __typename: node.typeName } as { id: string }) : null;
}

const MAX_NODES = 100;

function tooMany() {
  return invalid({ path: 'ids', code: 'TOO_MANY', message: `At most ${MAX_NODES} ids.` });
}

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description: 'Anything by its id; null when there is none that this credential may see.',
    authScopes: { anyCredential: true },
    args: { id: t.arg.id({ required: true, description: 'A TypeID of any noun.' }) },
    resolve: (_root, { id }, context) => loadNode(context, id),
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description:
      'Several by their ids, in order; null for each that is not there. More than 100 are a BAD_USER_INPUT error.',
    authScopes: { anyCredential: true },
    args: { ids: t.arg.idList({ required: true, description: 'TypeIDs, 1 to 100.' }) },
    resolve: (_root, { ids }, context) => {
      if (ids.length > MAX_NODES) throw badUserInput(tooMany());
      return Promise.all(ids.map((id) => loadNode(context, id)));
    },
  }),
}));
