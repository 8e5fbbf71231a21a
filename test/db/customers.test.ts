import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../src/access/viewer.ts';
import type { CreateCustomerInput } from '../../src/customers/write.ts';
import { MINUTE_MS } from '../../src/kit/clock.ts';
import { newId, toTypeId } from '../../src/kit/ids.ts';
import { given, issuesOf, openRooms } from './access-fixture.ts';

let rooms: Awaited<ReturnType<typeof openRooms>>;
let viewer: Viewer;
let stranger: Viewer;

beforeAll(async () => {
  rooms = await openRooms();
  viewer = (await rooms.openOrganization('Acme')).viewer;
  stranger = (await rooms.openOrganization('Other')).viewer;
});
afterAll(() => rooms.close());

async function create(input: CreateCustomerInput, by = viewer) {
  return given(await rooms.customers.createCustomer(by, input));
}

test('a customer is created once; a second call answers the first, unchanged', async () => {
  const first = await create({
    externalId: 'ada',
    name: 'Ada',
    email: 'ada@example.com',
    metadata: { plan: 'pro', seats: 3, nested: { list: [1, 'two', null, true] } },
  });
  expect(first.created).toBe(true);
  const again = await create({ externalId: 'ada', name: 'Somebody else', metadata: { plan: 'x' } });
  expect(again).toEqual({ customerId: first.customerId, created: false });
  expect(await rooms.customers.readCustomer(viewer, first.customerId)).toMatchObject({
    externalId: 'ada',
    name: 'Ada',
    email: 'ada@example.com',
    metadata: { plan: 'pro', seats: 3, nested: { list: [1, 'two', null, true] } },
    createdAt: rooms.clock.now(),
    updatedAt: rooms.clock.now(),
  });
});

test('fifty clients that create one customer at once, in two processes, make one row', async () => {
  const processes = [rooms, rooms.startProcess()];
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      processes[index % 2]?.customers.createCustomer(viewer, {
        externalId: 'raced',
        name: `Client ${index}`,
      }),
    ),
  );
  const made = outcomes.map((outcome) => given(outcome));
  expect(made.filter((one) => one?.created)).toHaveLength(1);
  expect(new Set(made.map((one) => one?.customerId)).size).toBe(1);
  expect(await rooms.db.prisma.customer.count({ where: { externalId: 'raced' } })).toBe(1);
});

test('two organizations have their own customer of one external id', async () => {
  const mine = await create({ externalId: 'shared' });
  const theirs = await create({ externalId: 'shared' }, stranger);
  expect(theirs.created).toBe(true);
  expect(theirs.customerId).not.toBe(mine.customerId);
});

test('an idempotency key answers the first outcome, and names the field that differs', async () => {
  const input = { externalId: 'keyed', name: 'Keyed', idempotencyKey: 'create-keyed' };
  const first = await create(input);
  expect(await create(input)).toEqual(first);
  const other = { ...input, name: 'Other' };
  expect(await rooms.customers.createCustomer(viewer, other)).toMatchObject({
    refusal: 'IdempotencyMismatch',
    field: 'name',
  });
  expect((await create({ ...input, externalId: 'keyed-2' }, stranger)).created).toBe(true);
});

test('an update changes what it names, clears what is null and keeps the rest', async () => {
  const externalId = 'updated';
  const { customerId } = await create({
    externalId,
    name: 'Grace',
    email: 'grace@example.com',
    metadata: { a: 1 },
  });
  rooms.clock.advance(MINUTE_MS);
  const update = (input: object) =>
    rooms.customers.updateCustomer(viewer, { customer: { externalId }, ...input });
  const read = () => rooms.customers.readCustomer(viewer, customerId);

  given(await update({ name: null }));
  const updatedAt = rooms.clock.now();
  const kept = { email: 'grace@example.com', metadata: { a: 1 } };
  expect(await read()).toMatchObject({ name: null, ...kept, updatedAt });
  given(await update({ metadata: { b: 2 }, email: 'hopper@example.com' }));
  expect(await read()).toMatchObject({ email: 'hopper@example.com', metadata: { b: 2 } });
  given(await update({ metadata: null, email: null, name: 'Hopper' }));
  expect(await read()).toMatchObject({ email: null, metadata: {}, name: 'Hopper' });
});

