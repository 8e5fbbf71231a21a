import {
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/** Fields and fragments that one operation selects, each counted as often as it is spread. */
export const MAX_SELECTIONS = 1_000;
/** How often a response key may come again where it was selected already. */
const MAX_REPEATS = 50;

interface Tally {
  selections: number;
  repeats: number;
}

/**
 * Aliases have a limit of their own, but `{ a a a ... }` needs none: it costs nothing to execute, and the
 * rule that compares the repeats pairwise takes seconds. The same key under different type conditions is
 * no repeat, because the typed errors of a result union are asked for in that way.
 */
export const selectionLimit: ValidationRule = (context: ValidationContext) => ({
  OperationDefinition(operation: OperationDefinitionNode) {
    const tally: Tally = { selections: 0, repeats: 0 };
    count(operation.selectionSet, '', new Set(), tally, context);
    if (tally.selections > MAX_SELECTIONS)
      report(context, `Selection limit of ${MAX_SELECTIONS} exceeded.`);
    else if (tally.repeats > MAX_REPEATS)
      report(context, `Repeated field limit of ${MAX_REPEATS} exceeded.`);
  },
});

function report(context: ValidationContext, message: string): void {
  context.reportError(new GraphQLError(message, { extensions: { code: 'LIMIT_EXCEEDED' } }));
}

/** Stops at the limit, so fragments that spread each other a million times cost a thousand steps. */
function count(
  set: SelectionSetNode,
  typeName: string,
  seen: Set<string>,
  tally: Tally,
  context: ValidationContext,
): void {
  for (const selection of set.selections) {
    tally.selections += 1;
    if (tally.selections > MAX_SELECTIONS) return;
    if (selection.kind === Kind.FIELD) {
      const key = `${typeName}.${selection.alias?.value ?? selection.name.value}`;
      if (seen.has(key)) tally.repeats += 1;
      seen.add(key);
      if (selection.selectionSet) count(selection.selectionSet, '', new Set(), tally, context);
    } else {
      const fragment = fragmentOf(selection, context);
      const name = fragment?.typeCondition?.name.value ?? typeName;
      if (fragment) count(fragment.selectionSet, name, seen, tally, context);
    }
  }
}

function fragmentOf(
  selection: Exclude<SelectionNode, { kind: Kind.FIELD }>,
  context: ValidationContext,
) {
  return selection.kind === Kind.INLINE_FRAGMENT
    ? selection
    : context.getFragment(selection.name.value);
}
