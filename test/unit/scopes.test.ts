import { readFileSync } from 'node:fs';
import {
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { type FieldScopes, scopesOf } from '../../schema/scopes.ts';
import { isCustomerScope, SCOPES } from '../../src/access/scopes.ts';

// docs/scopes.md lists what the code says, no more and no less.

const DOC = readFileSync(new URL('../../docs/scopes.md', import.meta.url), 'utf8');
const ROWS = [...DOC.matchAll(/^\| `([\w:]+)` \| (\w*) ?\| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, scope = '', mark = '', allows = '', opens = '']) => ({ scope, mark, allows, opens }),
);

/** Every field that `isMeant`, as the document names it: `usageEvents`, `UsageEvent.customer`. */
function fieldsWhere(isMeant: (scopes: FieldScopes) => boolean): string[] {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => isObjectType(type) || isInterfaceType(type),
  );
  const names = types.flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => isMeant(scopesOf(field) ?? {}) && !isInherited(type, field.name))
      .map(({ name }) => (isRoot(type) ? name : `${type.name}.${name}`)),
  );
  return [...new Set(names)].sort();
}

function isRoot({ name }: { name: string }): boolean {
  return ['Query', 'Mutation', 'Subscription'].includes(name);
}

function isInherited(type: GraphQLObjectType | GraphQLInterfaceType, field: string): boolean {
  return type.getInterfaces().some((each) => each.getFields()[field] !== undefined);
}

function fieldsIn(text: string): string[] {
  return [...text.matchAll(/`([\w.]+)`/g)].map((match) => match[1] ?? '').sort();
}

test('the document has a row for each scope, and marks those of customer tokens', () => {
  expect(ROWS.map(({ scope }) => scope)).toEqual(SCOPES);
  for (const { scope, mark } of ROWS)
    expect(mark, scope).toBe(isCustomerScope(scope) ? 'token' : '');
});

test.each(SCOPES)('the document names the fields that %s opens', (scope) => {
  const row = ROWS.find((each) => each.scope === scope);
  const fields = fieldsWhere(({ can }) => can === scope);
  expect(fields).not.toEqual([]);
  expect(fieldsIn(row?.opens ?? '')).toEqual(fields);
});

test('the document names the fields for keys, and those for any credential', () => {
  const forKeys = DOC.split('not for customer tokens:')[1]?.split('\n\n')[0];
  expect(fieldsIn(forKeys ?? '')).toEqual(fieldsWhere(({ merchant }) => merchant === true));
  const forAny = DOC.split('every event. ')[1]?.split(' take any')[0];
  expect(fieldsIn(forAny ?? '')).toEqual(
    fieldsWhere(({ anyCredential }) => anyCredential === true),
  );
});

test('what an interface guards is guarded in every type that implements it', () => {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  const inherited = types.flatMap((type) =>
    type.getInterfaces().flatMap((each) =>
      Object.values(each.getFields())
        .filter((field) => scopesOf(field))
        .map((field) => ({ type, field })),
    ),
  );
  expect(inherited).not.toEqual([]);
  for (const { type, field } of inherited) {
    const own = type.getFields()[field.name];
    expect(own && scopesOf(own), `${type.name}.${field.name}`).toEqual(scopesOf(field));
  }
});
