import { type ExecutionArgs, type ExecutionResult, execute, type GraphQLError } from 'graphql';
import { limitExceeded } from './document-limits.ts';

/** No object that anybody has to send has nearly as many. */
const MAX_NAMES = 1_000;

/**
 * Why variables are not even looked at; null mostly. graphql-js prints a whole object for each of the names in it that
 * it does not know, fifty times: sixty thousand of them are seconds of the process, and megabytes of answer.
 */
export function tooWide(variables: unknown): GraphQLError | null {
  const rest = [variables];
  for (let value = rest.pop(); value !== undefined; value = rest.pop()) {
    const below = Array.isArray(value) ? value : Object.values(value as object);
    if (below.length > MAX_NAMES && !Array.isArray(value)) {
      return limitExceeded(`Variables limit of ${MAX_NAMES} names in an object exceeded.`);
    }
    for (const each of below) if (typeof each === 'object' && each !== null) rest.push(each);
  }
  return null;
}

/** As graphql-js does, but for variables that are too wide. */
export function executeBounded(args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> {
  const refused = tooWide(args.variableValues ?? {});
  return refused ? { errors: [refused] } : (execute(args) as ReturnType<typeof executeBounded>);
}
