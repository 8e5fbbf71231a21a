import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  locatedError,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { type CoerceVariables, planVariables, UNUSUAL } from './plain-input.ts';
import { type PlainPlan, type PlannedField, planOf } from './plain-plan.ts';
import {
  commonOf,
  completed,
  isPromise,
  type Path,
  type PlainRun,
  pathOf,
  resolved,
} from './plain-run.ts';

/** A query to execute; its document is valid. */
export interface QueryArgs {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variableValues: { readonly [name: string]: unknown };
  readonly contextValue: unknown;
}

export interface PlainQueries {
  /** Null: this is for graphql-js to execute. */
  attempt(args: QueryArgs): Promise<ExecutionResult> | null;
}

interface PlannedQuery {
  readonly plan: PlainPlan;
  readonly root: PlannedField;
  readonly coerce: CoerceVariables;
}

/**
 * Executes queries of one field that is resolved into a plain object, as a check is: what graphql-js finds out anew
 * for each request is most of what such a query costs. All others, and whatever turns out not to be plain, are left to it.
 * It begins anew then, which does no harm to a query, and happens once for a document.
 */
export function createPlainQueries(schema: GraphQLSchema): PlainQueries {
  const queries = new WeakMap<OperationDefinitionNode, PlannedQuery | null>();

  function remember({ document, operation }: QueryArgs): PlannedQuery | null {
    const known = queries.get(operation);
    if (known !== undefined) return known;
    const query = planQuery(schema, document, operation);
    queries.set(operation, query);
    return query;
  }

  async function run(
    { root }: PlannedQuery,
    run: PlainRun,
    args: QueryArgs,
  ): Promise<ExecutionResult> {
    const path = pathOf(root, undefined);
    let value: unknown;
    try {
      const answer = resolved(run, root, undefined, path);
      value = isPromise(answer) ? await answer : answer;
    } catch (error) {
      const errors = [locatedError(error, root.nodes, [root.key])];
      return { errors, data: root.isNonNull ? null : { [root.key]: null } };
    }
    const data = complete(run, root, value, path);
    if (data !== undefined) return { data: { [root.key]: data } };
    if (run.isAsync) queries.set(args.operation, null);
    return execute({ schema, ...args, operationName: args.operation.name?.value });
  }

  return {
    attempt(args) {
      const query = remember(args);
      if (!query) return null;
      const variables = query.coerce(args.variableValues);
      if (variables === UNUSUAL) return null;
      const { operation, contextValue } = args;
      const common = commonOf(schema, operation, query.plan, variables, contextValue);
      return run(query, { common, rootValue: undefined, isAsync: false }, args);
    },
  };
}

function planQuery(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): PlannedQuery | null {
  if (operation.operation !== OperationTypeNode.QUERY || operation.directives?.length) return null;
  const plan = planOf(schema, document, operation);
  const [root] = plan?.fields ?? [];
  if (!plan || !root || plan.fields.length > 1) return null;
  const coerce = planVariables(schema, operation);
  return coerce && { plan, root, coerce };
}

function complete(run: PlainRun, root: PlannedField, value: unknown, path: Path) {
  try {
    return completed(run, root, value, path);
  } catch {
    return undefined;
  }
}
