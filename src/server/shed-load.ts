import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { DocumentCache } from './document-cache.ts';
import type { Caller } from './yoga.ts';

/** The queue in which charges wait for their commit. */
export interface ChargeQueue {
  /** Whether there is room for little more: what is on its way may need it. */
  isFull(): boolean;
  /** What to tell who is sent away, in milliseconds. */
  readonly retryAfterMs: number;
}

export interface ShedLoadOptions {
  readonly schema: GraphQLSchema;
  readonly charges: ChargeQueue;
  /** Those that were executed before. */
  readonly documents: DocumentCache<DocumentNode>;
}

/**
 * Refuses, over HTTP, what would have to wait in a queue that is full, before anything is made of it but its
 * text: time that goes into refusing is lost to those who were taken. A field says that it waits by `isQueued` in its
 * extensions; an operation with any other field is executed, as is a document that was not seen before.
 */
export function shedLoad({ schema, charges, documents }: ShedLoadOptions): Plugin<object, Caller> {
  const known = new WeakMap<OperationDefinitionNode, boolean>();
  const overloaded = { errors: [overloadedFor(charges.retryAfterMs)] };

  function isQueued(operation: OperationDefinitionNode): boolean {
    const found = known.get(operation) ?? hasOnlyQueued(schema, operation);
    known.set(operation, found);
    return found;
  }

  return {
    onParams({ params, context, setResult }) {
      if (!charges.isFull() || !(context as Partial<Caller>).viewer) return;
      const document = params.query && documents.get(params.query);
      const operation = document && getOperationAST(document, params.operationName);
      if (operation && isQueued(operation)) setResult(overloaded);
    },
  };
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
