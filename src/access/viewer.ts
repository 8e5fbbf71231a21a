import { canonicalJson } from '../kit/canonical.ts';
import type { Id } from '../kit/ids.ts';
import type { Refusal } from '../kit/refusal.ts';
import type { Scope } from './scopes.ts';

/** Who is asking, once the credential was checked. */
export interface Viewer {
  readonly organizationId: Id<'organization'>;
  readonly mode: 'LIVE' | 'TEST';
  readonly kind: 'KEY' | 'CUSTOMER';
  /** The key that was shown, for a KEY. */
  readonly keyId: Id<'apiKey'> | null;
  /** The key that signed the token that was shown, for a CUSTOMER. */
  readonly signingKeyId: Id<'signingKey'> | null;
  /** The one customer that a CUSTOMER token may see. */
  readonly customerId: Id<'customer'> | null;
  readonly scopes: ReadonlySet<Scope>;
  /** When the credential stops working; null for one that does not expire. */
  readonly expiresAt: Date | null;
}

/**
 * Equal for viewers who are shown the same: all of them but which credential it was and when it ends. What
 * is added to a viewer sets them apart until it is named here.
 */
export function viewKey(viewer: Viewer): string {
  const { keyId: _key, signingKeyId: _signer, expiresAt: _end, scopes, ...rest } = viewer;
  return canonicalJson([rest, [...scopes].sort()]);
}

export interface Unauthenticated extends Refusal<'Unauthenticated'> {
  readonly message: string;
}

/** Checks an `Authorization` value: `Bearer sk_...`, `rk_...` or a customer token. */
export type Authenticate = (authorization: string | undefined) => Promise<Viewer | Unauthenticated>;

/** What a viewer came in by and may lose: the key that was shown, or the one that signed the token. */
export type AnyKeyId = Id<'apiKey'> | Id<'signingKey'>;

/**
 * Of these keys, those that still let somebody in: not revoked, and not rolled out of their overlap. One that
 * signs tokens does while it is there.
 */
export type FindLiveKeys = (keyIds: readonly AnyKeyId[]) => Promise<ReadonlySet<AnyKeyId>>;

/**
 * The one rule of visibility, as a filter for rows of a table. Every read and write of the graph starts
 * from one of these three, so an object outside them answers like one that does not exist.
 */
export function inOrganization(viewer: Viewer): { organizationId: string } {
  return { organizationId: viewer.organizationId };
}

/** For the customers table: the organization's, or the token's own customer. */
export function visibleCustomers(viewer: Viewer): { organizationId: string; id?: string } {
  return viewer.customerId
    ? { organizationId: viewer.organizationId, id: viewer.customerId }
    : { organizationId: viewer.organizationId };
}

/** For rows that belong to a customer: the organization's, or those of the token's own customer. */
export function ofVisibleCustomers(viewer: Viewer): {
  organizationId: string;
  customerId?: string;
} {
  return viewer.customerId
    ? { organizationId: viewer.organizationId, customerId: viewer.customerId }
    : { organizationId: viewer.organizationId };
}
