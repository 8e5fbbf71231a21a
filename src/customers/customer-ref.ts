import { isStorable } from '../kit/check.ts';
import { fromTypeId } from '../kit/ids.ts';

/** The merchant's own id of a customer has at most this many characters. */
export const EXTERNAL_ID_MAX = 255;

/** How an input names a customer: by TypeID or by the merchant's own id. Exactly one is given. */
export interface CustomerRef {
  readonly id?: string | null | undefined;
  readonly externalId?: string | null | undefined;
}

/** A reference that can be looked up. */
export type CustomerName =
  | { readonly by: 'ID'; readonly value: string }
  | { readonly by: 'EXTERNAL_ID'; readonly value: string };

/**
 * Null when nothing can have this name, so that what cannot be stored never reaches the database.
 */
export function nameOf(ref: CustomerRef): CustomerName | null {
  if (ref.id != null) {
    const id = fromTypeId('customer', ref.id);
    return id && { by: 'ID', value: id };
  }
  const { externalId } = ref;
  if (externalId == null || externalId.length === 0 || externalId.length > EXTERNAL_ID_MAX) {
    return null;
  }
  return isStorable(externalId) ? { by: 'EXTERNAL_ID', value: externalId } : null;
}

/** What was given, for a refusal to quote: no longer than any name that could have been found. */
export function givenIn(ref: CustomerRef): string {
  return (ref.id ?? ref.externalId ?? '').slice(0, EXTERNAL_ID_MAX);
}
