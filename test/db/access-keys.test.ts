import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateSecret } from '../../src/access/api-key.ts';
import { AUTHENTICATION_MESSAGES } from '../../src/access/authenticate.ts';
import { SCOPES } from '../../src/access/scopes.ts';
import type { Viewer } from '../../src/access/viewer.ts';
import { DAY_MS, SECOND_MS } from '../../src/kit/clock.ts';
import { newId, toTypeId } from '../../src/kit/ids.ts';
import { given, issuesOf, openRooms } from './access-fixture.ts';

let rooms: Awaited<ReturnType<typeof openRooms>>;
let acme: Awaited<ReturnType<typeof rooms.openOrganization>>;

beforeAll(async () => {
  rooms = await openRooms();
  acme = await rooms.openOrganization('Acme');
});
afterAll(() => rooms.close());

async function makeKey(scopes: string[] | null = null, viewer: Viewer = acme.viewer) {
  const made = given(await rooms.access.createApiKey(viewer, { name: 'Made', scopes }));
  return { id: toTypeId('apiKey', made.apiKeyId), keyId: made.apiKeyId, secret: made.secret ?? '' };
}

async function answerTo(authorization: string | undefined, access = rooms.access) {
  const answer = await access.authenticate(authorization);
  return 'refusal' in answer ? answer.message : 'let in';
}

test('a secret key has every scope in its own organization', async () => {
  const live = await rooms.openOrganization('Acme live', 'LIVE');
  expect(live.secret).toMatch(/^sk_live_/);
  expect(live.viewer).toEqual({
    organizationId: live.organization.id,
    mode: 'LIVE',
    kind: 'KEY',
    keyId: live.apiKeyId,
    signingKeyId: null,
    customerId: null,
    scopes: new Set(SCOPES),
    expiresAt: null,
  });
});

test('a key with scopes is a restricted one, and has those only', async () => {
  const { secret } = await makeKey(['usage:write', 'wallet:read', 'usage:write']);
  expect(secret).toMatch(/^rk_test_/);
  const viewer = await rooms.logIn(secret);
  expect(viewer.scopes).toEqual(new Set(['usage:write', 'wallet:read']));
});

test('no table ever holds a secret: what is stored is its hash', async () => {
  const input = { name: 'Kept nowhere', idempotencyKey: 'kept-nowhere' };
  const made = given(await rooms.access.createApiKey(acme.viewer, input));
  const text = `SELECT to_jsonb(k)::text AS row FROM api_keys k
    UNION ALL SELECT to_jsonb(i)::text FROM idempotency_keys i`;
  const rows = await rooms.db.direct.query<{ row: string }>({ name: 'test.rows', text }, []);
  expect(rows.some(({ row }) => row.includes(made.apiKeyId))).toBe(true);
  expect(rows.filter(({ row }) => row.includes(made.secret?.slice(8) ?? ''))).toEqual([]);
});

test('a repeat with the same idempotency key finds the key, but not its secret', async () => {
  const input = { name: 'Once', scopes: ['usage:write'], idempotencyKey: 'once' };
  const first = given(await rooms.access.createApiKey(acme.viewer, input));
  const second = given(await rooms.access.createApiKey(acme.viewer, input));
  expect(second).toEqual({ apiKeyId: first.apiKeyId, secret: null });
  const other = { ...input, scopes: ['usage:read'] };
  expect(await rooms.access.createApiKey(acme.viewer, other)).toMatchObject({
    refusal: 'IdempotencyMismatch',
    field: 'scopes',
  });
});

test('each way of not being let in has its message; a revoked key answers like an unknown one', async () => {
  const revoked = await makeKey();
  given(await rooms.access.revokeApiKey(acme.viewer, { id: revoked.id }));
  const wrong = `${generateSecret('SECRET', 'TEST').slice(0, -1)}!`;
  const misspelt = acme.secret.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
  const table: [string | undefined, keyof typeof AUTHENTICATION_MESSAGES][] = [
    [undefined, 'MISSING'],
    ['', 'MISSING'],
    [acme.secret, 'SCHEME'],
    [`Basic ${acme.secret}`, 'SCHEME'],
    ['Bearer', 'SCHEME'],
    ['Bearer hello', 'MALFORMED'],
    ['Bearer sk_short', 'MALFORMED'],
    [`Bearer ${misspelt}`, 'MALFORMED'],
    [`Bearer rk_${'a'.repeat(40)}`, 'MALFORMED'],
    [`Bearer sk_${'a'.repeat(10_000)}`, 'MALFORMED'],
    [`Bearer ${wrong}`, 'UNKNOWN_KEY'],
    [`Bearer ${generateSecret('SECRET', 'TEST')}`, 'UNKNOWN_KEY'],
    [`Bearer sk_${'x'.repeat(40)}`, 'UNKNOWN_KEY'],
    [`Bearer ${revoked.secret}`, 'UNKNOWN_KEY'],
  ];
  for (const [authorization, message] of table) {
    expect(await answerTo(authorization)).toBe(AUTHENTICATION_MESSAGES[message]);
  }
  expect(await answerTo(`bearer   ${acme.secret} `)).toBe('let in');
});

