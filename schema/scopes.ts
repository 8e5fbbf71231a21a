import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import type { Viewer } from '../src/access/viewer.ts';
import type { Context } from './context.ts';

/** The error of a field that the credential may not touch. */
export function unauthorized(context: Context, info: GraphQLResolveInfo): GraphQLError {
  const field = `${info.parentType.name}.${info.fieldName}`;
  return context.viewer
    ? new GraphQLError(`This credential may not use ${field}.`, {
        extensions: { code: 'FORBIDDEN' },
      })
    : new GraphQLError('Send "Authorization: Bearer <key or customer token>".', {
        extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
      });
}

/** Who is asking, in a resolver that a scope guards. */
export function viewerOf(context: Context): Viewer {
  if (!context.viewer) throw new Error('A field without a scope asked who the viewer is.');
  return context.viewer;
}
