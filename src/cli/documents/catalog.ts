import type { Result } from '../result.ts';

// The operations that `catalog` sends, with the shapes of what they answer.

export const CATALOG_DOCUMENT = 'query CatalogDocument { catalogDocument }';

export interface DocumentAnswer {
  readonly catalogDocument: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

export const APPLY_CATALOG = `mutation ApplyCatalog($input: ApplyCatalogInput!) {
  applyCatalog(input: $input) {
    ... on ApplyCatalogPayload {
      __typename
      changes { noun name action differences { path before after } }
      missing { noun name }
      written
    }
    ... on Error { __typename message retryable }
    ... on ValidationError { issues { path message } }
    ... on NotFoundError { path }
    ... on ConflictError { path }
  }
}`;

export interface CatalogName {
  readonly noun: string;
  readonly name: string;
}

export interface CatalogChange extends CatalogName {
  readonly action: 'CREATE' | 'CHANGE' | 'PUBLISH';
  readonly differences: readonly {
    readonly path: string;
    readonly before: unknown;
    readonly after: unknown;
  }[];
}

export interface CatalogApplied {
  readonly __typename: 'ApplyCatalogPayload';
  readonly changes: readonly CatalogChange[];
  readonly missing: readonly CatalogName[];
  readonly written: boolean;
}

/** A refusal says where in the document, as far as it is about a place in it. */
export interface Refused {
  readonly __typename: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly path?: string;
  readonly issues?: readonly { readonly path: string; readonly message: string }[];
}

export interface ApplyAnswer {
  readonly applyCatalog: Result<CatalogApplied> | Refused;
}
