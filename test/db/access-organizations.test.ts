import { afterEach, beforeEach, expect, test } from 'vitest';
import { DAY_MS } from '../../src/kit/clock.ts';
import { toTypeId } from '../../src/kit/ids.ts';
import { given, issuesOf, openRooms } from './access-fixture.ts';

let rooms: Awaited<ReturnType<typeof openRooms>>;

beforeEach(async () => {
  rooms = await openRooms();
});
afterEach(() => rooms.close());

const CHOSEN = 'sk_chosen-by-the-operator-0123456789';

test('an empty database gets one TEST organization and a key that is shown once', async () => {
  const { organizationId, secret } = await rooms.access.bootstrap();
  expect(secret).toMatch(/^sk_test_/);
  expect(await rooms.logIn(secret ?? '')).toMatchObject({ organizationId, mode: 'TEST' });
  expect(await rooms.access.bootstrap()).toEqual({ organizationId, secret: null });
  const organizations = await rooms.db.prisma.organization.findMany();
  expect(organizations).toMatchObject([{ id: organizationId, name: 'Default', mode: 'TEST' }]);
  expect(await rooms.db.prisma.apiKey.count()).toBe(1);
});

test('of processes that start at once on an empty database, one makes organization and key', async () => {
  const processes = Array.from({ length: 6 }, () => rooms.startProcess());
  const made = await Promise.all(processes.map(({ access }) => access.bootstrap()));
  expect(made.filter(({ secret }) => secret !== null)).toHaveLength(1);
  expect(new Set(made.map(({ organizationId }) => organizationId)).size).toBe(1);
  expect(await rooms.db.prisma.organization.count()).toBe(1);
  expect(await rooms.db.prisma.apiKey.count()).toBe(1);
});

test("the operator's key is the first organization's, also when the database has one already", async () => {
  const early = await rooms.access.bootstrap();
  const processes = Array.from({ length: 4 }, () => rooms.startProcess(CHOSEN));
  const made = await Promise.all(processes.map(({ access }) => access.bootstrap()));
  expect(made.filter(({ secret }) => secret === CHOSEN)).toHaveLength(1);
  const { organizationId } = early;
  expect(await rooms.logIn(CHOSEN)).toMatchObject({ organizationId, mode: 'TEST' });
  expect(await rooms.db.prisma.apiKey.count()).toBe(2);
});

test("an empty database with an operator's key gets no other", async () => {
  const { access } = rooms.startProcess(CHOSEN);
  expect((await access.bootstrap()).secret).toBe(CHOSEN);
  expect((await access.bootstrap()).secret).toBe(null);
  expect(await rooms.db.prisma.apiKey.count()).toBe(1);
});

test("the operator's key works even if it looks like a generated one with a wrong checksum", async () => {
  const lookalike = `sk_test_${'a'.repeat(38)}`;
  const { access } = rooms.startProcess(lookalike);
  await access.bootstrap();
  expect(await access.authenticate(`Bearer ${lookalike}`)).toMatchObject({ kind: 'KEY' });
  const stranger = `sk_test_${'b'.repeat(38)}`;
  expect(await access.authenticate(`Bearer ${stranger}`)).toHaveProperty('refusal');
});

test("the operator's key goes to a TEST organization, though a LIVE one is older", async () => {
  await rooms.openOrganization('Live', 'LIVE');
  rooms.clock.advance(DAY_MS);
  const test = await rooms.openOrganization('Test');
  const { access } = rooms.startProcess(CHOSEN);
  expect(await access.bootstrap()).toEqual({
    organizationId: test.organization.id,
    secret: CHOSEN,
  });
});

test("where every organization is LIVE, the operator's key gets a TEST one of its own", async () => {
  await rooms.openOrganization('Live', 'LIVE');
  const { access } = rooms.startProcess(CHOSEN);
  expect((await access.bootstrap()).secret).toBe(CHOSEN);
  expect(await rooms.logIn(CHOSEN)).toMatchObject({ mode: 'TEST' });
  expect((await access.bootstrap()).secret).toBe(null);
  expect(await rooms.db.prisma.organization.count()).toBe(2);
});

