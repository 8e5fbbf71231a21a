import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDb, type Db } from '../../src/infra/db.ts';
import { fromTypeId } from '../../src/kit/ids.ts';
import { verifyLaws } from '../../src/laws/verify.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { settledLog } from '../support/settled-log.ts';
import { type ClockWords, clockWords, day } from './clock-fixture.ts';

// The queue gives a clock to one worker at a time; when it does not, nothing is done twice nor left out.

let first: TestApi;
let second: TestApi;
let db: Db;
let words: ClockWords;

beforeAll(async () => {
  first = await startApi();
  second = await startApi({ databaseUrl: first.databaseUrl });
  db = createDb({ url: first.databaseUrl, poolSize: 2, onIdleError: () => undefined });
  words = clockWords(first.ask);
  await words.openShop();
});
afterAll(async () => {
  await db.close();
  await second.stop();
  await first.stop();
});

const context = { isStopping: () => false, aborted: new AbortController().signal };

/** Sends a clock, and has two loops of each process bring it there at the same time. */
async function advanceTogether(clock: string, to: string): Promise<void> {
  await words.send(clock, to);
  const id = fromTypeId('testClock', clock) ?? '';
  const loops = [first, second, first, second];
  await Promise.all(loops.map(({ services }) => services.clocks.advance(id, context)));
  await settledLog(first.databaseUrl);
}

async function readyEvents(clock: string): Promise<number> {
  const { events } = await words.run(`{ events(last: 100) { edges { node {
    ... on TestClockReadyEvent { testClock { id } }
  } } } }`);
  const ids = events.edges.map(
    ({ node }: { node: { testClock?: { id: string } } }) => node.testClock?.id,
  );
  return ids.filter((id: string) => id === clock).length;
}

async function expectLaws(): Promise<void> {
  const { laws } = await verifyLaws(db);
  expect(laws.filter(({ ok }) => !ok)).toEqual([]);
}

test('several loops at once do everything once, at its instant, and arrive once', async () => {
  const clock = await words.clock();
  for (const name of ['a', 'b', 'c']) {
    await words.customer(name, clock);
    await words.grantAllYear(name, 12);
  }
  await advanceTogether(clock, day(365));
  expect(await words.read(clock)).toMatchObject({ status: 'READY', now: day(365) });
  for (const name of ['a', 'b', 'c']) {
    expect(await words.ledger(name)).toEqual(words.ledgerOfAllYear(12));
  }
  expect(await readyEvents(clock)).toBe(1);
  await expectLaws();
});

test('two clocks with the same story tell the same, one at a bound and one step by step', async () => {
  const stories: string[][] = [];
  for (const [name, stops] of [
    ['bound', [365]],
    ['steps', [11.25, 12, 40, 100.125, 101, 364.9, 365]],
  ] as const) {
    const clock = await words.clock();
    await words.customer(name, clock);
    await words.grantAllYear(name, 7);
    for (const stop of stops) await advanceTogether(clock, day(stop));
    expect(await words.ledger(name)).toEqual(words.ledgerOfAllYear(7));
    stories.push(await words.story(name, first.databaseUrl));
  }
  expect(stories[0]).toEqual(stories[1]);
  expect(stories[0]?.length).toBeGreaterThan(30);
});

test('charges in the middle of it are posted in the order of time, and none is lost', async () => {
  const clock = await words.clock();
  await words.customer('busy', clock);
  await words.grant('busy', '1000');
  await words.grantAllYear('busy', 12);
  let isOver = false;
  const charging = (async () => {
    let charges = 0;
    for (; !isOver; charges += 1) {
      const api = charges % 2 === 0 ? first : second;
      const used = await clockWords(api.ask).use('busy', `busy-${charges}`, 1);
      if (used.__typename !== 'UsageRecorded') throw new Error(JSON.stringify(used));
    }
    return charges;
  })();
  await advanceTogether(clock, day(365));
  isOver = true;
  const charges = await charging;
  expect(charges).toBeGreaterThan(3);
  const walletId = fromTypeId('wallet', (await words.wallet('busy')).id) ?? '';
  const entries = await db.prisma.ledgerEntry.findMany({
    where: { walletId },
    orderBy: { sequence: 'asc' },
  });
  const times = entries.map(({ postedAt }) => postedAt.getTime());
  expect(times).toEqual([...times].sort((a, b) => a - b));
  const spent = entries.filter(({ cause }) => cause === 'USAGE');
  expect(spent).toHaveLength(charges);
  await expectLaws();
});
