import {
  type DocumentNode,
  type ExecutionArgs,
  type FormattedExecutionResult,
  GraphQLError,
  getOperationAST,
} from 'graphql';
import type { OperationResult, ServerOptions, SubscribePayload } from 'graphql-ws';
import type { InFlight } from './in-flight.ts';
import { formatError, type PresentErrors } from './present-errors.ts';
import type { Caller, GraphqlYoga } from './yoga.ts';

export interface WsOperationsOptions {
  readonly yoga: GraphqlYoga;
  readonly presentErrors: PresentErrors;
  /** Queries and mutations that are not answered yet; a stop waits for them. */
  readonly inFlight: InFlight;
}

type Answer = Parameters<NonNullable<ServerOptions['onNext']>>[4];
type Run = (args: ExecutionArgs) => OperationResult | Promise<OperationResult>;

/** What one operation brought along: it is executed by the pipeline it was parsed with. */
interface Operation extends ExecutionArgs {
  readonly run: { readonly execute: Run; readonly subscribe: Run };
}

export type WsOperations = ReturnType<typeof createWsOperations>;

/**
 * Executes operations of a socket through the same pipeline as HTTP, limits included. Whatever is wrong
 * with one operation is an answer to that operation: the others on the socket go on.
 */
export function createWsOperations({ yoga, presentErrors, inFlight }: WsOperationsOptions) {
  const present = (errors: readonly unknown[], requestId: string) =>
    presentErrors(errors, requestId).map(formatError);

  async function prepare(
    caller: Caller,
    payload: SubscribePayload,
  ): Promise<Operation | GraphQLError[]> {
    const engine = yoga.getEnveloped({ ...caller, params: payload });
    const document: DocumentNode = engine.parse(payload.query);
    const errors: readonly GraphQLError[] = engine.validate(engine.schema, document);
    if (errors.length > 0) return [...errors];
    if (!getOperationAST(document, payload.operationName)) return [unknownOperation()];
    return {
      schema: engine.schema,
      document,
      operationName: payload.operationName ?? null,
      variableValues: payload.variables ?? null,
      contextValue: await engine.contextFactory(),
      run: engine as Operation['run'],
    };
  }

  async function execute(args: ExecutionArgs): Promise<OperationResult> {
    const leave = inFlight.enter();
    try {
      return await (args as Operation).run.execute(args);
    } catch (error) {
      return { errors: [asGraphQLError(error)] };
    } finally {
      leave();
    }
  }

  async function subscribe(args: ExecutionArgs): Promise<OperationResult> {
    try {
      return await (args as Operation).run.subscribe(args);
    } catch (error) {
      return { errors: [asGraphQLError(error)] };
    }
  }

  return {
    async prepare(caller: Caller, payload: SubscribePayload): Promise<Operation | GraphQLError[]> {
      try {
        return await prepare(caller, payload);
      } catch (error) {
        return [asGraphQLError(error)];
      }
    },
    execute: execute as NonNullable<ServerOptions['execute']>,
    subscribe: subscribe as NonNullable<ServerOptions['subscribe']>,
    presentErrors: present,
    /** The answer with its errors as the caller may see them; undefined when there are none. */
    presentResult: (answer: Answer, requestId: string): FormattedExecutionResult | undefined =>
      answer.errors &&
      ({ ...answer, errors: present(answer.errors, requestId) } as FormattedExecutionResult),
  };
}

function unknownOperation(): GraphQLError {
  return new GraphQLError('Could not determine what operation to execute.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  });
}

function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}
