import { inOrganization } from '../src/access/viewer.ts';
import type { TestClockChanged } from '../src/clocks/create-test-clock.ts';
import { fromEpochMs } from '../src/kit/clock.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { withinReach } from './cursor.ts';
import { resultOf } from './errors.ts';
import { eventType } from './event.ts';
import { found } from './found.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';

const TestClockStatus = builder.enumType('TestClockStatus', {
  description: 'What a test clock does.',
  values: {
    READY: { description: 'It stands still, and everything until its now is done.' },
    ADVANCING: {
      description: 'It is on its way to `target`; a worker does what is due until then.',
    },
  },
});

export const TestClock = builder.prismaObject('TestClock', {
  description:
    'Time for the customers attached to it: it stands still until it is advanced, and everything timed follows it. In TEST organizations only.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `clock_01h455vb4pex5vsknk084sn02q`.',
      resolve: (clock) => toTypeId('testClock', clock.id),
    }),
    name: t.exposeString('name', { description: 'What people call it: `A year of Pro`.' }),
    now: t.expose('now', {
      type: 'DateTime',
      description: 'What time it is for its customers. It goes forward only.',
    }),
    status: t.expose('status', { type: TestClockStatus, description: 'What it does.' }),
    target: t.expose('target', {
      type: 'DateTime',
      nullable: true,
      description: 'Where it is going; null when it is READY.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: "When it was made, by the server's time.",
    }),
    deletedAt: t.expose('deletedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        "When it was deleted, by the server's time: from then on it stands still for ever.",
    }),
  }),
});

registerNode('testClock', TestClock, (context, id) =>
  context.services.clocks.findTestClock(viewerOf(context), id),
);

builder.prismaObjectField('Customer', 'testClock', (t) =>
  t.relation('testClock', {
    nullable: true,
    authScopes: { can: 'clock:read' },
    description: "The test clock whose time it goes by; null for the server's time.",
  }),
);

builder.queryField('testClocks', (t) =>
  t.prismaConnection(
    {
      type: TestClock,
      cursor: 'id',
      description:
        'The test clocks of the organization, newest first, without those that were deleted. One of them is `node(id:)`.',
      authScopes: { can: 'clock:read' },
      resolve: (query, _root, _args, context) => {
        const viewer = viewerOf(context);
        const page = withinReach(query, inOrganization(viewer));
        return context.services.clocks.listTestClocks(viewer, page);
      },
    },
    { description: 'A page of test clocks.' },
    { description: 'A test clock and its place in the list.' },
  ),
);

function clockPayload(name: string, description: string) {
  return builder.objectRef<TestClockChanged>(name).implement({
    description,
    fields: (t) => ({
      testClock: t.prismaField({
        type: TestClock,
        description: 'The test clock, as it is now.',
        resolve: async (query, { testClockId }, _args, context) =>
          found(await context.services.clocks.findTestClock(viewerOf(context), testClockId, query)),
      }),
    }),
  });
}

const CreateTestClockInput = builder.inputType('CreateTestClockInput', {
  description: 'A new test clock.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What people call it, 1 to 100 characters.' }),
    now: t.field({
      type: 'DateTime',
      description:
        "Where it stands, before the year 9000: `2026-01-31T12:00:00Z`. The server's now when left out.",
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const AdvanceTestClockInput = builder.inputType('AdvanceTestClockInput', {
  description: 'Which test clock, and where to.',
  fields: (t) => ({
    clock: t.id({ required: true, description: 'Its TypeID.' }),
    to: t.field({
      type: 'DateTime',
      required: true,
      description: 'Not before its now, at most 731 days after, and before the year 9000.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const DeleteTestClockInput = builder.inputType('DeleteTestClockInput', {
  description: 'Which test clock.',
  fields: (t) => ({
    clock: t.id({ required: true, description: 'Its TypeID.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationFields((t) => ({
  createTestClock: t.field({
    type: resultOf(
      'CreateTestClockResult',
      clockPayload('CreateTestClockPayload', 'The test clock is there.'),
      ['Invalid', 'Conflict', 'IdempotencyMismatch'],
    ),
    description:
      'Makes a test clock, of which an organization may have 100. Customers are attached when they are created: `createCustomer(input: { testClock: ... })`, 1,000 to a clock. Conflict: the organization is LIVE.',
    authScopes: { can: 'clock:write' },
    args: {
      input: t.arg({ type: CreateTestClockInput, required: true, description: 'The clock.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.clocks.createTestClock(viewerOf(context), input),
  }),
  advanceTestClock: t.field({
    type: resultOf(
      'AdvanceTestClockResult',
      clockPayload('AdvanceTestClockPayload', 'The test clock is on its way.'),
      ['Invalid', 'NotFound', 'Conflict', 'IdempotencyMismatch'],
    ),
    description:
      'Sends a test clock on its way. A worker takes it from one instant at which anything is due to the next and does that, in the order of time; the event TEST_CLOCK_READY says that it has arrived. Conflict: it is being advanced already, or the organization is LIVE.',
    authScopes: { can: 'clock:write' },
    args: {
      input: t.arg({ type: AdvanceTestClockInput, required: true, description: 'Where to.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.clocks.advanceTestClock(viewerOf(context), input),
  }),
  deleteTestClock: t.field({
    type: resultOf(
      'DeleteTestClockResult',
      clockPayload('DeleteTestClockPayload', 'The test clock stands still for ever.'),
      ['Invalid', 'NotFound', 'Conflict', 'IdempotencyMismatch'],
    ),
    description:
      'Deletes a test clock, also on its way. Its customers keep what they have, and its time stands still for them. Conflict: the organization is LIVE.',
    authScopes: { can: 'clock:write' },
    args: {
      input: t.arg({ type: DeleteTestClockInput, required: true, description: 'Which clock.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.clocks.deleteTestClock(viewerOf(context), input),
  }),
}));

builder.objectFields(
  eventType('test_clock.ready', 'A test clock was advanced: everything until its now is done.'),
  (t) => ({
    testClock: t.prismaField({
      type: TestClock,
      authScopes: { can: 'clock:read' },
      description: 'The test clock, as it is now.',
      resolve: async (query, { fact }, _args, context) =>
        found(
          await context.services.clocks.findTestClock(viewerOf(context), fact.testClockId, query),
        ),
    }),
    now: t.field({
      type: 'DateTime',
      authScopes: { can: 'clock:read' },
      description: 'Where it stood when it had arrived.',
      resolve: ({ fact }) => fromEpochMs(Date.parse(fact.now)),
    }),
  }),
);
