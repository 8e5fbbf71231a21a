import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ask, KEY, startApi, type TestApi } from '../support/api.ts';
import {
  documentOf,
  MERCHANTS_ONLY,
  type Place,
  placesOfSchema,
} from '../support/graph-documents.ts';
import { dumpOrganization } from '../support/stored-organization.ts';
import {
  answerTo,
  DocumentRefused,
  namesIn,
  resolveCall,
  TAILS,
  type Trespass,
  trespassesOf,
} from '../support/tenant-caller.ts';
import { CALLS } from '../support/tenant-calls.ts';
import type { World } from '../support/tenant-cursors.ts';
import { unknownTo } from '../support/tenant-unknown.ts';
import { WITH_CODES } from '../support/tenant-withdrawals.ts';
import { createGhosts, createNeighbour, createWorld } from '../support/tenant-world.ts';

// Two organizations with one of everything. Whatever the graph takes, the one is tried with the other's.

const PLACES = placesOfSchema();
/** Where a document is kept shallow though a deeper one would be let through: there it takes seconds and says the same. */
const DEPTHS: Readonly<Record<string, number>> = {
  'Query.node': 2,
  'Query.nodes': 2,
  'Query.events': 2,
  'Query.wallet': 3,
  'Query.subscription': 3,
  'Query.payment': 3,
  'Query.payments': 3,
  'Query.paymentMismatches': 3,
  'Query.customer': 3,
  'Query.paymentLinks': 3,
  'Customer.history': 2,
  'Customer.paymentLinks': 3,
  // Deeper lead prices, which are not for tokens.
  'Customer.usage': 2,
};
const DEEPEST = 4;
const callsOf = (place: Place) => CALLS[place.name] ?? [];

let api: TestApi;
let ask: Ask;
let otherKey: string;
let token: string;
let mine: World;
let neighbour: World;
let others: World;
let nobodys: World;

beforeAll(async () => {
  api = await startApi({ environment: WITH_CODES });
  ask = api.ask;
  otherKey = await api.otherKey('Burglar');
  mine = await createWorld(ask, KEY, 'mine', api.databaseUrl);
  neighbour = await createNeighbour(ask, KEY, 'neighbour', mine, api.databaseUrl);
  others = await createWorld(ask, otherKey, 'others', api.databaseUrl);
  nobodys = createGhosts(mine);
  const { data } = await ask(
    `mutation ($id: ID!) { createCustomerToken(input: { customer: { id: $id } }) {
      ... on CreateCustomerTokenPayload { token }
    } }`,
    { id: neighbour.customer.id },
  );
  token = data.createCustomerToken.token;
});
afterAll(() => api.stop());

/** What is answered about mine must be what is answered about nobody's, but for the echo of the name. */
async function expectNothing(place: Place, trespass: Trespass, key: string): Promise<void> {
  const { title, theirs, nobodys: nothing, theirName, nobodysName } = trespass;
  // What is not there has nothing below it, whatever it might have been.
  const depth = place.name === 'Query.node' || place.name === 'Query.nodes' ? 1 : 2;
  const about = await answerTo(api, place, theirs, key, depth);
  const aboutNobody = await answerTo(api, place, nothing, key, depth);
  const blank = about.replaceAll(theirName, '<name>');
  expect(blank, title).toBe(aboutNobody.replaceAll(nobodysName, '<name>'));
  const leaked = namesIn(mine, neighbour).filter(
    (name) => name !== theirName && blank.includes(name),
  );
  expect(leaked, title).toEqual([]);
}

/** Every query, asked with what is in a world, as deep as it goes. */
async function* readAll(world: World, key: string) {
  for (const place of PLACES.filter(({ kind }) => kind === 'query')) {
    for (const call of callsOf(place)) {
      const variables = resolveCall(call, world) as object;
      yield { name: place.name, text: await deepAnswerTo(place, variables, key) };
    }
  }
}

/** As deep as the server lets a document go: types with many members make it too large sooner. */
async function deepAnswerTo(
  place: Place,
  variables: object,
  key: string,
  depth = DEPTHS[place.name] ?? DEEPEST,
): Promise<string> {
  try {
    return await answerTo(api, place, variables, key, depth);
  } catch (error) {
    if (!(error instanceof DocumentRefused) || depth === 2) throw error;
    return deepAnswerTo(place, variables, key, depth - 1);
  }
}

test('the walk knows every root field, every field with arguments, and every text that they take', () => {
  expect(PLACES.length).toBeGreaterThan(30);
  expect(PLACES.flatMap(unknownTo)).toEqual([]);
  const names = new Set(PLACES.map((place) => place.name));
  expect(Object.keys(CALLS).filter((name) => !names.has(name))).toEqual([]);
});

test('both worlds are whole: nothing that a call refers to is missing', () => {
  for (const [thing, names] of [...Object.entries(mine), ...Object.entries(others)]) {
    expect(names.id || names.code, thing).not.toBe('');
  }
  expect(namesIn(mine, others).length).toBe(namesIn(mine).length);
});

