import {
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  type JsonWebKey,
  sign,
} from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AUTHENTICATION_MESSAGES } from '../../src/access/authenticate.ts';
import { CUSTOMER_SCOPES } from '../../src/access/scopes.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../src/kit/clock.ts';
import { fromTypeId, type Id, newId, toTypeId } from '../../src/kit/ids.ts';
import { given, issuesOf, openRooms } from './access-fixture.ts';

let rooms: Awaited<ReturnType<typeof openRooms>>;
let acme: Awaited<ReturnType<typeof rooms.openOrganization>>;
let other: Awaited<ReturnType<typeof rooms.openOrganization>>;
let ada: Id<'customer'>;

beforeAll(async () => {
  rooms = await openRooms();
  acme = await rooms.openOrganization('Acme');
  other = await rooms.openOrganization('Other');
  const made = await rooms.customers.createCustomer(acme.viewer, { externalId: 'ada' });
  ada = given(made).customerId;
});
afterAll(() => rooms.close());

const REF = { externalId: 'ada' };

async function makeToken(input: { scopes?: string[]; expiresInSeconds?: number } = {}) {
  const wanted = { customer: REF, ...input };
  return given(await rooms.access.createCustomerToken(acme.viewer, wanted));
}

async function answerTo(token: string, access = rooms.access) {
  const answer = await access.authenticate(`Bearer ${token}`);
  return 'refusal' in answer ? answer.message : 'let in';
}

const encoded = (part: object | string) =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');

test('a token lets a frontend in as one customer, to read, for 15 minutes', async () => {
  const made = await makeToken();
  const expiresAt = new Date(rooms.clock.now().getTime() + 15 * MINUTE_MS);
  expect(made.expiresAt).toEqual(expiresAt);
  expect(await rooms.access.authenticate(`Bearer ${made.token}`)).toEqual({
    organizationId: acme.organization.id,
    mode: 'TEST',
    kind: 'CUSTOMER',
    keyId: null,
    signingKeyId: fromTypeId('signingKey', String(decodeProtectedHeader(made.token).kid)),
    customerId: ada,
    scopes: new Set(CUSTOMER_SCOPES),
    expiresAt,
  });
  expect(CUSTOMER_SCOPES.every((scope) => scope.endsWith(':read'))).toBe(true);
});

test('the token names its issuer, customer, organization, key and algorithm', async () => {
  const { token, expiresAt } = await makeToken({ scopes: ['wallet:read'], expiresInSeconds: 60 });
  expect(decodeProtectedHeader(token)).toEqual({
    alg: 'EdDSA',
    typ: 'JWT',
    kid: expect.stringMatching(/^sign_[0-9a-z]{26}$/),
  });
  expect(decodeJwt(token)).toEqual({
    iss: 'drawdown',
    sub: toTypeId('customer', ada),
    org: toTypeId('organization', acme.organization.id),
    scope: 'wallet:read',
    iat: expiresAt.getTime() / SECOND_MS - 60,
    exp: expiresAt.getTime() / SECOND_MS,
  });
});

test('a token works until its last millisecond, and then says that it has expired', async () => {
  const { token } = await makeToken({ expiresInSeconds: 10 });
  rooms.clock.advance(10 * SECOND_MS - 1);
  expect(await answerTo(token)).toBe('let in');
  rooms.clock.advance(1);
  expect(await answerTo(token)).toBe(AUTHENTICATION_MESSAGES.EXPIRED_TOKEN);
  const answers = await Promise.all([1, 2, 3].map(() => answerTo(token)));
  expect(new Set(answers)).toEqual(new Set([AUTHENTICATION_MESSAGES.EXPIRED_TOKEN]));
});

test('every changed character of a token makes it invalid', async () => {
  const { token } = await makeToken();
  // The last character of a part carries bits that base64url ignores, so it is left out.
  const places = [...token].flatMap((character, place) =>
    character === '.' || token[place + 1] === '.' || place === token.length - 1 ? [] : [place],
  );
  for (const place of places) {
    const changed = token[place] === 'A' ? 'B' : 'A';
    const tampered = token.slice(0, place) + changed + token.slice(place + 1);
    expect(await answerTo(tampered)).toBe(AUTHENTICATION_MESSAGES.UNKNOWN_TOKEN);
  }
});

test('the algorithm is pinned: none, a symmetric one and another kind of key fail', async () => {
  const { token } = await makeToken();
  const [head = '', body = ''] = token.split('.');
  const { kid } = decodeProtectedHeader(token);
  const unsigned = `${encoded({ alg: 'none', kid })}.${body}.`;

  const [stored] = await rooms.db.prisma.tokenSigningKey.findMany();
  const publicJwk = stored?.publicJwk as { x: string };
  const symmetric = `${encoded({ alg: 'HS256', kid })}.${body}`;
  const mac = createHmac('sha256', Buffer.from(publicJwk.x, 'base64url')).update(symmetric);

  const stranger = generateKeyPairSync('ed25519').privateKey;
  const foreign = sign(null, Buffer.from(`${head}.${body}`), stranger).toString('base64url');
  const attempts = [
    unsigned,
    `${symmetric}.${mac.digest('base64url')}`,
    `${head}.${body}.${foreign}`,
    `${head}.${body}.`,
  ];
  for (const attempt of attempts) {
    expect(await answerTo(attempt)).toBe(AUTHENTICATION_MESSAGES.UNKNOWN_TOKEN);
  }
});

