import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import { type PlainPlan, type PlannedField, planOf } from './plain-plan.ts';
import { type Common, commonOf, objectOf, type PlainRun } from './plain-run.ts';

/** Makes the result of one event of a subscription. */
export type ExecuteEvent = (event: unknown) => ExecutionResult | Promise<ExecutionResult>;

export interface PlainExecutor {
  /** For one subscription, whose source was made from the same arguments. */
  prepare(args: ExecutionArgs): ExecuteEvent;
}

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
      const common = plan && prepareCommon(args, operation, plan);
      return (event) => {
        if (common && plans.get(common.operation)) {
          const run: PlainRun = { common, rootValue: event, isAsync: false };
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

function prepareCommon(
  { schema, variableValues, contextValue }: ExecutionArgs,
  operation: OperationDefinitionNode,
  plan: PlainPlan,
): Common | null {
  const { coerced } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    variableValues ?? {},
  );
  return coerced ? commonOf(schema, operation, plan, coerced, contextValue) : null;
}

function attempt(run: PlainRun, fields: readonly PlannedField[]) {
  try {
    return objectOf(run, fields, run.rootValue, undefined);
  } catch {
    return undefined;
  }
}
