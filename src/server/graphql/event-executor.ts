import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import { isOutage } from '../../infra/outage.ts';
import type { Outlast, WaitOut } from '../../infra/wait-out.ts';
import { createPlainExecutor, type ExecuteEvent } from './plain-executor.ts';
import type { OperationContext } from './yoga.ts';

/** Executes the events of one subscription. */
export interface EventExecution {
  /** Once: an outage is in the result. */
  readonly execute: ExecuteEvent;
  /** For one event, whose outages are waited out; behind one it is executed with nothing loaded. */
  beginWait(isWanted: () => boolean): Outlast;
}

/** How both transports execute the events of subscriptions. */
export interface EventExecutor {
  /** For one subscription, whose source was made from the same arguments. */
  prepare(args: ExecutionArgs): EventExecution;
}

export function createEventExecutor({ waitOut }: { waitOut: WaitOut }): EventExecutor {
  const plain = createPlainExecutor();

  return {
    prepare(args) {
      const context = args.contextValue as OperationContext;
      return {
        execute: plain.prepare(args),
        beginWait(isWanted) {
          const outlast = waitOut.begin(isWanted);
          return async (outage) => {
            await outlast(outage);
            context.renewLoaders();
          };
        },
      };
    },
  };
}

/**
 * Why the result is not to be told to anybody. An event is told once: with a result that only lacks something
 * because the database was away, it would be lost for good.
 */
export function outageIn({ errors }: ExecutionResult): GraphQLError | undefined {
  return errors?.find((error) => isOutage(error));
}