test('a header that names no key of ours, or no key at all, is refused without a fault', async () => {
  const { token } = await makeToken();
  const [, body = '', signature = ''] = token.split('.');
  const unknown = toTypeId('signingKey', newId('signingKey'));
  const kids = [
    undefined,
    null,
    5,
    {},
    '',
    'sign_x',
    unknown,
    toTypeId('customer', ada),
    '__proto__',
  ];
  for (const kid of kids) {
    const attempt = `${encoded({ alg: 'EdDSA', kid })}.${body}.${signature}`;
    expect(await answerTo(attempt)).toBe(AUTHENTICATION_MESSAGES.UNKNOWN_TOKEN);
  }
  const [head = ''] = token.split('.');
  for (const attempt of [`${encoded('[]')}.${body}.x`, `${head}.${encoded('null')}.${signature}`]) {
    expect(await answerTo(attempt)).toBe(AUTHENTICATION_MESSAGES.UNKNOWN_TOKEN);
  }
});

/** A token with a right signature of the organization's own key over any claims. */
async function signedBy(organizationId: string, claims: object): Promise<string> {
  const where = { organizationId };
  const stored = await rooms.db.prisma.tokenSigningKey.findFirstOrThrow({ where });
  const key = createPrivateKey({ key: stored.privateJwk as JsonWebKey, format: 'jwk' });
  const head = { alg: 'EdDSA', typ: 'JWT', kid: toTypeId('signingKey', stored.id) };
  const text = `${encoded(head)}.${encoded(claims)}`;
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
}

test("one organization's key cannot sign for another, nor for a customer who is not there", async () => {
  const stranger = given(
    await rooms.customers.createCustomer(other.viewer, { externalId: 'theirs' }),
  );
  given(
    await rooms.access.createCustomerToken(other.viewer, { customer: { externalId: 'theirs' } }),
  );
  const claims = decodeJwt((await makeToken()).token);
  const mine = acme.organization.id;
  const theirs = other.organization.id;

  expect(await answerTo(await signedBy(mine, claims))).toBe('let in');
  const org = toTypeId('organization', theirs);
  const wrong = [
    await signedBy(theirs, claims),
    await signedBy(theirs, { ...claims, org }),
    await signedBy(mine, { ...claims, org }),
    await signedBy(mine, { ...claims, sub: toTypeId('customer', stranger.customerId) }),
    await signedBy(mine, { ...claims, sub: toTypeId('customer', newId('customer')) }),
    await signedBy(mine, { ...claims, sub: 'ada' }),
    await signedBy(mine, { ...claims, iss: 'somebody' }),
    await signedBy(mine, { ...claims, exp: undefined }),
    await signedBy(mine, { ...claims, exp: 'never' }),
    await signedBy(mine, { ...claims, nbf: Number(claims.exp) }),
  ];
  for (const token of wrong) {
    expect(await answerTo(token)).toBe(AUTHENTICATION_MESSAGES.UNKNOWN_TOKEN);
  }
  const more = await signedBy(mine, { ...claims, scope: 'wallet:read wallet:write key:write' });
  expect((await rooms.logIn(more)).scopes).toEqual(new Set(['wallet:read']));
});

test('the token of a customer who was removed stops working within a second', async () => {
  const made = await rooms.customers.createCustomer(acme.viewer, { externalId: 'gone' });
  const id = given(made).customerId;
  const customer = { id: toTypeId('customer', id) };
  const { token } = given(await rooms.access.createCustomerToken(acme.viewer, { customer }));
  expect(await answerTo(token)).toBe('let in');
  await rooms.db.prisma.customer.delete({ where: { id } });
  rooms.clock.advance(SECOND_MS);
  expect(await answerTo(token)).toBe(AUTHENTICATION_MESSAGES.UNKNOWN_TOKEN);
});

test('processes that need the first signing key at once agree on one', async () => {
  const fresh = await rooms.openOrganization('Fresh');
  given(await rooms.customers.createCustomer(fresh.viewer, { externalId: 'eve' }));
  const processes = [rooms, rooms.startProcess(), rooms.startProcess()];
  const customer = { externalId: 'eve' };
  const tokens = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      processes[index % 3]?.access.createCustomerToken(fresh.viewer, { customer }),
    ),
  );
  const kids = tokens.map((made) => decodeProtectedHeader(given(made)?.token ?? '').kid);
  expect(new Set(kids).size).toBe(1);
  const where = { organizationId: fresh.organization.id };
  expect(await rooms.db.prisma.tokenSigningKey.count({ where })).toBe(1);
});

