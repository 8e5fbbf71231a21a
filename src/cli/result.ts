import { CommandError } from './command-error.ts';

/** What a mutation answers: its payload, or a typed error. */
export type Result<Payload extends { readonly __typename: string }> =
  | Payload
  | { readonly __typename: string; readonly message: string; readonly retryable: boolean };

/** The payload; a refusal ends the command with its message. */
export function payloadOf<Payload extends { readonly __typename: string }>(
  result: Result<Payload>,
): Payload {
  if ('message' in result && 'retryable' in result) throw new CommandError(result.message);
  return result as Payload;
}
