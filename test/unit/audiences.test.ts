import { type ExecutionResult, GraphQLError, parse } from 'graphql';
import { beforeEach, expect, test } from 'vitest';
import {
  type Audience,
  type Audiences,
  createAudiences,
} from '../../src/server/websocket/audiences.ts';

const query = 'subscription { a }';
const question = { viewer: null, payload: { query }, document: parse(query) };
const event = {};

let nowMs: number;
let audiences: Audiences;
let one: Audience;
let two: Audience;

beforeEach(() => {
  nowMs = 0;
  audiences = createAudiences(() => nowMs);
  one = audiences.join(question);
  two = audiences.join(question);
});

const good = () => ({ data: { a: 1 } });
const bad = (): ExecutionResult => ({ data: null, errors: [new GraphQLError('No.')] });

test('what one has made, the other one finds', () => {
  expect(two.find(event)).toBeNull();
  expect(one.make(event, good)).toBe('{"data":{"a":1}}');
  expect(two.find(event)).toBe('{"data":{"a":1}}');
  expect(two.find({})).toBeNull();
});

test('what is being made is waited for', async () => {
  const made = one.make(event, async () => good());
  await expect(two.find(event)).resolves.toBe('{"data":{"a":1}}');
  expect(await made).toBe('{"data":{"a":1}}');
  expect(two.find(event)).toBe('{"data":{"a":1}}');
});

test('a result with errors, and one that fails, are for nobody else, and nobody waits for the next', async () => {
  for (const [number, execute] of [bad, async () => bad(), async () => fail()].entries()) {
    const it = { number };
    const made = Promise.resolve(one.make(it, execute)).catch(() => null);
    expect(await two.find(it)).toBeNull();
    expect(await made).not.toBeTypeOf('string');
    expect(two.find(it)).toBeNull();
    void Promise.resolve(one.make(it, async () => bad()));
    expect(two.find(it)).toBeNull();
  }
});

function fail(): ExecutionResult {
  throw new Error('It broke.');
}

test('nothing is kept of an outage: the next one to try does so for all', async () => {
  const originalError = Object.assign(new Error('Gone.'), { code: 'ECONNREFUSED' });
  const away = (): ExecutionResult => ({
    data: { a: null },
    errors: [new GraphQLError('Gone.', { originalError })],
  });
  for (const execute of [away, async () => away()]) {
    const it = {};
    const made = one.make(it, execute);
    expect(await two.find(it)).toBeNull();
    expect(await made).toMatchObject({ data: { a: null } });
    const next = two.make(it, async () => good());
    await expect(one.find(it)).resolves.toBe('{"data":{"a":1}}');
    expect(await next).toBe('{"data":{"a":1}}');
  }
});

test('after a second everything is made anew', () => {
  one.make(event, good);
  nowMs = 999;
  expect(two.find(event)).not.toBeNull();
  nowMs = 1_000;
  expect(two.find(event)).toBeNull();
  two.make(event, () => ({ data: { a: 2 } }));
  expect(one.find(event)).toBe('{"data":{"a":2}}');
});

test('an event that is no object, and the result of somebody who is alone, are not kept', () => {
  one.make('text', good);
  expect(two.find('text')).toBeNull();
  two.leave();
  one.make(event, good);
  expect(audiences.join(question).find(event)).toBeNull();
});

test('an audience ends with its last member', () => {
  expect(audiences.size()).toBe(1);
  const other = audiences.join({ ...question, payload: { query, operationName: 'A' } });
  expect(audiences.size()).toBe(2);
  for (const audience of [one, two, other]) audience.leave();
  expect(audiences.size()).toBe(0);
});
