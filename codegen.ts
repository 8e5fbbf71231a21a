import type { CodegenConfig } from '@graphql-codegen/cli';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from './schema/index.ts';

/** Typed documents, as text that is sent as it is. */
const typedDocuments = {
  preset: 'client',
  presetConfig: { fragmentMasking: false },
  config: {
    documentMode: 'string',
    useTypeImports: true,
    enumsAsTypes: true,
    importExtension: '.ts',
    scalars: {
      Decimal: 'string',
      DateTime: 'string',
      JSON: { input: 'unknown', output: 'unknown' },
    },
  },
} as const;

const config: CodegenConfig = {
  schema: printSchema(lexicographicSortSchema(schema)),
  generates: {
    'schema/schema.graphql': {
      plugins: ['schema-ast'],
      config: { sort: true, includeDirectives: true },
    },
    'schema/operations/generated/': {
      documents: ['schema/operations/*.graphql'],
      ...typedDocuments,
    },
    'src/sdk/generated/': {
      documents: ['src/sdk/operations/*.graphql'],
      ...typedDocuments,
    },
  },
};

export default config;
