import {
  type FieldNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/** Rows that one operation may ask for, pages within pages multiplied. */
export const MAX_ROWS = 20_000;
const DEFAULT_PAGE = 20;
/** The largest page there is: what a size in a variable counts as, so that a verdict serves all values. */
const LARGEST_PAGE = 100;

/** Refuses pages within pages that ask for more rows than anybody reads: depth alone allows millions. */
export const pageLimit: ValidationRule = (context: ValidationContext) => ({
  OperationDefinition(operation: OperationDefinitionNode) {
    if (rowsOf(operation.selectionSet, new Map(), context) <= MAX_ROWS) return;
    const message = `Page limit of ${MAX_ROWS} rows exceeded; ask for smaller pages within pages.`;
    context.reportError(new GraphQLError(message, { extensions: { code: 'LIMIT_EXCEEDED' } }));
  },
});

/**
 * Each fragment is read once, however often it is spread; one that spreads itself counts nothing there,
 * and is refused elsewhere.
 */
function rowsOf(
  set: SelectionSetNode,
  known: Map<string, number>,
  context: ValidationContext,
): number {
  let rows = 0;
  for (const selection of set.selections) {
    if (rows > MAX_ROWS) return rows;
    if (selection.kind === Kind.FIELD) rows += rowsOfField(selection, known, context);
    else if (selection.kind === Kind.INLINE_FRAGMENT)
      rows += rowsOf(selection.selectionSet, known, context);
    else rows += rowsOfFragment(selection.name.value, known, context);
  }
  return rows;
}

function rowsOfFragment(
  name: string,
  known: Map<string, number>,
  context: ValidationContext,
): number {
  const counted = known.get(name);
  if (counted !== undefined) return counted;
  known.set(name, 0);
  const fragment = context.getFragment(name);
  const rows = fragment ? rowsOf(fragment.selectionSet, known, context) : 0;
  known.set(name, rows);
  return rows;
}

function rowsOfField(
  field: FieldNode,
  known: Map<string, number>,
  context: ValidationContext,
): number {
  if (!field.selectionSet) return 0;
  const below = rowsOf(field.selectionSet, known, context);
  const page = pageOf(field);
  return page === null ? below : page * (1 + below);
}

/** The size of a page; null for a field that is none: it has no size and asks for no edges. */
function pageOf(field: FieldNode): number | null {
  const size = field.arguments?.find(({ name }) => ['first', 'last'].includes(name.value))?.value;
  if (size)
    return size.kind === Kind.INT ? Math.min(Number(size.value), LARGEST_PAGE) : LARGEST_PAGE;
  const asksForEdges = field.selectionSet?.selections.some(
    (selection) => selection.kind === Kind.FIELD && selection.name.value === 'edges',
  );
  return asksForEdges ? DEFAULT_PAGE : null;
}
