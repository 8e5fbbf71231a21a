import { GraphQLError, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql';

/** The queue in which charges wait for their commit. */
export interface ChargeQueue {
  /** Whether there is room for little more: what is on its way may need it. */
  isFull(): boolean;
  /** What to tell who is sent away, in milliseconds. */
  readonly retryAfterMs: number;
  /** Answers whoever waits that the same may succeed later: the process stops and waits no longer. */
  giveUp(): void;
}

export interface ShedLoadOptions {
  readonly schema: GraphQLSchema;
  readonly charges: ChargeQueue;
}

/** The error to answer an operation with; null: it may be executed. */
export type ShedLoad = (operation: OperationDefinitionNode) => GraphQLError | null;

/**
 * Refuses what would have to wait in a queue that is full, before anything is made of it: time that goes into
 * refusing is lost to those who were taken. A field says that it waits by `isQueued` in its extensions; an
 * operation with any other field is executed.
 */
export function createShedLoad({ schema, charges }: ShedLoadOptions): ShedLoad {
  const known = new WeakMap<OperationDefinitionNode, boolean>();
  const overloaded = overloadedFor(charges.retryAfterMs);

  function isQueued(operation: OperationDefinitionNode): boolean {
    const found = known.get(operation) ?? hasOnlyQueued(schema, operation);
    known.set(operation, found);
    return found;
  }

  return (operation) => (charges.isFull() && isQueued(operation) ? overloaded : null);
}

function hasOnlyQueued(schema: GraphQLSchema, operation: OperationDefinitionNode): boolean {
  const fields = schema.getRootType(operation.operation)?.getFields();
  return operation.selectionSet.selections.every(
    (selection) =>
      selection.kind === Kind.FIELD && fields?.[selection.name.value]?.extensions.isQueued === true,
  );
}

function overloadedFor(retryAfterMs: number): GraphQLError {
  const message = 'The server is taking no more just now; send the same request again later.';
  const http = { status: 503, headers: { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) } };
  return new GraphQLError(message, {
    extensions: { code: 'OVERLOADED', retryable: true, retryAfterMs, http },
  });
}
