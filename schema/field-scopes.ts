import type { FieldNullability, InputFieldMap, SchemaTypes, TypeParam } from '@pothos/core';
import { defaultFieldResolver, type GraphQLField, type GraphQLSchema, isObjectType } from 'graphql';
import type { Context } from './context.ts';
import { type FieldScopes, mayUse, scopesOf, unauthorized } from './scopes.ts';

declare global {
  namespace PothosSchemaTypes {
    interface FieldOptions<
      Types extends SchemaTypes,
      ParentShape,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveShape,
      ResolveReturnShape,
    > {
      /** Who may use it. Left out: whoever got as far as the object that has it. */
      authScopes?: FieldScopes;
    }
  }
}

/**
 * Makes each field refuse a credential that may not use it, before its resolver runs.
 *
 * Nothing is remembered of a request, least of all in a `WeakMap` by its context, as plug-ins do it: what such
 * an entry holds outlives the request, because the collector of young objects does not look into tables
 * that have grown old, and copying whole requests made its pauses a quarter longer.
 */
export function guardFields(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const scopes = scopesOf(field);
      if (scopes) guard(field, `${type.name}.${field.name}`, scopes);
    }
  }
  return schema;
}

function guard(field: GraphQLField<unknown, Context>, name: string, scopes: FieldScopes): void {
  const { resolve = defaultFieldResolver, subscribe } = field;
  const refuse = (context: Context) => {
    if (!mayUse(context.viewer, scopes)) throw unauthorized(context, name, scopes);
  };
  field.resolve = (source, args, context, info) => {
    refuse(context);
    return resolve(source, args, context, info);
  };
  if (!subscribe) return;
  field.subscribe = (source, args, context, info) => {
    refuse(context);
    return subscribe(source, args, context, info);
  };
}
