import {
  __Schema,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNullableType,
  isListType,
  isObjectType,
  isUnionType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  type ValueNode,
} from 'graphql';

const DEFAULT_PAGE = 20;
/** The largest page there is, and the most ids that one field takes. */
const LARGEST_PAGE = 100;
/**
 * What a list without pages counts as: the wallets of a customer, the charges of an event. A field whose
 * lists are longer says so, by `rows` in its extensions.
 */
const PLAIN_LIST = 5;

type Field = GraphQLField<unknown, unknown>;

/** The field that lists every type there is. */
const TYPES_FIELD: Field | undefined = __Schema.getFields().types;

/** The field of a type, those that every query has included; undefined when there is none. */
export function fieldOf(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
  { name }: FieldNode,
): Field | undefined {
  if (type === schema.getQueryType()) {
    if (name.value === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name.value === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return isUnionType(type) ? undefined : type.getFields()[name.value];
}

/** Whether the type is a page: its `edges` are as many as the field that gave it was asked for. */
export function isConnection(type: GraphQLNamedType | undefined): boolean {
  if (!isObjectType(type)) return false;
  const edges = type.getFields().edges;
  return edges !== undefined && isList(edges);
}

/** The size of the page that a field asks for. */
export function pageOf(node: FieldNode): number {
  const size = node.arguments?.find(({ name }) => ['first', 'last'].includes(name.value))?.value;
  if (!size) return DEFAULT_PAGE;
  return size.kind === Kind.INT ? Math.min(Number(size.value), LARGEST_PAGE) : LARGEST_PAGE;
}

/** How many rows the field gives for one of its parent; null when it is no list. */
export function rowsEach(
  schema: GraphQLSchema,
  field: Field,
  node: FieldNode,
  page: number | null,
): number | null {
  if (!isList(field)) return null;
  if (field.name === 'edges' && page !== null) return page;
  if (typeof field.extensions.rows === 'number') return field.extensions.rows;
  if (field === TYPES_FIELD) return Object.keys(schema.getTypeMap()).length;
  return rowsByIds(field, node) ?? PLAIN_LIST;
}

/** A list that is asked for by a list, such as `nodes(ids:)`, has a row for each item of it. */
function rowsByIds(field: Field, node: FieldNode): number | null {
  const lists = new Set(field.args.filter(isList).map(({ name }) => name));
  const given = node.arguments?.find(({ name }) => lists.has(name.value))?.value;
  return given ? Math.min(itemsOf(given), LARGEST_PAGE) : null;
}

/** Whatever is no list where one is expected is a list of one. */
function itemsOf(value: ValueNode): number {
  if (value.kind === Kind.VARIABLE) return LARGEST_PAGE;
  return value.kind === Kind.LIST ? value.values.length : 1;
}

function isList({ type }: Pick<Field, 'type'> | Pick<Field['args'][number], 'type'>): boolean {
  return isListType(getNullableType(type as Field['type']));
}
