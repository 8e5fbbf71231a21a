import { GraphQLError } from 'graphql';
import { type Invalid, wordsOf } from '../src/kit/refusal.ts';

/** A query has no union to refuse in: what is wrong with its arguments is a GraphQL error. */
export function badUserInput({ issues }: Invalid): GraphQLError {
  return new GraphQLError(wordsOf(issues), { extensions: { code: 'BAD_USER_INPUT', issues } });
}

/** A subscription has no null to answer with: an id that names nothing visible is a GraphQL error. */
export function nothingThere(what: string, given: string): GraphQLError {
  return new GraphQLError(`There is no ${what} "${given}".`, { extensions: { code: 'NOT_FOUND' } });
}
