import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../src/access/viewer.ts';
import { newId } from '../../src/kit/ids.ts';
import type { LoggedEvent } from '../../src/live/event.ts';
import { usage } from '../laws/two-processes.ts';
import { type AlertWorld, openAlertWorld } from './alerts-fixture.ts';

// What watchers of usage are given.

let world: AlertWorld;
let events: LoggedEvent[];

beforeAll(async () => {
  world = await openAlertWorld();
  const { customerId } = await world.openFunded('watched', '10');
  const { services } = world.laboratory;
  await services.usage.recordBatch(world.viewer, [
    usage('watched', 'one', 1),
    { ...usage('watched', 'two', 1), subject: 'second' },
  ]);
  events = await world.logOf(customerId);
});
afterAll(() => world?.laboratory.close());

async function* oneByOne(): AsyncGenerator<LoggedEvent, undefined> {
  for (const event of events) yield { ...event };
}

async function toldTo(viewer: Viewer, filter: object = {}) {
  const told = [];
  const { unfold } = world.laboratory.services.usage;
  for await (const each of unfold(viewer, oneByOne(), filter)) told.push(each);
  return told;
}

test('all of them are given the same objects, whatever each of them left out', async () => {
  const [all, others, filtered] = await Promise.all([
    toldTo(world.viewer),
    toldTo(world.viewer),
    toldTo(world.viewer, { subject: 'second' }),
  ]);
  expect(all.map(({ usageEvent }) => usageEvent.eventId)).toEqual(['one', 'two']);
  expect(others[0]).toBe(all[0]);
  expect(others[1]).toBe(all[1]);
  expect(filtered).toHaveLength(1);
  expect(filtered[0]).toBe(all[1]);
  expect(all[0]?.batch).toBe(all[1]?.batch);
});

test('nobody is given what he may not see, also when another was given it before', async () => {
  expect(await toldTo(world.viewer)).toHaveLength(2);
  const customerId = newId('customer');
  expect(await toldTo({ ...world.viewer, customerId })).toEqual([]);
  const organizationId = newId('organization');
  expect(await toldTo({ ...world.viewer, organizationId })).toEqual([]);
});
