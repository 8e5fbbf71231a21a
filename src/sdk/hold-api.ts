import { type Exact, exact } from '../kit/decimal.ts';
import type { HeldBlock } from './block.ts';
import {
  CaptureFromBlockDocument,
  type CaptureHoldInput,
  type ErrorCode,
  ExtendBlockDocument,
  type ExtendHoldInput,
  PlaceBlockDocument,
  type PlaceBlockMutation,
  type PlaceHoldInput,
  ReleaseBlockDocument,
  type ReleaseHoldInput,
  type TypedDocumentString,
} from './generated/graphql.ts';
import { LeaseError } from './lease-error.ts';
import { type Endpoint, faultOf, postGraphql } from './post-graphql.ts';

/** The server said no, and nothing was written. */
export interface Refused {
  readonly refused: ErrorCode;
  readonly message: string;
  /** With INSUFFICIENT_FUNDS: what is free. */
  readonly available: Exact | null;
}

/** Whether it was done is not known: to be sent again as it is. */
export interface Failed {
  readonly failed: LeaseError;
  /** What the server asks for before the next attempt. */
  readonly waitMs: number;
}

export type Outcome = HeldBlock | Refused | Failed;

/** What a lease asks of the server. Each is sent once, and safe to send again. */
export interface HoldApi {
  place(input: PlaceHoldInput): Promise<Outcome>;
  extend(input: ExtendHoldInput): Promise<Outcome>;
  capture(input: CaptureHoldInput): Promise<Outcome>;
  release(input: ReleaseHoldInput): Promise<Outcome>;
}

/** Longer than a server under load needs, and short beside the time that a block lasts. */
const REQUEST_TIMEOUT_MS = 10_000;

type Result =
  | Exclude<PlaceBlockMutation['result'], { __typename: 'PlaceHoldPayload' }>
  | { readonly hold: Extract<PlaceBlockMutation['result'], { hold: unknown }>['hold'] };

/** `leftMs` says how long a request that begins now may take at most. */
export function createHoldApi(server: Omit<Endpoint, 'timeoutMs'>, leftMs: () => number): HoldApi {
  const timeoutMs = () => Math.max(Math.ceil(Math.min(REQUEST_TIMEOUT_MS, leftMs())), 1);

  async function send<Input>(
    document: TypedDocumentString<{ result: Result }, { input: Input }>,
    input: Input,
  ): Promise<Outcome> {
    const query = document.toString();
    const endpoint = { ...server, timeoutMs: timeoutMs() };
    const answer = await postGraphql(endpoint, JSON.stringify({ query, variables: { input } }));
    if ('unanswered' in answer) {
      const message = `${server.endpoint} does not answer: ${answer.unanswered}.`;
      return { failed: new LeaseError('UNREACHABLE', message), waitMs: answer.waitMs ?? 0 };
    }
    if ('notGraphql' in answer) {
      return rejected(`${server.endpoint} answered HTTP ${answer.notGraphql}, and not by GraphQL.`);
    }
    const fault = faultOf(answer);
    const data = answer.data as { readonly result?: Result | null } | null | undefined;
    if (fault !== null || !data?.result) {
      return rejected(fault ?? `${server.endpoint} has no answer.`);
    }
    return outcomeOf(data.result);
  }

  return {
    place: (input) => send(PlaceBlockDocument, input),
    extend: (input) => send(ExtendBlockDocument, input),
    capture: (input) => send(CaptureFromBlockDocument, input),
    release: (input) => send(ReleaseBlockDocument, input),
  };
}

function outcomeOf(result: Result): Outcome {
  if ('hold' in result) return { ...result.hold, held: exact(result.hold.held) };
  const { code: refused, message } = result;
  if ('retryAfterMs' in result) {
    return { failed: new LeaseError('UNREACHABLE', message), waitMs: result.retryAfterMs };
  }
  return { refused, message, available: 'available' in result ? exact(result.available) : null };
}

function rejected(message: string): Failed {
  return { failed: new LeaseError('REJECTED', message), waitMs: 0 };
}
