import { beforeEach, expect, test } from 'vitest';
import { createWaitOut, type WaitOut } from '../../src/infra/wait-out.ts';

const outage = Object.assign(new Error('It is away.'), { code: 'ECONNREFUSED' });

let isAway: boolean;
let looks: number;
let waitOut: WaitOut;

async function ask(): Promise<void> {
  looks += 1;
  if (looks === 2) isAway = false;
  if (isAway) throw outage;
}

async function read(): Promise<string> {
  if (isAway) throw outage;
  return 'read';
}

const always = () => true;

beforeEach(() => {
  isAway = true;
  looks = 0;
  waitOut = createWaitOut(ask);
});

test('all who wait ask one question at a time, and then do it', async () => {
  const all = Array.from({ length: 100 }, () => waitOut.run(read, always));
  expect(await Promise.all(all)).toEqual(all.map(() => 'read'));
  expect(looks).toBe(2);
});

test('what is no outage, and what nobody wants any more, is thrown at once', async () => {
  const bug = new Error('A bug.');
  await expect(waitOut.run(() => Promise.reject(bug), always)).rejects.toBe(bug);
  await expect(waitOut.run(read, () => false)).rejects.toBe(outage);
  expect(looks).toBe(0);
});

test('who leaves while he waits is let go with the outage', async () => {
  let isWanted = true;
  const waiting = waitOut.run(read, () => isWanted);
  isWanted = false;
  looks = 2;
  await expect(waiting).rejects.toBe(outage);
});

test('an outage that lasts is thrown, also when the database answers in between', async () => {
  isAway = false;
  const failing = createWaitOut(ask, 300).run(() => Promise.reject(outage), always);
  await expect(failing).rejects.toBe(outage);
  expect(looks).toBe(2);
});
