import {
  defaultFieldResolver,
  type GraphQLResolveInfo,
  getArgumentValues,
  type OperationDefinitionNode,
} from 'graphql';
import type { PlainPlan, PlannedField, VariableArg } from './plain-plan.ts';

/** What all executions of an operation with the same variables have in common, as resolvers are told of it. */
export interface Common extends Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'operation'> {
  readonly variableValues: { readonly [name: string]: unknown };
  readonly contextValue: unknown;
  /** Of the fields that have been resolved before. */
  readonly args: Map<PlannedField, Args>;
}

type Args = { readonly [name: string]: unknown };

/** One execution of what is planned. */
export interface PlainRun {
  readonly common: Common;
  readonly rootValue: unknown;
  /** Set when a resolver did not answer at once. */
  isAsync: boolean;
}

export type Path = GraphQLResolveInfo['path'];

/** What graphql-js tells resolvers, of an operation whose variables are coerced. */
export function commonOf(
  schema: Common['schema'],
  operation: OperationDefinitionNode,
  { fragments }: PlainPlan,
  variableValues: Common['variableValues'],
  contextValue: unknown,
): Common {
  return { schema, fragments, operation, variableValues, contextValue, args: new Map() };
}

export function pathOf(field: PlannedField, prev: Path | undefined): Path {
  return { prev, key: field.key, typename: field.parentType.name };
}

/** Undefined, here and below: not as plain as that. */
export function objectOf(
  run: PlainRun,
  fields: readonly PlannedField[],
  source: unknown,
  path: Path | undefined,
): Record<string, unknown> | undefined {
  const result: Record<string, unknown> = {};
  for (const field of fields) {
    const at = pathOf(field, path);
    const value = completed(run, field, resolved(run, field, source, at), at);
    if (value === undefined) return undefined;
    result[field.key] = value;
  }
  return result;
}

export function resolved(run: PlainRun, field: PlannedField, source: unknown, path: Path): unknown {
  const { definition, nodes, parentType } = field;
  const { schema, fragments, operation, variableValues, contextValue } = run.common;
  const resolve = definition.resolve ?? defaultFieldResolver;
  return resolve(source, argsOf(run.common, field), contextValue, {
    fieldName: definition.name,
    fieldNodes: nodes,
    returnType: definition.type,
    parentType,
    path,
    schema,
    fragments,
    rootValue: run.rootValue,
    operation,
    variableValues,
  });
}

/** A resolver may keep what it is given. */
function argsOf({ args, variableValues }: Common, field: PlannedField): Args {
  const { definition, nodes, variableArgs } = field;
  if (variableArgs) return fromVariables(variableArgs, variableValues);
  const [node] = nodes;
  if (!node) return {};
  const found = args.get(field) ?? getArgumentValues(definition, node, variableValues);
  args.set(field, found);
  return { ...found };
}

/** The document is valid: what must be given is a variable that must be, too. */
function fromVariables(
  planned: readonly VariableArg[],
  variableValues: Common['variableValues'],
): Args {
  const args: Record<string, unknown> = {};
  for (const { name, variable } of planned) {
    if (Object.hasOwn(variableValues, variable)) args[name] = variableValues[variable];
  }
  return args;
}

export function completed(run: PlainRun, field: PlannedField, value: unknown, path: Path): unknown {
  if (value == null) return field.isNonNull ? undefined : null;
  if (isPromise(value)) {
    run.isAsync = true;
    value.then(undefined, () => undefined);
    return undefined;
  }
  if (value instanceof Error) return undefined;
  if (!field.leaf) return objectOf(run, field.fields, value, path);
  return field.leaf.serialize(value) ?? undefined;
}

/** As graphql-js decides it. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
