import { GraphQLError, type GraphQLField } from 'graphql';
import type { Scope } from '../src/access/scopes.ts';
import type { Viewer } from '../src/access/viewer.ts';
import type { Context } from './context.ts';

/** Who may use a field, as `authScopes` says it: one of these is enough. */
export interface FieldScopes {
  /** Credentials with this scope. */
  readonly can?: Scope;
  /** Keys of the merchant, not tokens of customers. */
  readonly merchant?: boolean;
  /** Whoever shows a credential. */
  readonly anyCredential?: boolean;
}

export function mayUse(viewer: Viewer | null, scopes: FieldScopes): boolean {
  if (viewer === null) return false;
  const { can, merchant, anyCredential } = scopes;
  return (
    (can !== undefined && viewer.scopes.has(can)) ||
    (merchant === true && viewer.kind === 'KEY') ||
    anyCredential === true
  );
}

/** What the builder was told of a field; undefined for one that is open to whoever got that far. */
export function scopesOf(field: GraphQLField<unknown, unknown>): FieldScopes | undefined {
  const options = field.extensions.pothosOptions as { authScopes?: FieldScopes } | undefined;
  return options?.authScopes;
}

/** The error of a field that the credential may not touch: `Customer.metadata`. It says what is missing. */
export function unauthorized(context: Context, field: string, scopes: FieldScopes): GraphQLError {
  if (!context.viewer) {
    return new GraphQLError('Send "Authorization: Bearer <key or customer token>".', {
      extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
    });
  }
  const scope = scopes.can;
  const lacking = scope
    ? `it lacks the scope ${scope}`
    : 'it is for the keys of the organization, whatever their scopes';
  return new GraphQLError(`This credential may not use ${field}: ${lacking}.`, {
    extensions: { code: 'FORBIDDEN', ...(scope && { scope }) },
  });
}

/** Who is asking, in a resolver that a scope guards. */
export function viewerOf(context: Context): Viewer {
  if (!context.viewer) throw new Error('A field without a scope asked who the viewer is.');
  return context.viewer;
}
