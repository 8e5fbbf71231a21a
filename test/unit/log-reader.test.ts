import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LoggedEvent } from '../../src/live/event.ts';
import { createLogReader, type LogReader } from '../../src/live/log-reader.ts';
import { turn } from '../live/harness.ts';

function event(position: number): LoggedEvent {
  return {
    organizationId: 'org',
    customerId: 'c',
    fact: { type: 'wallet.opened', walletId: `${position}` },
    position,
    sequence: position,
    at: new Date(0),
  };
}

/** A log that grows, whose readers may or may not be told. */
function openLog(pageSize = 3) {
  const events: LoggedEvent[] = [];
  let forgotten = 0;
  let ended = 0;
  const open = (after = 0, isWanted: (event: LoggedEvent) => boolean = () => true): LogReader => {
    const reader = createLogReader({
      placeOf: ({ position }) => position,
      isWanted,
      readAfter: async (place) => {
        await turn();
        if (place < forgotten) throw new Error('It was forgotten.');
        return events.filter(({ position }) => position > place).slice(0, pageSize);
      },
      onEnd: () => {
        ended += 1;
      },
    });
    reader.begin(after);
    return reader;
  };
  return {
    open,
    ended: () => ended,
    forget(place: number) {
      forgotten = place;
    },
    grow() {
      const next = event(events.length + 1);
      events.push(next);
      return next;
    },
  };
}

async function take(reader: LogReader, count: number): Promise<number[]> {
  const places: number[] = [];
  while (places.length < count) places.push((await reader.next()).value?.position as number);
  return places;
}

const upTo = (last: number, from = 1) =>
  Array.from({ length: last - from + 1 }, (_, index) => from + index);

describe('a reader of a log', () => {
  test('reads what is there, then lives on what it is told', async () => {
    const log = openLog();
    for (let at = 0; at < 10; at += 1) log.grow();
    const reader = log.open();
    expect(await take(reader, 10)).toEqual(upTo(10));
    const waiting = reader.next();
    await turn();
    reader.offer(log.grow());
    expect((await waiting).value?.position).toBe(11);
  });

  test('begins behind the place that it was given', async () => {
    const log = openLog();
    for (let at = 0; at < 10; at += 1) log.grow();
    expect(await take(log.open(7), 3)).toEqual(upTo(10, 8));
  });

  test('gives each event once and in order, whatever is told while it reads', async () => {
    const step = fc.constantFrom('grow', 'tell late', 'take', 'fall behind', 'turn');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
        const log = openLog();
        const reader = log.open();
        const untold: LoggedEvent[] = [];
        const taken: Promise<number>[] = [];
        const tell = () => {
          for (const each of untold.splice(0)) reader.offer(each);
        };
        let grown = 0;
        for (const name of steps) {
          if (name === 'grow') untold.push(log.grow());
          if (name === 'grow') grown += 1;
          if (name === 'tell late') tell();
          if (name === 'fall behind') reader.fallBehind();
          if (name === 'turn') await turn();
          if (name === 'take' && taken.length < grown) {
            taken.push(reader.next().then(({ value }) => value?.position as number));
            await turn();
          }
        }
        tell();
        expect(await Promise.all(taken)).toEqual(upTo(taken.length));
        expect(await take(reader, grown - taken.length)).toEqual(upTo(grown, taken.length + 1));
      }),
    );
  });

  test('keeps no more than a thousand for one that is slow, and loses none', async () => {
    const log = openLog(500);
    const reader = log.open();
    const first = reader.next();
    await turn();
    reader.offer(log.grow());
    expect((await first).value?.position).toBe(1);
    for (let at = 0; at < 5_000; at += 1) reader.offer(log.grow());
    expect(await take(reader, 5_000)).toEqual(upTo(5_001, 2));
  });

  test('gives only what is wanted, from the log and as told', async () => {
    const log = openLog();
    for (let at = 0; at < 10; at += 1) log.grow();
    const reader = log.open(0, ({ position }) => position % 5 === 0);
    expect(await take(reader, 2)).toEqual([5, 10]);
    const waiting = take(reader, 1);
    await turn();
    for (let at = 0; at < 5; at += 1) reader.offer(log.grow());
    expect(await waiting).toEqual([15]);
  });

  test('that waits goes on from what it did not want, when it falls behind', async () => {
    const log = openLog();
    const reader = log.open(0, ({ position }) => position > 10);
    const waiting = reader.next();
    await turn();
    await turn();
    for (let at = 0; at < 10; at += 1) reader.offer(log.grow());
    log.forget(8);
    reader.fallBehind();
    await turn();
    reader.offer(log.grow());
    expect((await waiting).value?.position).toBe(11);
  });

  test('ends for whoever waits, once', async () => {
    const log = openLog();
    const reader = log.open();
    const waiting = reader.next();
    await turn();
    await reader.return?.();
    await reader.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
    expect(log.ended()).toBe(1);
  });
});