test('a customer is found by id and by external id, and only by their own organization', async () => {
  const { customerId } = await create({ externalId: 'found' });
  const id = toTypeId('customer', customerId);
  const { resolveCustomer } = rooms.customers;
  expect(await resolveCustomer(viewer, { id })).toBe(customerId);
  expect(await resolveCustomer(viewer, { externalId: 'found' })).toBe(customerId);
  expect(await resolveCustomer(stranger, { id }, 'events.3.customer')).toEqual({
    refusal: 'NotFound',
    what: 'Customer',
    path: 'events.3.customer',
    given: id,
  });
  expect(await resolveCustomer(stranger, { externalId: 'found' })).toMatchObject({
    refusal: 'NotFound',
    given: 'found',
  });
});

test('a customer token sees its own customer and nobody else', async () => {
  const own = await create({ externalId: 'own' });
  const foreign = await create({ externalId: 'foreign' });
  const customer = { externalId: 'own' };
  const { token } = given(await rooms.access.createCustomerToken(viewer, { customer }));
  const holder = await rooms.logIn(token);
  const { customers } = rooms;
  expect(await customers.resolveCustomer(holder, customer)).toBe(own.customerId);
  expect(await customers.resolveCustomer(holder, { externalId: 'foreign' })).toMatchObject({
    refusal: 'NotFound',
  });
  expect(await customers.readCustomer(holder, foreign.customerId)).toBe(null);
  expect(await customers.readCustomer(holder, own.customerId)).toMatchObject({ externalId: 'own' });
  const visible = await customers.listCustomers(holder, null, {});
  expect(visible.map(({ id }) => id)).toEqual([own.customerId]);
});

test('many are found in order in one query, and not asked for again', async () => {
  const { customers, stop } = rooms.startProcess();
  const [a, b] = [await create({ externalId: 'many-a' }), await create({ externalId: 'many-b' })];
  const refs = [
    { externalId: 'many-b' },
    { externalId: 'nobody' },
    { id: toTypeId('customer', a.customerId) },
    { externalId: '\u0000' },
    { externalId: 'many-b' },
    { id: toTypeId('customer', newId('customer')) },
    { id: 'customer_x' },
    {},
    { externalId: 'many-a' },
  ];
  const expected = [b, null, a, null, b, null, null, null, a].map(
    (one) => one && { id: one.customerId, testClockId: null },
  );
  const { organizationId } = viewer;
  expect(await customers.resolveMany(organizationId, refs)).toEqual(expected);
  expect(await customers.resolveMany(stranger.organizationId, refs)).toEqual(Array(9).fill(null));
  await stop();
  const known = refs.filter((_, index) => expected[index] !== null);
  expect(await customers.resolveMany(organizationId, known)).toEqual(expected.filter(Boolean));
});

test('who was unknown is found as soon as they were created', async () => {
  const { resolveCustomer } = rooms.customers;
  expect(await resolveCustomer(viewer, { externalId: 'late' })).toHaveProperty('refusal');
  const { customerId } = await create({ externalId: 'late' });
  expect(await resolveCustomer(viewer, { externalId: 'late' })).toBe(customerId);
});

test('the search takes the beginning of an external id, name or address, and no patterns', async () => {
  const searched = (await rooms.openOrganization('Searched')).viewer;
  await create({ externalId: 'u_1', name: 'Ada', email: 'ada@example.com' }, searched);
  await create({ externalId: 'u_2', name: 'Adam', email: 'b@example.com' }, searched);
  await create({ externalId: 'ux3', name: '100% Ada', email: 'c@example.com' }, searched);
  const search = async (text: string | null) => {
    const rows = await rooms.customers.listCustomers(searched, text, {});
    return rows.map(({ externalId }) => externalId);
  };
  expect(await search(null)).toEqual(['ux3', 'u_2', 'u_1']);
  expect(await search('ada')).toEqual(['u_2', 'u_1']);
  expect(await search('ADA@')).toEqual(['u_1']);
  expect(await search('u_')).toEqual(['u_2', 'u_1']);
  expect(await search('100%')).toEqual(['ux3']);
  expect(await search('%')).toEqual([]);
  expect(await search('\\')).toEqual([]);
  expect(await search('\u0000')).toEqual([]);
  expect(await search('\ud800')).toEqual([]);
});

