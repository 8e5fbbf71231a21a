import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { schema } from '../../schema/index.ts';

export type RootKind = 'query' | 'mutation' | 'subscription';

/** A field that takes arguments, or stands at a root of the graph: something a stranger could try. */
export interface Place {
  /** `Query.wallet`, `Wallet.grants`. */
  readonly name: string;
  readonly kind: RootKind;
  readonly parent: string;
  readonly field: GraphQLField<unknown, unknown>;
}

const ROOTS = { Query: 'query', Mutation: 'mutation', Subscription: 'subscription' } as const;

/** Every root field, and every field with arguments of every type. */
export function placesOfSchema(): Place[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !type.name.startsWith('__'))
    .flatMap((type) => {
      const kind = ROOTS[type.name as keyof typeof ROOTS] as RootKind | undefined;
      return Object.values(type.getFields())
        .filter((field) => kind !== undefined || field.args.length > 0)
        .map((field) => ({
          name: `${type.name}.${field.name}`,
          kind: kind ?? ('query' as const),
          parent: type.name,
          field,
        }));
    });
}

/** As many selections as one document has, well within what a server takes. */
const MAX_SELECTIONS = 800;
/** Likewise. */
const MAX_ALIASES = 30;

/**
 * The documents that call the place with all its arguments as variables, and select `depth` levels: one, or
 * where the answer may be of many types, or leads to very much, as many as it takes to ask for all of it.
 */
export function documentsOf(place: Place, depth = 2): string[] {
  const whole = documentOf(place, depth);
  if (!isTooLarge(whole)) return [whole];
  const documents: string[] = [];
  let part: string[] = [];
  for (const name of partsOf(getNamedType(place.field.type))) {
    const larger = documentOf(place, depth, [...part, name]);
    if (part.length > 0 && isTooLarge(larger)) {
      documents.push(documentOf(place, depth, part));
      part = [];
    }
    part.push(name);
  }
  return [...documents, documentOf(place, depth, part)];
}

/** What an answer may be asked for apart: each of its types, `Wallet`, or each field of its one type, `Wallet.name`. */
function partsOf(type: GraphQLNamedType): string[] {
  if (isAbstractType(type)) return schema.getPossibleTypes(type).map(({ name }) => name);
  if (!isObjectType(type)) return [];
  const fields = Object.values(type.getFields());
  const inner = isPage(type.name) && fields.find(({ name }) => name === 'edges' || name === 'node');
  if (inner) return partsOf(getNamedType(inner.type));
  return fields.map(({ name }) => `${type.name}.${name}`);
}