test('a malformed key is refused although the database is away; a plausible one asks it', async () => {
  const { access, stop } = rooms.startProcess();
  await stop();
  const misspelt = acme.secret.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
  expect(await answerTo(`Bearer ${misspelt}`, access)).toBe(AUTHENTICATION_MESSAGES.MALFORMED);
  await expect(access.authenticate(`Bearer ${acme.secret}`)).rejects.toThrow();
});

test('a revocation holds at once in its process, and within a second in every other', async () => {
  const other = rooms.startProcess();
  const key = await makeKey();
  expect(await answerTo(`Bearer ${key.secret}`)).toBe('let in');
  expect(await answerTo(`Bearer ${key.secret}`, other.access)).toBe('let in');
  given(await rooms.access.revokeApiKey(acme.viewer, { id: key.id }));
  expect(await answerTo(`Bearer ${key.secret}`)).toBe(AUTHENTICATION_MESSAGES.UNKNOWN_KEY);
  rooms.clock.advance(SECOND_MS);
  const later = await answerTo(`Bearer ${key.secret}`, other.access);
  expect(later).toBe(AUTHENTICATION_MESSAGES.UNKNOWN_KEY);
});

test('revoking twice is revoking once: the first time stands', async () => {
  const key = await makeKey();
  given(await rooms.access.revokeApiKey(acme.viewer, { id: key.id }));
  const revokedAt = rooms.clock.now();
  rooms.clock.advance(DAY_MS);
  expect(await rooms.access.revokeApiKey(acme.viewer, { id: key.id })).toEqual({
    apiKeyId: key.keyId,
  });
  expect(await rooms.access.readApiKey(acme.viewer, key.keyId)).toMatchObject({ revokedAt });
});

test('a stolen key that was revoked elsewhere cannot make its successor in its last second', async () => {
  const other = rooms.startProcess();
  const key = await makeKey();
  const thief = given(await other.access.authenticate(`Bearer ${key.secret}`));
  given(await rooms.access.revokeApiKey(acme.viewer, { id: key.id }));
  expect(await answerTo(`Bearer ${key.secret}`, other.access)).toBe('let in');
  const attempt = await other.access.createApiKey(thief, { name: 'Successor' });
  expect(issuesOf(attempt)).toEqual(['scopes NOT_ALLOWED']);
});

test('a rolled key works on for the overlap, then says that it has expired', async () => {
  const old = await makeKey(['usage:write']);
  const rolled = given(
    await rooms.access.rollApiKey(acme.viewer, { id: old.id, overlapSeconds: 3_600 }),
  );
  expect(rolled.previousId).toBe(old.keyId);
  expect(rolled.secret).toMatch(/^rk_test_/);
  expect((await rooms.logIn(rolled.secret ?? '')).scopes).toEqual(new Set(['usage:write']));

  rooms.clock.advance(3_600 * SECOND_MS - 1);
  expect(await answerTo(`Bearer ${old.secret}`)).toBe('let in');
  rooms.clock.advance(1);
  expect(await answerTo(`Bearer ${old.secret}`)).toBe(AUTHENTICATION_MESSAGES.EXPIRED_KEY);
  expect(await answerTo(`Bearer ${rolled.secret}`)).toBe('let in');
});

test('the overlap is a day when nobody says otherwise, none when they say 0, at most 7 days', async () => {
  const [day, none, long] = [await makeKey(), await makeKey(), await makeKey()];
  given(await rooms.access.rollApiKey(acme.viewer, { id: day.id }));
  const row = await rooms.access.readApiKey(acme.viewer, day.keyId);
  expect(row?.expiresAt?.getTime()).toBe(rooms.clock.now().getTime() + DAY_MS);

  given(await rooms.access.rollApiKey(acme.viewer, { id: none.id, overlapSeconds: 0 }));
  expect(await answerTo(`Bearer ${none.secret}`)).toBe(AUTHENTICATION_MESSAGES.EXPIRED_KEY);

  for (const overlapSeconds of [-1, 604_801, 1.5, Number.NaN]) {
    const outcome = await rooms.access.rollApiKey(acme.viewer, { id: long.id, overlapSeconds });
    expect(issuesOf(outcome)).toEqual(['overlapSeconds OUT_OF_RANGE']);
  }
  expect(await answerTo(`Bearer ${long.secret}`)).toBe('let in');
});