describe("with another organization's key", () => {
  test.each(PLACES.filter((place) => place.kind !== 'mutation'))(
    '$name answers about mine as about what is nowhere',
    async (place) => {
      for (const call of callsOf(place)) {
        for (const trespass of trespassesOf(place, call, { own: others, theirs: mine, nobodys })) {
          await expectNothing(place, trespass, otherKey);
        }
      }
    },
  );

  test.each(PLACES.filter((place) => place.kind === 'mutation'))(
    '$name refuses mine as what is nowhere, and changes nothing of anybody',
    async (place) => {
      const state = () =>
        Promise.all(
          [mine, others].map((world) => dumpOrganization(api.databaseUrl, world.organization.id)),
        );
      const before = await state();
      for (const call of callsOf(place)) {
        for (const trespass of trespassesOf(place, call, { own: others, theirs: mine, nobodys })) {
          await expectNothing(place, trespass, otherKey);
        }
      }
      expect(await state()).toEqual(before);
    },
  );

  test('nothing of mine is in anything that it can list, however deep', async () => {
    for await (const { name, text } of readAll(others, otherKey)) {
      expect(
        namesIn(mine).filter((secret) => text.includes(secret)),
        name,
      ).toEqual([]);
    }
  });

  test.each(PLACES)('$name succeeds with its own, and mine stays as it is', async (place) => {
    const before = await dumpOrganization(api.databaseUrl, mine.organization.id);
    for (const call of callsOf(place)) {
      const text = await answerTo(api, place, resolveCall(call, others) as object, otherKey);
      expect(text).not.toMatch(/"errors":|"__typename":"\w+Error"/);
      const finds = JSON.stringify(call) !== '{}' && !('first' in call) && !('last' in call);
      const isHidden = JSON.stringify(resolveCall(call, others)).includes('"sign_');
      if (place.kind === 'query' && finds && !isHidden)
        expect(text).toMatch(/"(?:id|settled|listPrice)":"|\["ALLOW"\]/);
    }
    // What a tail is given to tell is told in all worlds.
    if (TAILS.has(place.name)) return;
    expect(await dumpOrganization(api.databaseUrl, mine.organization.id)).toEqual(before);
  });
});

describe('with the token of another customer of mine', () => {
  test.each(PLACES.filter((place) => place.kind !== 'mutation'))(
    '$name answers about the first as about nobody',
    async (place) => {
      for (const call of callsOf(place)) {
        for (const trespass of trespassesOf(place, call, {
          own: neighbour,
          theirs: mine,
          nobodys,
        })) {
          await expectNothing(place, trespass, token);
        }
      }
    },
  );

  test('nothing of the first is in anything that it can see, along every relation', async () => {
    let seen = 0;
    for await (const { name, text } of readAll(neighbour, token)) {
      expect(
        namesIn(mine, neighbour).filter((secret) => text.includes(secret)),
        name,
      ).toEqual([]);
      // What is closed is closed at the root: nothing half seen below.
      const errors = text
        .split('\n')
        .flatMap((line) => (JSON.parse(line) as { errors?: { path: string[] }[] }).errors ?? []);
      expect(
        errors.filter(({ path }) => path.length > 1),
        name,
      ).toEqual([]);
      if (text.includes(neighbour.customer.id)) seen += 1;
    }
    expect(seen).toBeGreaterThan(5);
  });

  test.each([...MERCHANTS_ONLY])('%s is refused, also of its own', async (coordinate) => {
    const [type = '', field = ''] = coordinate.split('.');
    const own = {
      AlertRule: 'alertRule',
      Customer: 'customer',
      CreditGrant: 'grant',
      Adjustment: 'adjustment',
      PlanSubscription: 'subscription',
      Hold: 'hold',
      Payment: 'payment',
      PaymentLink: 'paymentLink',
      PaymentRefund: 'paymentRefund',
      Withdrawal: 'withdrawal',
    } as const;
    const { id } = neighbour[own[type as keyof typeof own]];
    const document = `query ($id: ID!) { node(id: $id) { id ... on ${type} { ${field} } } }`;
    const answer = await ask(document, { id }, token);
    expect(answer.errors?.map((error) => error.extensions.code)).toEqual(['FORBIDDEN']);
    expect(JSON.stringify(answer)).not.toMatch(/77\.25|neighbour[ -]secret/);
    expect(JSON.stringify(await ask(document, { id }))).toMatch(/77\.25|neighbour[ -]secret/);
  });

  test('no mutation is open to it, and nothing changes', async () => {
    const before = await dumpOrganization(api.databaseUrl, mine.organization.id);
    for (const place of PLACES.filter(({ kind }) => kind === 'mutation')) {
      for (const call of callsOf(place)) {
        const { errors } = await ask(
          documentOf(place),
          resolveCall(call, neighbour) as object,
          token,
        );
        expect(
          errors?.map((error) => error.extensions.code),
          place.name,
        ).toEqual(['FORBIDDEN']);
      }
    }
    expect(await dumpOrganization(api.databaseUrl, mine.organization.id)).toEqual(before);
  });
});
