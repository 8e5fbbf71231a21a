import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCOPES, type Scope } from '../../src/access/scopes.ts';
import { KEY, startApi, type TestApi } from '../support/api.ts';
import { documentsOf, type Place, placesOfSchema } from '../support/graph-documents.ts';
import { answerTo, resolveCall } from '../support/tenant-caller.ts';
import { CALLS } from '../support/tenant-calls.ts';
import type { World } from '../support/tenant-cursors.ts';
import { WITH_CODES } from '../support/tenant-withdrawals.ts';
import { createWorld } from '../support/tenant-world.ts';

// Every root field with every scope alone: which of them open it, and what nobody is told.

const ROOTS = placesOfSchema().filter(({ name }) =>
  /^(?:Query|Mutation|Subscription)\./.test(name),
);

/** Open to whoever shows a credential; what they find depends on the noun. */
const BY_NOUN = new Set(['Query.node', 'Query.nodes']);

let api: TestApi;
let world: World;
let keys: Map<Scope, string>;

beforeAll(async () => {
  api = await startApi({ environment: WITH_CODES });
  world = await createWorld(api.ask, KEY, 'scoped', api.databaseUrl);
  keys = new Map();
  for (const scope of SCOPES) {
    const { data } = await api.ask(
      `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
        ... on CreateApiKeyPayload { secret }
      } }`,
      { input: { name: scope, scopes: [scope] } },
    );
    keys.set(scope, data.createApiKey.secret);
  }
});
afterAll(() => api.stop());

function variablesOf(place: Place): object {
  return resolveCall(CALLS[place.name]?.[0] ?? {}, world) as object;
}

/** The code of the error that stands at the root, if any. */
async function codeOf(place: Place, key: string | null): Promise<string | null> {
  // Of a field that is asked for in parts the first says as much as the others.
  const [answer = ''] = (await answerTo(api, place, variablesOf(place), key, 1)).split('\n');
  const { errors } = JSON.parse(answer);
  return errors?.[0]?.path?.length === 1 || errors?.[0]?.path === undefined
    ? (errors?.[0]?.extensions.code ?? null)
    : null;
}

test.each(ROOTS)(
  '$name is opened by one scope, and refused as FORBIDDEN without it',
  async (place) => {
    const opening: Scope[] = [];
    for (const [scope, key] of keys) {
      const code = await codeOf(place, key);
      if (code === null) opening.push(scope);
      else expect(code, scope).toBe('FORBIDDEN');
    }
    if (BY_NOUN.has(place.name)) {
      expect(opening).toEqual(SCOPES);
      return;
    }
    expect(opening).toHaveLength(1);
    expect(opening[0]).toMatch(place.kind === 'mutation' ? /:write$/ : /:read$/);
  },
);

test.each(ROOTS)('$name is UNAUTHENTICATED to whoever shows nothing', async (place) => {
  expect(await codeOf(place, null)).toBe('UNAUTHENTICATED');
  if (place.kind === 'subscription') return;
  for (const document of documentsOf(place, 1)) {
    const { status, data } = await api.ask(document, variablesOf(place), null);
    expect(status).toBe(401);
    expect(Object.values(data ?? {}).filter((value) => value !== null)).toEqual([]);
  }
});

test('introspection is open to everybody', async () => {
  const { data } = await api.ask('{ __typename __schema { queryType { name } } }', {}, null);
  expect(data).toEqual({ __typename: 'Query', __schema: { queryType: { name: 'Query' } } });
});

test('an id finds something for one scope only, whatever its noun', async () => {
  for (const call of CALLS['Query.node'] ?? []) {
    const { id } = resolveCall(call, world) as { id: string };
    const finding: Scope[] = [];
    for (const [scope, key] of keys) {
      const { data } = await api.ask(
        'query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }',
        { id },
        key,
      );
      expect(data.nodes).toEqual([data.node]);
      if (data.node !== null) finding.push(scope);
    }
    // Nobody reads the keys that sign tokens.
    expect(finding, id).toHaveLength(id.startsWith('sign_') ? 0 : 1);
    if (finding[0]) expect(finding[0]).toMatch(/:read$/);
  }
});
