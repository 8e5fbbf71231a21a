import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Log } from '../../infra/log.ts';
import type { Metrics } from '../../infra/metrics.ts';
import { isInTheWay, isOutage } from '../../infra/outage.ts';
import { UNAVAILABLE } from '../respond.ts';

/** Turns whatever went wrong into what a caller may see. Every error gets a code and the request id. */
export type PresentErrors = (errors: readonly unknown[], requestId: string) => GraphQLError[];

/**
 * A GraphQLError that somebody raised on purpose passes. Anything else is a bug or an outage: it is
 * logged with its request id and counted, and the caller learns nothing but that id, and of an outage that
 * the same request may succeed later.
 */
export function createPresentErrors({
  log,
  metrics,
}: {
  log: Log;
  metrics: Metrics;
}): PresentErrors {
  const shown = metrics.counter('graphql_errors_total', 'GraphQL errors answered, by code.', [
    'code',
  ]);

  function failed(error: unknown, requestId: string): GraphQLError {
    const cause = causeOf(error);
    log.error({ requestId, error: cause, path: pathOf(error) }, 'An operation failed.');
    return isOutage(cause) || isInTheWay(cause)
      ? unavailable(error, requestId)
      : masked(error, requestId);
  }

  function present(error: unknown, requestId: string): GraphQLError {
    const answer = isWanted(error) ? withId(error, requestId) : failed(error, requestId);
    shown.inc({ code: String(answer.extensions.code) });
    return answer;
  }

  return (errors, requestId) => errors.map((error) => present(error, requestId));
}

/** The wire form for transports other than Yoga's, which strips its own hints itself. */
export function formatError(error: GraphQLError): GraphQLFormattedError {
  const { http: _, unexpected: __, ...extensions } = error.extensions;
  return { ...error.toJSON(), extensions };
}

/** Whatever was thrown, as an error of the operation. */
export function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}

function isWanted(error: unknown): error is GraphQLError {
  if (!(error instanceof GraphQLError) || error.extensions.unexpected) return false;
  return error.originalError ? isWanted(error.originalError) : true;
}

function withId(error: GraphQLError, requestId: string): GraphQLError {
  // Yoga tells how the body could not be read; the message says enough.
  const { originalError: unreadable, ...extensions } = error.extensions;
  const code = extensions.code ?? 'BAD_REQUEST';
  const http = unreadable ? { status: 400 } : (extensions.http ?? statusOf(error));
  // A copy: errors of parsing and validation are cached with the document and seen by other requests.
  return new GraphQLError(error.message, {
    ...placeOf(error),
    extensions: { ...extensions, code, requestId, ...(http ? { http } : {}) },
  });
}

/** An error of the whole request is a bad request; one of a field leaves the status alone. */
function statusOf(error: GraphQLError): object | undefined {
  return error.path ? undefined : { status: 400, spec: true };
}

function masked(error: unknown, requestId: string): GraphQLError {
  return new GraphQLError('Internal error', {
    ...(error instanceof GraphQLError ? placeOf(error) : {}),
    // Yoga answers 500 for an unexpected error without data, and takes the mark off.
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId, unexpected: true },
  });
}

function unavailable(error: unknown, requestId: string): GraphQLError {
  const { message, status, code, retryable } = UNAVAILABLE;
  return new GraphQLError(message, {
    ...(error instanceof GraphQLError ? placeOf(error) : {}),
    extensions: { code, retryable, requestId, http: { status } },
  });
}

function placeOf(error: GraphQLError) {
  return {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
  };
}

function pathOf(error: unknown): string | undefined {
  return error instanceof GraphQLError ? error.path?.join('.') : undefined;
}

function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError
    ? causeOf(error.originalError)
    : error;
}
