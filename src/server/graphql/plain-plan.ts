import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNullableType,
  isAbstractType,
  isLeafType,
  isNonNullType,
  isObjectType,
  Kind,
  type NamedTypeNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from 'graphql';

/** Nothing in it depends on variables, so it is made once for all who send the same document. */
export interface PlainPlan {
  readonly fields: readonly PlannedField[];
  readonly fragments: Fragments;
}

export interface PlannedField {
  /** Its alias, or its name. */
  readonly key: string;
  readonly parentType: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
  readonly isNonNull: boolean;
  /** Its arguments, where all that are given are variables and none has a default; null where not. */
  readonly variableArgs: readonly VariableArg[] | null;
  /** What it is written with, when it is a scalar or an enum. */
  readonly leaf: GraphQLLeafType | null;
  /** What is selected below it, when it is an object. */
  readonly fields: readonly PlannedField[];
}

/** An argument that is given as a variable. */
export interface VariableArg {
  readonly name: string;
  readonly variable: string;
}

type Fragments = { readonly [name: string]: FragmentDefinitionNode };

interface Graph {
  readonly schema: GraphQLSchema;
  readonly fragments: Fragments;
}

/** The fields of one object while they are gathered. */
interface Gathering {
  readonly type: GraphQLObjectType;
  readonly nodes: Map<string, FieldNode[]>;
  readonly visited: Set<string>;
}

/**
 * What graphql-js finds out anew in each execution: which fields there are to resolve, in which order. Null
 * where that is not known beforehand: lists, interfaces and unions, directives, types that check their
 * values. The document is valid.
 */
export function planOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): PlainPlan | null {
  const type = schema.getRootType(operation.operation);
  if (!type) return null;
  const fragments = fragmentsOf(document);
  const fields = fieldsOf({ schema, fragments }, type, [operation.selectionSet]);
  return fields && { fields, fragments };
}

function fragmentsOf(document: DocumentNode): Fragments {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}

function fieldsOf(
  graph: Graph,
  type: GraphQLObjectType,
  selections: readonly SelectionSetNode[],
): PlannedField[] | null {
  const gathering: Gathering = { type, nodes: new Map(), visited: new Set() };
  if (type.isTypeOf || !selections.every((each) => gather(graph, each, gathering))) return null;
  const fields: PlannedField[] = [];
  for (const [key, nodes] of gathering.nodes) {
    const field = fieldOf(graph, type, key, nodes);
    if (!field) return null;
    fields.push(field);
  }
  return fields;
}

/** Whether all of the selection can be planned. */
function gather(graph: Graph, { selections }: SelectionSetNode, into: Gathering): boolean {
  return selections.every((selection) => {
    if (selection.directives?.length) return false;
    if (selection.kind === Kind.FIELD) return gatherField(selection, into);
    if (selection.kind === Kind.INLINE_FRAGMENT) return gatherFragment(graph, selection, into);
    const name = selection.name.value;
    if (into.visited.has(name)) return true;
    into.visited.add(name);
    const fragment = graph.fragments[name];
    return fragment !== undefined && gatherFragment(graph, fragment, into);
  });
}

function gatherField(node: FieldNode, { nodes }: Gathering): boolean {
  const key = node.alias?.value ?? node.name.value;
  const found = nodes.get(key);
  if (found) found.push(node);
  else nodes.set(key, [node]);
  // It would be no property of the result like the others.
  return key !== '__proto__';
}

interface Fragment {
  readonly typeCondition?: NamedTypeNode | undefined;
  readonly selectionSet: SelectionSetNode;
}

function gatherFragment(graph: Graph, fragment: Fragment, into: Gathering): boolean {
  const condition = fragment.typeCondition?.name.value;
  return !isOf(graph, into.type, condition) || gather(graph, fragment.selectionSet, into);
}

function isOf({ schema }: Graph, type: GraphQLObjectType, condition: string | undefined): boolean {
  if (condition === undefined || condition === type.name) return true;
  const wanted = schema.getType(condition);
  return isAbstractType(wanted) && schema.isSubType(wanted, type);
}

function fieldOf(
  graph: Graph,
  parentType: GraphQLObjectType,
  key: string,
  nodes: readonly FieldNode[],
): PlannedField | null {
  const definition = definitionOf(parentType, nodes[0]?.name.value ?? key);
  if (!definition) return null;
  const type = getNullableType(definition.type);
  const isNonNull = isNonNullType(definition.type);
  const variableArgs = variableArgsOf(definition, nodes[0]);
  const field = { key, parentType, definition, nodes, isNonNull, variableArgs };
  if (isLeafType(type)) return { ...field, leaf: type, fields: [] };
  if (!isObjectType(type)) return null;
  const below = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const fields = fieldsOf(graph, type, below);
  return fields && { ...field, leaf: null, fields };
}

function definitionOf(
  type: GraphQLObjectType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  return name === TypeNameMetaFieldDef.name ? TypeNameMetaFieldDef : type.getFields()[name];
}

function variableArgsOf(
  { args }: GraphQLField<unknown, unknown>,
  node: FieldNode | undefined,
): VariableArg[] | null {
  const planned: VariableArg[] = [];
  for (const { name, defaultValue } of args) {
    const value = node?.arguments?.find((it) => it.name.value === name)?.value;
    if (defaultValue !== undefined || (value && value.kind !== Kind.VARIABLE)) return null;
    if (value) planned.push({ name, variable: value.name.value });
  }
  return planned;
}
