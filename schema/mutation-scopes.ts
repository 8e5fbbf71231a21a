import {
  GraphQLIncludeDirective,
  type GraphQLNamedType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Context } from './context.ts';
import { type FieldScopes, mayUse, scopesOf, unauthorized } from './scopes.ts';

/** A field of an operation that not every credential may use. */
interface Guarded {
  /** `UsageEvent.customer` */
  readonly name: string;
  readonly scopes: FieldScopes;
  /** The field and the selections around it: `@skip` and `@include` on any of them may leave it out. */
  readonly within: readonly SelectionNode[];
}

/** Known per operation, because a document that is sent again is the same document. */
type Known = WeakMap<OperationDefinitionNode, readonly Guarded[]>;

/**
 * Makes a mutation refuse an operation that asks for a field which the credential may not use, before
 * anything runs. Refused where it stands, a field below what is never null takes the whole answer with it,
 * and the caller does not learn that the mutation was done.
 */
export function guardMutations(schema: GraphQLSchema): GraphQLSchema {
  const known: Known = new WeakMap();
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve } = field;
    if (!resolve) continue;
    field.resolve = (source, args, context: Context, info) => {
      const forbidden = guardedOf(info, known).find(
        ({ scopes, within }) =>
          !mayUse(context.viewer, scopes) && within.every((node) => isIncluded(node, info)),
      );
      if (forbidden) throw unauthorized(context, forbidden.name, forbidden.scopes);
      return resolve(source, args, context, info);
    };
  }
  return schema;
}

function guardedOf(info: GraphQLResolveInfo, known: Known): readonly Guarded[] {
  const { operation, schema } = info;
  const found = known.get(operation);
  if (found) return found;
  const guarded = collect(operation.selectionSet, schema.getMutationType(), [], info);
  known.set(operation, guarded);
  return guarded;
}

function collect(
  set: SelectionSetNode,
  type: GraphQLNamedType | null | undefined,
  around: readonly SelectionNode[],
  info: GraphQLResolveInfo,
): Guarded[] {
  return set.selections.flatMap((selection) => {
    const within = [...around, selection];
    if (selection.kind === Kind.FIELD) {
      const field = fieldOf(type, selection.name.value);
      const { scopes, result } = field ?? {};
      const own = scopes ? [{ name: `${type?.name}.${selection.name.value}`, scopes, within }] : [];
      if (!selection.selectionSet) return own;
      return [...own, ...collect(selection.selectionSet, result, within, info)];
    }
    const part =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : info.fragments[selection.name.value];
    if (!part) return [];
    const name = part.typeCondition?.name.value;
    return collect(part.selectionSet, name ? info.schema.getType(name) : type, within, info);
  });
}

/** What a field gives, and who may use it by what the builder was told; undefined for `__typename`. */
function fieldOf(type: GraphQLNamedType | null | undefined, name: string) {
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  return field && { result: getNamedType(field.type), scopes: scopesOf(field) };
}

function isIncluded(node: SelectionNode, { variableValues }: GraphQLResolveInfo): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, node, variableValues);
  const include = getDirectiveValues(GraphQLIncludeDirective, node, variableValues);
  return skip?.if !== true && include?.if !== false;
}
