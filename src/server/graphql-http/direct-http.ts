import type { ServerResponse } from 'node:http';
import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import type { KnownDocuments } from '../graphql/known-documents.ts';
import { createPlainQueries } from '../graphql/plain-queries.ts';
import { asGraphQLError, type PresentErrors } from '../graphql/present-errors.ts';
import { executeBounded } from '../graphql/wide-variables.ts';
import type { BuildContext, Caller } from '../graphql/yoga.ts';
import { type PostedParams, readParams } from './read-params.ts';
import type { ShedLoad } from './shed-load.ts';

export interface DirectHttpOptions {
  readonly schema: GraphQLSchema;
  readonly buildContext: BuildContext;
  readonly documents: KnownDocuments;
  readonly presentErrors: PresentErrors;
  readonly shedLoad: ShedLoad;
  /** Writes an answer with errors, whose status depends on them. */
  readonly sendErrors: SendErrors;
}

export type SendErrors = (
  result: ExecutionResult,
  mediaType: MediaType,
  response: ServerResponse,
) => Promise<void>;

export type MediaType = 'application/json' | 'application/graphql-response+json';

/** What is posted, and what kind of answer is accepted. */
export interface Posted {
  readonly caller: Caller;
  readonly bytes: Buffer;
  readonly accept: string | undefined;
}

/** Undefined: this is for Yoga to answer. */
export type AnswerDirectly = (
  posted: Posted,
  response: ServerResponse,
) => Promise<void> | undefined;

interface Wanted {
  readonly params: PostedParams;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Set when it is not to be executed. */
  readonly refused: GraphQLError | null;
}

/** By the first media type that is accepted, which is the one that Yoga goes by. */
const MEDIA_TYPES: ReadonlyMap<string, MediaType> = new Map([
  ['*/*', 'application/json'],
  ['application/json', 'application/json'],
  ['application/graphql-response+json', 'application/graphql-response+json'],
]);

/**
 * Answers what most requests are, a query or mutation whose document was found valid before, without Yoga's HTTP
 * layer, which costs more than the rest of a small request. Whatever is unusual about a request is left to it.
 */
export function createDirectHttp(options: DirectHttpOptions): AnswerDirectly {
  const { schema, buildContext, documents, presentErrors, shedLoad, sendErrors } = options;
  const plainQueries = createPlainQueries(schema);

  function find(bytes: Buffer, { viewer }: Caller): Wanted | null {
    const params = readParams(bytes);
    const document = params && documents.findValid(params.query);
    const operation = document && getOperationAST(document, params.operationName);
    if (!operation || operation.operation === OperationTypeNode.SUBSCRIPTION) return null;
    return { params, document, operation, refused: viewer && shedLoad(operation) };
  }

  async function run(wanted: Wanted, caller: Caller): Promise<ExecutionResult> {
    const { document, operation } = wanted;
    const { operationName, variables } = wanted.params;
    const contextValue = buildContext(caller);
    const args = { document, variableValues: variables ?? {}, contextValue };
    try {
      const plain = plainQueries.attempt({ operation, ...args });
      return await (plain ?? executeBounded({ schema, operationName, ...args }));
    } catch (error) {
      return { errors: [asGraphQLError(error)] };
    }
  }

  async function answer(
    wanted: Wanted,
    caller: Caller,
    mediaType: MediaType,
    response: ServerResponse,
  ): Promise<void> {
    const { refused } = wanted;
    const result = refused ? { errors: [refused] } : await run(wanted, caller);
    if (response.destroyed) return;
    if (!result.errors) return sendResult(result, mediaType, response);
    const errors = presentErrors(result.errors, caller.requestId);
    await sendErrors({ ...result, errors }, mediaType, response);
  }

  return ({ caller, bytes, accept = '*/*' }, response) => {
    const [first = ''] = accept.split(',');
    const mediaType = MEDIA_TYPES.get(first.trim().toLowerCase());
    const wanted = mediaType && find(bytes, caller);
    return wanted ? answer(wanted, caller, mediaType, response) : undefined;
  };
}

function sendResult(result: ExecutionResult, mediaType: MediaType, response: ServerResponse): void {
  const text = JSON.stringify(result);
  response.writeHead(200, {
    'content-type': `${mediaType}; charset=utf-8`,
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