function isTooLarge(document: string): boolean {
  const selections = document.match(/[a-z_]\w*(?= |\()/gi)?.length ?? 0;
  const aliases = document.match(/\w+Of\w+: /g)?.length ?? 0;
  return selections > MAX_SELECTIONS || aliases > MAX_ALIASES;
}

/** The same as one document; `only` names the types that the answer is asked for, or the fields of its one type. */
export function documentOf(
  { name, kind, parent, field }: Place,
  depth = 2,
  only: readonly string[] | null = null,
): string {
  const isRoot = parent in ROOTS;
  const declared = field.args.map((arg) => `$${arg.name}: ${arg.type}`);
  const passed = field.args.map((arg) => `${arg.name}: $${arg.name}`);
  const variables = isRoot ? declared : ['$of: ID!', ...declared];
  const selection = selectionOf(field.type, depth, [], only);
  const call = `${field.name}${passed.length > 0 ? `(${passed.join(', ')})` : ''} ${selection}`;
  const body = isRoot ? call : `node(id: $of) { ... on ${parent} { ${call} } }`;
  return `${kind} ${name.replace('.', '_')}${variables.length > 0 ? `(${variables.join(', ')})` : ''} { ${body} }`;
}

/**
 * Everything of a type that can be asked for without arguments, so deep; a type comes at most twice on
 * the way down, which leads from a customer to the wallets and back.
 */
export function selectionOf(
  type: GraphQLOutputType,
  depth: number,
  above: readonly string[] = [],
  only: readonly string[] | null = null,
): string {
  const named = getNamedType(type);
  if (isAbstractType(named)) {
    const members = schema.getPossibleTypes(named);
    const wanted = members.filter((member) => only?.includes(member.name) ?? true);
    const followed = new Set<string>();
    const parts = wanted.map((member) => {
      const fields = fieldsOf(member, depth, above, collidingNames(members), followed);
      return `... on ${member.name} { ${['__typename', ...fields].join(' ')} }`;
    });
    return `{ __typename ${parts.join(' ')} }`;
  }
  if (!isObjectType(named)) return '';
  const fields = fieldsOf(named, depth, above, undefined, null, only);
  return `{ ${['__typename', ...fields].join(' ')} }`;
}

function fieldsOf(
  type: GraphQLObjectType,
  depth: number,
  above: readonly string[],
  colliding: ReadonlySet<string> = new Set(),
  /** Relations that a member before has led along: those of one name and type are asked for once. */
  followed: Set<string> | null = null,
  only: readonly string[] | null = null,
): string[] {
  const path = [...above, type.name];
  const isPart =
    only?.some((part) => part.startsWith(`${type.name}.`)) && !above.includes(type.name);
  return Object.values(type.getFields())
    .filter(({ name }) => !isPart || only?.includes(`${type.name}.${name}`))
    .filter((field) => !field.args.some(isRequiredArgument))
    .filter(({ name }) => !MERCHANTS_ONLY.has(`${type.name}.${name}`))
    .filter(({ name }) => !BEYOND_TOKENS.has(`${type.name}.${name}`))
    .flatMap((field) => {
      const name = colliding.has(`${type.name}.${field.name}`)
        ? `${field.name}Of${type.name}: ${field.name}`
        : field.name;
      const target = getNamedType(field.type);
      if (!isCompositeType(target)) return [name];
      const levels = isPage(target.name) ? 0 : 1;
      const isDeepEnough = path.filter((each) => each === target.name).length >= 2;
      if (depth <= levels || isDeepEnough) return [];
      const relation = `${field.name}: ${field.type}`;
      if (followed?.has(relation)) return [];
      followed?.add(relation);
      // Pages within pages have a limit; two of each show what is there.
      const page = field.args.some((arg) => arg.name === 'first') ? '(first: 2)' : '';
      const below = isPage(type.name) || isPage(target.name) ? only : null;
      return [`${name}${page} ${selectionOf(field.type, depth - levels, path, below)}`];
    });
}

/** Fields that a customer token is refused; tests ask for them apart. */
export const MERCHANTS_ONLY: ReadonlySet<string> = new Set([
  'AlertRule.emails',
  'Customer.metadata',
  'CreditGrant.costBasis',
  'CreditGrant.metadata',
  'PlanSubscription.metadata',
  'Hold.metadata',
  'Adjustment.metadata',
  'Payment.metadata',
  'PaymentLink.metadata',
  'PaymentRefund.reason',
  'Withdrawal.reason',
]);

/** What leads from what a customer token sees to what no token may: their own tests ask for it. */
const BEYOND_TOKENS: ReadonlySet<string> = new Set([
  'Customer.testClock',
  'Payment.provider',
  'PaymentLink.pack',
  'PlanSubscription.plan',
  'PlanSubscription.planVersion',
  'Upsell.plans',
  'ScheduledChange.planVersion',
  'WalletWorth.exchangeRate',
]);

/**
 * Fields of members of one union or interface, `Wallet.name`, whose name another one has used for another type:
 * they need an alias. A document may have a few.
 */
function collidingNames(members: readonly GraphQLObjectType[]): Set<string> {
  const types = new Map<string, string>();
  const colliding = new Set<string>();
  for (const member of members) {
    for (const { name, type } of Object.values(member.getFields())) {
      const first = types.get(name) ?? String(type);
      types.set(name, first);
      if (first !== String(type)) colliding.add(`${member.name}.${name}`);
    }
  }
  return colliding;
}

/** A page and its edges are no level of their own. */
function isPage(typeName: string): boolean {
  return /Connection(Edge)?$/.test(typeName) || typeName === 'PageInfo';
}