test('the newest signing key signs, and tokens of the one before it still verify', async () => {
  const before = await makeToken({ expiresInSeconds: 3_600 });
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  rooms.clock.advance(SECOND_MS);
  await rooms.db.prisma.tokenSigningKey.create({
    data: {
      id: newId('signingKey'),
      organizationId: acme.organization.id,
      publicJwk: publicKey.export({ format: 'jwk' }) as object,
      privateJwk: privateKey.export({ format: 'jwk' }) as object,
      createdAt: rooms.clock.now(),
    },
  });
  const after = await makeToken();
  expect(decodeProtectedHeader(after.token).kid).not.toBe(decodeProtectedHeader(before.token).kid);
  expect(await answerTo(before.token)).toBe('let in');
  expect(await answerTo(after.token)).toBe('let in');
});

test('a restricted key gives a token no scope that it lacks', async () => {
  const make = async (scopes: string[]) => {
    const made = await rooms.access.createApiKey(acme.viewer, { name: 'Tokens', scopes });
    return rooms.logIn(given(made).secret ?? '');
  };
  const reader = await make(['token:write', 'wallet:read', 'wallet:write']);
  const { token } = given(await rooms.access.createCustomerToken(reader, { customer: REF }));
  expect((await rooms.logIn(token)).scopes).toEqual(new Set(['wallet:read']));
  const scopes = ['wallet:read', 'usage:read'];
  const more = await rooms.access.createCustomerToken(reader, { customer: REF, scopes });
  expect(issuesOf(more)).toEqual(['scopes.1 NOT_ALLOWED']);
  const bare = await make(['token:write']);
  const none = await rooms.access.createCustomerToken(bare, { customer: REF });
  expect(issuesOf(none)).toEqual(['scopes TOO_FEW']);
});

test.each<[string, { scopes?: string[]; expiresInSeconds?: number }, string[]]>([
  ['no time', { expiresInSeconds: 0 }, ['expiresInSeconds OUT_OF_RANGE']],
  ['a negative time', { expiresInSeconds: -1 }, ['expiresInSeconds OUT_OF_RANGE']],
  ['more than a day', { expiresInSeconds: 86_401 }, ['expiresInSeconds OUT_OF_RANGE']],
  ['NaN', { expiresInSeconds: Number.NaN }, ['expiresInSeconds OUT_OF_RANGE']],
  ['no scope', { scopes: [] }, ['scopes TOO_FEW']],
  ['a scope that writes', { scopes: ['wallet:write'] }, ['scopes.0 NOT_ALLOWED']],
  ['an unknown scope', { scopes: ['wallet:read', ''] }, ['scopes.1 NOT_ALLOWED']],
])('a token with %s is refused', async (_case, input, issues) => {
  const outcome = await rooms.access.createCustomerToken(acme.viewer, { customer: REF, ...input });
  expect(issuesOf(outcome)).toEqual(issues);
});

test("a token for nobody, or for another organization's customer, is refused alike", async () => {
  for (const externalId of ['nobody', '', '\u0000', '\ud800', 'x'.repeat(300)]) {
    const outcome = await rooms.access.createCustomerToken(acme.viewer, {
      customer: { externalId },
    });
    expect(outcome).toMatchObject({ refusal: 'NotFound', what: 'Customer', path: 'customer' });
  }
  const id = toTypeId('customer', ada);
  const outcome = await rooms.access.createCustomerToken(other.viewer, { customer: { id } });
  expect(outcome).toEqual({ refusal: 'NotFound', what: 'Customer', path: 'customer', given: id });
});

test('a day is the longest that a token lives', async () => {
  const { expiresAt } = await makeToken({ expiresInSeconds: DAY_MS / SECOND_MS });
  expect(expiresAt.getTime()).toBe(rooms.clock.now().getTime() + DAY_MS);
});

test('a token outlives the revoked key that made it; without its signing key it ends within a second', async () => {
  const input = { name: 'Frontend', scopes: ['token:write', 'wallet:read'] };
  const made = given(await rooms.access.createApiKey(acme.viewer, input));
  const key = await rooms.logIn(made.secret ?? '');
  const { token } = given(await rooms.access.createCustomerToken(key, { customer: REF }));
  given(await rooms.access.revokeApiKey(acme.viewer, { id: toTypeId('apiKey', made.apiKeyId) }));
  rooms.clock.advance(5 * MINUTE_MS);
  expect(await answerTo(token)).toBe('let in');
  const where = { organizationId: acme.organization.id };
  await rooms.db.prisma.tokenSigningKey.deleteMany({ where });
  rooms.clock.advance(SECOND_MS);
  expect(await answerTo(token)).toBe(AUTHENTICATION_MESSAGES.UNKNOWN_TOKEN);
  expect(await answerTo((await makeToken()).token)).toBe('let in');
});
