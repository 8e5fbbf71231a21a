import type { DocumentNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { createDocumentCache, type DocumentCache } from './document-cache.ts';

/** The documents that were used lately. */
export interface KnownDocuments {
  /** For whoever parses: also those that are not valid. */
  readonly parsed: DocumentCache<DocumentNode>;
  /** Learns which are valid, the limits of documents included. */
  readonly plugin: Plugin;
  /** One that may be executed as it is. */
  findValid(text: string): DocumentNode | null;
}

export function createKnownDocuments(): KnownDocuments {
  const parsed = createDocumentCache<DocumentNode>();
  const valid = new WeakSet<DocumentNode>();

  return {
    parsed,
    plugin: {
      onValidate: ({ params }) => {
        const { documentAST } = params;
        return (outcome) => {
          if (outcome.valid) valid.add(documentAST);
        };
      },
    },
    findValid(text) {
      const document = parsed.get(text);
      return document && valid.has(document) ? document : null;
    },
  };
}
