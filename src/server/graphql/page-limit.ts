import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLNamedType,
  getNamedType,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  typeFromAST,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { fieldOf, isConnection, pageOf, rowsEach } from './row-counts.ts';

/** Rows that one operation may ask for, lists and pages within each other multiplied. */
export const MAX_ROWS = 40_000;

/** What is being read: the selections of a type, and of a page its size. */
interface Place {
  readonly type: GraphQLNamedType | null | undefined;
  readonly page: number | null;
}

/**
 * Refuses lists within lists that ask for more rows than anybody reads: depth alone allows millions. What
 * is in a variable counts as the most that it may be, so that the verdict on a document serves all values.
 */
export const pageLimit: ValidationRule = (context: ValidationContext) => ({
  OperationDefinition(operation: OperationDefinitionNode) {
    const type = context.getSchema().getRootType(operation.operation);
    const rows = rowsOf(operation.selectionSet, { type, page: null }, new Map(), context);
    if (rows <= MAX_ROWS) return;
    const message = `Page limit of ${MAX_ROWS} rows exceeded; ask for smaller pages, and for fewer lists within lists.`;
    context.reportError(new GraphQLError(message, { extensions: { code: 'LIMIT_EXCEEDED' } }));
  },
});

function rowsOf(
  set: SelectionSetNode,
  place: Place,
  known: Map<string, number>,
  context: ValidationContext,
): number {
  let rows = 0;
  for (const selection of set.selections) {
    if (rows > MAX_ROWS) return rows;
    if (selection.kind === Kind.FIELD) {
      rows += rowsOfField(selection, place, known, context);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      const { typeCondition, selectionSet } = selection;
      const type = typeCondition ? typeFromAST(context.getSchema(), typeCondition) : place.type;
      rows += rowsOf(selectionSet, { ...place, type }, known, context);
    } else {
      const fragment = context.getFragment(selection.name.value);
      if (fragment) rows += rowsOfFragment(fragment, place, known, context);
    }
  }
  return rows;
}

/**
 * Each fragment is read once for each size of page, however often it is spread; one that spreads itself
 * counts nothing there, and is refused elsewhere.
 */
function rowsOfFragment(
  fragment: FragmentDefinitionNode,
  { page }: Place,
  known: Map<string, number>,
  context: ValidationContext,
): number {
  const key = `${fragment.name.value} ${page}`;
  const counted = known.get(key);
  if (counted !== undefined) return counted;
  known.set(key, 0);
  const type = typeFromAST(context.getSchema(), fragment.typeCondition);
  const rows = rowsOf(fragment.selectionSet, { type, page }, known, context);
  known.set(key, rows);
  return rows;
}

function rowsOfField(
  node: FieldNode,
  place: Place,
  known: Map<string, number>,
  context: ValidationContext,
): number {
  if (!node.selectionSet) return 0;
  const schema = context.getSchema();
  const field = isCompositeType(place.type) ? fieldOf(schema, place.type, node) : undefined;
  const type = field && getNamedType(field.type);
  const page = isConnection(type) ? pageOf(node) : null;
  const below = rowsOf(node.selectionSet, { type, page }, known, context);
  const each = field ? rowsEach(schema, field, node, place.page) : null;
  return each === null ? below : each * (1 + below);
}