const fiftyOneKeys = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, i]));
const nineLevels = JSON.parse(`${'{"a":'.repeat(9)}1${'}'.repeat(9)}`);

/** What is wrong with a customer, whether they are created or updated. */
const WRONG: [string, object, string[]][] = [
  ['NUL in the name', { name: 'a\u0000b' }, ['name BAD_CHARACTER']],
  ['a lone surrogate in the name', { name: 'a\ud800' }, ['name BAD_CHARACTER']],
  ['an empty name', { name: '' }, ['name TOO_SHORT']],
  ['a name of 256 characters', { name: 'x'.repeat(256) }, ['name TOO_LONG']],
  ['an address without @', { email: 'ada' }, ['email BAD_FORMAT']],
  ['an address with a space', { email: 'a da@example.com' }, ['email BAD_FORMAT']],
  ['an empty address', { email: '' }, ['email TOO_SHORT']],
  ['an address of 255 characters', { email: `${'x'.repeat(250)}@x.io` }, ['email TOO_LONG']],
  ['NUL in the address', { email: 'a\u0000@x.io' }, ['email BAD_CHARACTER']],
  ['metadata that is text', { metadata: 'x' }, ['metadata BAD_FORMAT']],
  ['metadata that is a list', { metadata: [] }, ['metadata BAD_FORMAT']],
  ['metadata of 1 MB', { metadata: { a: 'x'.repeat(1 << 20) } }, ['metadata TOO_LARGE']],
  ['metadata of 51 keys', { metadata: fiftyOneKeys }, ['metadata TOO_MANY']],
  ['metadata nine levels deep', { metadata: nineLevels }, [expect.stringMatching(/ TOO_LARGE$/)]],
  ['NUL in metadata', { metadata: { a: '\u0000' } }, ['metadata.a BAD_CHARACTER']],
  ['NUL in a key', { metadata: { 'a\u0000': 1 } }, ['metadata BAD_CHARACTER']],
  ['a lone surrogate in metadata', { metadata: { a: '\udc00' } }, ['metadata.a BAD_CHARACTER']],
  [
    'Infinity in metadata',
    { metadata: { a: Number.POSITIVE_INFINITY } },
    ['metadata.a OUT_OF_RANGE'],
  ],
  [
    'a key named __proto__',
    { metadata: JSON.parse('{"a":{"__proto__":{"isAdmin":true}}}') },
    ['metadata.a.__proto__ NOT_ALLOWED'],
  ],
  ['several faults', { name: '', email: 'x' }, ['name TOO_SHORT', 'email BAD_FORMAT']],
];

test.each(WRONG)(
  '%s is refused with its path, and nothing is written',
  async (_case, input, issues) => {
    const externalId = 'wrong';
    const created = await rooms.customers.createCustomer(viewer, { externalId, ...input });
    expect(issuesOf(created)).toEqual(issues);
    expect(await rooms.db.prisma.customer.count({ where: { externalId } })).toBe(0);

    const { customerId } = await create({ externalId: 'right', name: 'Right' });
    const before = await rooms.customers.readCustomer(viewer, customerId);
    const customer = { externalId: 'right' };
    const updated = await rooms.customers.updateCustomer(viewer, { customer, ...input });
    expect(issuesOf(updated)).toEqual(issues);
    expect(await rooms.customers.readCustomer(viewer, customerId)).toEqual(before);
  },
);

test.each([
  ['empty', '', 'externalId TOO_SHORT'],
  ['256 characters long', 'x'.repeat(256), 'externalId TOO_LONG'],
  ['text with NUL', 'a\u0000', 'externalId BAD_CHARACTER'],
  ['text with a lone surrogate', '\ud83d', 'externalId BAD_CHARACTER'],
])('an external id that is %s is refused', async (_case, externalId, issue) => {
  expect(issuesOf(await rooms.customers.createCustomer(viewer, { externalId }))).toEqual([issue]);
});

test('what is odd but text is kept as it is: __proto__, spaces, emoji, 255 characters', async () => {
  for (const externalId of ['__proto__', ' a b ', '🦊', 'constructor', '0', 'x'.repeat(255)]) {
    const { customerId } = await create({ externalId });
    expect(await rooms.customers.resolveCustomer(viewer, { externalId })).toBe(customerId);
  }
});
