/**
 * What a credential may do, `noun:verb`. A secret key has all of them; a restricted key has those it was
 * made with; a customer token has some of the customer ones, and sees that customer only.
 */
export const SCOPES = [
  'organization:read',
  'organization:write',
  'key:read',
  'key:write',
  'token:write',
  'customer:read',
  'customer:write',
  'catalog:read',
  'catalog:write',
  'wallet:read',
  'wallet:write',
  'hold:read',
  'hold:write',
  'usage:read',
  'usage:write',
  'subscription:read',
  'subscription:write',
  'payment:read',
  'payment:write',
  'provider:read',
  'provider:write',
  'event:read',
  'alert:read',
  'alert:write',
  'webhook:read',
  'webhook:write',
  'clock:read',
  'clock:write',
] as const;

export type Scope = (typeof SCOPES)[number];

/** What a customer token may carry: reading, never writing. */
export const CUSTOMER_SCOPES = [
  'customer:read',
  'wallet:read',
  'hold:read',
  'usage:read',
  'subscription:read',
  'payment:read',
  'event:read',
  'alert:read',
] as const satisfies Scope[];

export type CustomerScope = (typeof CUSTOMER_SCOPES)[number];

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}

export function isCustomerScope(text: string): text is CustomerScope {
  return (CUSTOMER_SCOPES as readonly string[]).includes(text);
}
