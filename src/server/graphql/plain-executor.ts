import {
  defaultFieldResolver,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLResolveInfo,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import { type PlainPlan, type PlannedField, planOf } from './plain-plan.ts';

/** Makes the result of one event of a subscription. */
export type ExecuteEvent = (event: unknown) => ExecutionResult | Promise<ExecutionResult>;

export interface PlainExecutor {
  /** For one subscription, whose source was made from the same arguments. */
  prepare(args: ExecutionArgs): ExecuteEvent;
}

/** What all events of a subscription have in common, as resolvers are told of it. */
interface Common extends Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'operation'> {
  readonly variableValues: { readonly [name: string]: unknown };
  readonly contextValue: unknown;
  /** Of the fields that have been resolved before. */
  readonly args: Map<PlannedField, Args>;
}

type Args = { readonly [name: string]: unknown };

interface Run {
  readonly common: Common;
  readonly rootValue: unknown;
  /** Set when a resolver did not answer at once. */
  isAsync: boolean;
}

type Path = GraphQLResolveInfo['path'];

/**
 * Executes what is planned, and leaves to graphql-js whatever is not as plain as that: an error, null where
 * none may be, a resolver that does not answer at once. It begins anew then, so that errors are its
 * own to the letter; the resolvers below a subscription read, and reading twice does no harm.
 */
export function createPlainExecutor(): PlainExecutor {
  const plans = new WeakMap<OperationDefinitionNode, PlainPlan | null>();

  function remember({ schema, document }: ExecutionArgs, operation: OperationDefinitionNode) {
    const found = plans.get(operation);
    if (found !== undefined) return found;
    const plan = planOf(schema, document, operation);
    plans.set(operation, plan);
    return plan;
  }

  return {
    prepare(args) {
      const operation = getOperationAST(args.document, args.operationName);
      const plan = operation && remember(args, operation);
      const common = plan && commonOf(args, operation, plan);
      return (event) => {
        if (common && plans.get(common.operation)) {
          const run: Run = { common, rootValue: event, isAsync: false };
          const data = attempt(run, plan.fields);
          if (data) return { data };
          // It will be so the next time, and for everybody.
          if (run.isAsync) plans.set(common.operation, null);
        }
        return execute({ ...args, rootValue: event });
      };
    },
  };
}

function commonOf(
  { schema, variableValues, contextValue }: ExecutionArgs,
  operation: OperationDefinitionNode,
  { fragments }: PlainPlan,
): Common | null {
  const { coerced } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    variableValues ?? {},
  );
  if (!coerced) return null;
  const args = new Map<PlannedField, Args>();
  return { schema, fragments, operation, variableValues: coerced, contextValue, args };
}

function attempt(run: Run, fields: readonly PlannedField[]) {
  try {
    return objectOf(run, fields, run.rootValue, undefined);
  } catch {
    return undefined;
  }
}

/** Undefined, here and below: not as plain as that. */
function objectOf(
  run: Run,
  fields: readonly PlannedField[],
  source: unknown,
  path: Path | undefined,
): Record<string, unknown> | undefined {
  const result: Record<string, unknown> = {};
  for (const field of fields) {
    const at = { prev: path, key: field.key, typename: field.parentType.name };
    const value = completed(run, field, resolved(run, field, source, at), at);
    if (value === undefined) return undefined;
    result[field.key] = value;
  }
  return result;
}

function resolved(run: Run, field: PlannedField, source: unknown, path: Path): unknown {
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
  const { definition, nodes } = field;
  const [node] = nodes;
  if (definition.args.length === 0 || !node) return {};
  const found = args.get(field) ?? getArgumentValues(definition, node, variableValues);
  args.set(field, found);
  return { ...found };
}

function completed(run: Run, field: PlannedField, value: unknown, path: Path): unknown {
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
function isPromise(value: object): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown }).then === 'function';
}
