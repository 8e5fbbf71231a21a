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
    if (rowsOf(operation.selectionSet, new Set(), context) <= MAX_ROWS) return;
    const message = `Page limit of ${MAX_ROWS} rows exceeded; ask for smaller pages within pages.`;
    context.reportError(new GraphQLError(message, { extensions: { code: 'LIMIT_EXCEEDED' } }));
  },
});

/** `within` holds the fragments that are being read: one that spreads itself is refused elsewhere. */
function rowsOf(
  set: SelectionSetNode,
  within: ReadonlySet<string>,
  context: ValidationContext,
): number {
  let rows = 0;
  for (const selection of set.selections) {
    if (rows > MAX_ROWS) return rows;
    if (selection.kind === Kind.FIELD) rows += rowsOfField(selection, within, context);
    else if (selection.kind === Kind.INLINE_FRAGMENT)
      rows += rowsOf(selection.selectionSet, within, context);
    else {
      const name = selection.name.value;
      const fragment = within.has(name) ? null : context.getFragment(name);
      if (fragment) rows += rowsOf(fragment.selectionSet, new Set([...within, name]), context);
    }
  }
  return rows;
}

function rowsOfField(
  field: FieldNode,
  within: ReadonlySet<string>,
  context: ValidationContext,
): number {
  if (!field.selectionSet) return 0;
  const below = rowsOf(field.selectionSet, within, context);
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