test("without an operator's key nothing is made on a database that has an organization", async () => {
  const live = await rooms.openOrganization('Live', 'LIVE');
  const { organizationId, secret } = await rooms.access.bootstrap();
  expect({ organizationId, secret }).toEqual({
    organizationId: live.organization.id,
    secret: null,
  });
  expect(await rooms.db.prisma.organization.count()).toBe(1);
});

test("an operator's key that was revoked stays revoked", async () => {
  const { access } = rooms.startProcess(CHOSEN);
  await access.bootstrap();
  const viewer = await rooms.logIn(CHOSEN);
  const [key] = await access.listAllKeys(null);
  given(await access.revokeApiKey(viewer, { id: toTypeId('apiKey', key?.id ?? '') }));
  expect((await rooms.startProcess(CHOSEN).access.bootstrap()).secret).toBe(null);
  expect(await access.authenticate(`Bearer ${CHOSEN}`)).toHaveProperty('refusal');
});

test('an organization is made once, however many ask for it at once', async () => {
  const processes = Array.from({ length: 3 }, () => rooms.startProcess());
  const made = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      processes[index % 3]?.access.ensureOrganization('Raced', null),
    ),
  );
  const organizations = made.map((outcome) => given(outcome));
  expect(organizations.filter((organization) => organization?.created)).toHaveLength(1);
  expect(new Set(organizations.map((organization) => organization?.id)).size).toBe(1);
});

test('an organization keeps its mode; asking for the other is a conflict', async () => {
  given(await rooms.access.ensureOrganization('Acme', 'LIVE'));
  expect(await rooms.access.ensureOrganization('Acme', null)).toMatchObject({ mode: 'LIVE' });
  expect(await rooms.access.ensureOrganization('Acme', 'TEST')).toMatchObject({
    refusal: 'Conflict',
    path: 'mode',
  });
});

test('an organization changes its name and settlement window, each on its own', async () => {
  const { viewer } = await rooms.openOrganization('Acme');
  await rooms.openOrganization('Taken');
  const read = () => rooms.access.readOrganization(viewer);

  given(await rooms.access.updateOrganization(viewer, { name: 'Acme Inc.' }));
  expect(await read()).toMatchObject({ name: 'Acme Inc.', settlementWindowSeconds: 21_600 });
  given(await rooms.access.updateOrganization(viewer, { settlementWindowSeconds: 0 }));
  expect(await read()).toMatchObject({ name: 'Acme Inc.', settlementWindowSeconds: 0 });
  given(await rooms.access.updateOrganization(viewer, { name: 'Acme Inc.' }));

  const taken = { name: 'Taken', settlementWindowSeconds: 5 };
  expect(await rooms.access.updateOrganization(viewer, taken)).toMatchObject({
    refusal: 'Conflict',
    path: 'name',
  });
  const wrong = { name: '\u0000', settlementWindowSeconds: 2_592_001 };
  expect(issuesOf(await rooms.access.updateOrganization(viewer, wrong))).toEqual([
    'name BAD_CHARACTER',
    'settlementWindowSeconds OUT_OF_RANGE',
  ]);
  expect(await read()).toMatchObject({ name: 'Acme Inc.', settlementWindowSeconds: 0 });
});

test('of two organizations that take one name at once, one gets it', async () => {
  const [a, b] = [await rooms.openOrganization('A'), await rooms.openOrganization('B')];
  const outcomes = await Promise.all(
    [a, b].map(({ viewer }) => rooms.access.updateOrganization(viewer, { name: 'Same' })),
  );
  expect(outcomes.filter((outcome) => 'refusal' in outcome)).toHaveLength(1);
});
