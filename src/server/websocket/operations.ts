import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type FormattedExecutionResult,
  GraphQLError,
  getOperationAST,
  OperationTypeNode,
} from 'graphql';
import type { OperationResult, ServerOptions, SubscribePayload } from 'graphql-ws';
import { isDeeperThan } from '../../kit/canonical.ts';
import { limitExceeded, MAX_NESTING } from '../graphql/document-limits.ts';
import type { EventExecutor } from '../graphql/event-executor.ts';
import { asGraphQLError, formatError, type PresentErrors } from '../graphql/present-errors.ts';
import type { Caller, GraphqlYoga } from '../graphql/yoga.ts';
import type { InFlight } from '../in-flight.ts';
import type { Audiences } from './audiences.ts';
import type { Flow } from './flow.ts';
import { deliver } from './subscription.ts';
import { createTickEnd } from './tick-end.ts';
import type { Turns } from './turns.ts';

export interface WsOperationsOptions {
  readonly yoga: GraphqlYoga;
  readonly presentErrors: PresentErrors;
  /** Queries and mutations that are not answered yet; a stop waits for them. */
  readonly inFlight: InFlight;
  readonly eventExecutor: EventExecutor;
  /** Subscribers of all sockets, by what they ask for. */
  readonly audiences: Audiences;
}

type Answer = Parameters<NonNullable<ServerOptions['onNext']>>[4];
type Run = (args: ExecutionArgs) => OperationResult | Promise<OperationResult>;

/** An operation that a peer has sent. */
export interface Asked extends Caller {
  readonly id: string;
  readonly payload: SubscribePayload;
  /** What is sent to its socket. */
  readonly flow: Flow;
  /** The order in which the work of its socket is done. */
  readonly turns: Turns;
  /** Whether somebody still waits for the answer. */
  readonly isWanted: () => boolean;
}

/** What one operation brought along: it is executed by the pipeline it was parsed with. */
interface Operation extends ExecutionArgs {
  readonly run: Run;
  readonly asked: Asked;
  /** Ends its turn, which began with its preparation. */
  readonly leave: () => void;
}

export type WsOperations = ReturnType<typeof createWsOperations>;

/**
 * Executes operations of a socket through the same pipeline as HTTP, limits included. Whatever is wrong
 * with one operation is an answer to that operation: the others on the socket go on.
 */
export function createWsOperations(options: WsOperationsOptions) {
  const { yoga, presentErrors, inFlight, audiences, eventExecutor } = options;
  const tickEnd = createTickEnd();
  const present = (errors: readonly unknown[], requestId: string) =>
    presentErrors(errors, requestId).map(formatError);

  async function prepare(asked: Asked, leave: () => void): Promise<Operation | GraphQLError[]> {
    const { viewer, requestId, payload } = asked;
    const engine = yoga.getEnveloped({ viewer, requestId, params: payload });
    const document: DocumentNode = engine.parse(payload.query);
    const errors: readonly GraphQLError[] = engine.validate(engine.schema, document);
    if (errors.length > 0) return [...errors];
    const operation = getOperationAST(document, payload.operationName);
    if (!operation) return [unknownOperation()];
    // Subscribers who ask for the same are found by the text of their variables.
    const isCompared = operation.operation === OperationTypeNode.SUBSCRIPTION;
    if (isCompared && isDeeperThan(MAX_NESTING, payload.variables)) return [tooDeep()];
    return {
      schema: engine.schema,
      document,
      operationName: payload.operationName ?? null,
      variableValues: payload.variables ?? null,
      contextValue: await engine.contextFactory(),
      run: engine.execute as Run,
      asked,
      leave,
    };
  }

  /** Waits for the operation's turn, which lasts until it was executed or refused. */
  async function begin(asked: Asked): Promise<() => void> {
    const land = inFlight.enter();
    const endTurn = await asked.turns.take();
    return () => {
      endTurn();
      land();
    };
  }

  async function prepareInTurn(asked: Asked): Promise<Operation | GraphQLError[]> {
    const leave = await begin(asked);
    const prepared = asked.isWanted()
      ? await prepare(asked, leave).catch((error) => [asGraphQLError(error)])
      : [abandoned()];
    if (Array.isArray(prepared)) leave();
    return prepared;
  }

  async function execute(args: ExecutionArgs): Promise<OperationResult> {
    const { run, leave } = args as Operation;
    try {
      return await run(args);
    } catch (error) {
      return { errors: [asGraphQLError(error)] };
    } finally {
      leave();
    }
  }

  /** What `subscribe` of graphql-js does, with results that are shared and sent in turn. */
  async function subscribe(args: ExecutionArgs): Promise<OperationResult> {
    const { asked, leave } = args as Operation;
    try {
      const events = await createSourceEventStream(args);
      if (!(Symbol.asyncIterator in events)) return events;
      return deliver(events, {
        id: asked.id,
        flow: asked.flow,
        turns: asked.turns,
        tickEnd,
        audience: audiences.join({ ...asked, document: args.document }),
        execution: eventExecutor.prepare(args),
      });
    } catch (error) {
      return { errors: [asGraphQLError(error)] };
    } finally {
      leave();
    }
  }

  return {
    prepare: prepareInTurn,
    execute: execute as NonNullable<ServerOptions['execute']>,
    subscribe: subscribe as NonNullable<ServerOptions['subscribe']>,
    presentErrors: present,
    /** The answer with its errors as the caller may see them; undefined when there are none. */
    presentResult: (answer: Answer, requestId: string): FormattedExecutionResult | undefined =>
      answer.errors &&
      ({ ...answer, errors: present(answer.errors, requestId) } as FormattedExecutionResult),
  };
}

/** Told to nobody: the peer has said that it does not wait for it. */
function abandoned(): GraphQLError {
  return new GraphQLError('Nobody waits for this operation.');
}

function tooDeep(): GraphQLError {
  return limitExceeded(`Variables limit of ${MAX_NESTING} levels exceeded.`);
}

function unknownOperation(): GraphQLError {
  return new GraphQLError('Could not determine what operation to execute.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  });
}