test('of twenty rolls at once one makes the successor; a revoked key cannot be rolled', async () => {
  const key = await makeKey();
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () => rooms.access.rollApiKey(acme.viewer, { id: key.id })),
  );
  const refused = outcomes.filter((outcome) => 'refusal' in outcome);
  expect(refused).toHaveLength(19);
  expect(new Set(refused.map((outcome) => 'refusal' in outcome && outcome.refusal))).toEqual(
    new Set(['Conflict']),
  );
  const revoked = await makeKey();
  given(await rooms.access.revokeApiKey(acme.viewer, { id: revoked.id }));
  expect(await rooms.access.rollApiKey(acme.viewer, { id: revoked.id })).toMatchObject({
    refusal: 'Conflict',
  });
});

test('a restricted key cannot make, roll or revoke a key that may do more than itself', async () => {
  const strong = await makeKey();
  const broad = await makeKey(['key:write', 'wallet:write']);
  const peer = await makeKey(['usage:write']);
  const viewer = await rooms.logIn((await makeKey(['key:write', 'usage:write'])).secret);
  const { access } = rooms;

  const name = 'Escalated';
  expect(issuesOf(await access.createApiKey(viewer, { name }))).toEqual(['scopes NOT_ALLOWED']);
  const more = { name, scopes: ['usage:write', 'wallet:write'] };
  expect(issuesOf(await access.createApiKey(viewer, more))).toEqual(['scopes NOT_ALLOWED']);
  for (const { id } of [strong, broad]) {
    expect(issuesOf(await access.rollApiKey(viewer, { id }))).toEqual(['id NOT_ALLOWED']);
    expect(issuesOf(await access.revokeApiKey(viewer, { id }))).toEqual(['id NOT_ALLOWED']);
  }
  expect(await answerTo(`Bearer ${strong.secret}`)).toBe('let in');

  given(await access.createApiKey(viewer, { name, scopes: ['usage:write'] }));
  given(await access.rollApiKey(viewer, { id: peer.id }));
  given(await access.revokeApiKey(viewer, { id: peer.id }));
});

test('a restricted key that has every scope of today is still no secret key', async () => {
  const viewer = await rooms.logIn((await makeKey([...SCOPES])).secret);
  const outcome = await rooms.access.createApiKey(viewer, { name: 'All' });
  expect(issuesOf(outcome)).toEqual(['scopes NOT_ALLOWED']);
});

test("another organization's key answers like one that does not exist", async () => {
  const other = await rooms.openOrganization('Other');
  const theirs = await makeKey(null, other.viewer);
  for (const id of [theirs.id, toTypeId('apiKey', newId('apiKey')), 'key_x', '\u0000', '']) {
    const missing = { refusal: 'NotFound', what: 'ApiKey', path: 'id', given: id };
    expect(await rooms.access.revokeApiKey(acme.viewer, { id })).toEqual(missing);
    expect(await rooms.access.rollApiKey(acme.viewer, { id })).toEqual(missing);
  }
  expect(await rooms.access.readApiKey(acme.viewer, theirs.keyId)).toBe(null);
  expect(await answerTo(`Bearer ${theirs.secret}`)).toBe('let in');
});

test('the time of last use is written at most once a minute for a key', async () => {
  const key = await makeKey();
  const lastUse = async () => {
    await rooms.access.settled();
    const row = await rooms.access.readApiKey(acme.viewer, key.keyId);
    return row?.lastUsedAt ?? null;
  };
  expect(await lastUse()).toBe(null);
  const first = rooms.clock.now();
  await answerTo(`Bearer ${key.secret}`);
  expect(await lastUse()).toEqual(first);

  rooms.clock.advance(59 * SECOND_MS);
  await answerTo(`Bearer ${key.secret}`);
  expect(await lastUse()).toEqual(first);

  rooms.clock.advance(SECOND_MS);
  await answerTo(`Bearer ${key.secret}`);
  expect(await lastUse()).toEqual(rooms.clock.now());
});

test.each<[string, { name: string; scopes?: string[] }, string[]]>([
  ['an empty name', { name: '' }, ['name TOO_SHORT']],
  ['a long name', { name: 'x'.repeat(101) }, ['name TOO_LONG']],
  ['NUL in the name', { name: 'a\u0000' }, ['name BAD_CHARACTER']],
  ['a lone surrogate in the name', { name: '\ud800' }, ['name BAD_CHARACTER']],
  ['no scope', { name: 'x', scopes: [] }, ['scopes TOO_FEW']],
  ['an unknown scope', { name: 'x', scopes: ['usage:read', '*'] }, ['scopes.1 NOT_ALLOWED']],
  ['the name of a prototype', { name: 'x', scopes: ['__proto__'] }, ['scopes.0 NOT_ALLOWED']],
])('%s is refused, and no key is made', async (_case, input, issues) => {
  const count = () => rooms.db.prisma.apiKey.count();
  const before = await count();
  expect(issuesOf(await rooms.access.createApiKey(acme.viewer, input))).toEqual(issues);
  expect(await count()).toBe(before);
});
