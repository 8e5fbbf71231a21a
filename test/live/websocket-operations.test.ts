import { describe, expect, it } from 'vitest';
import { openWs } from '../support/ws-client.ts';
import { eachServer } from './each-server.ts';
import { turn, until } from './harness.ts';
import { ACME_KEY, OTHER_KEY } from './test-server.ts';

const WATCH = 'subscription ($w: String!) { balanceChanged(walletId: $w) { walletId version } }';

const FIELD = 'balanceChanged(walletId: "acme-1")';
const aliased = (count: number) =>
  Array.from({ length: count }, (_, at) => `a${at}: ${FIELD} { version }`).join(' ');
const nested = (depth: number) => `${FIELD} { ${'a { '.repeat(depth)} b ${'} '.repeat(depth)} }`;

const { current, openAs, withLimits } = eachServer();

describe('an operation', () => {
  it('may be a query or a mutation', async () => {
    const client = await openAs(ACME_KEY);
    client.subscribe('q', 'query ($n: Int) { count(n: $n) }', { n: 5 });
    expect(await client.next()).toEqual({ type: 'next', id: 'q', payload: { data: { count: 5 } } });
    expect(await client.next()).toEqual({ type: 'complete', id: 'q' });
    client.subscribe('m', 'mutation { touch }');
    expect((await client.next()).payload.data.touch).toBe('touched');
  });

  it.each([
    ['syntax', '{ me', 'GRAPHQL_PARSE_FAILED'],
    ['a field that does not exist', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['depth', `{ ${'self { '.repeat(12)} me ${'}'.repeat(12)} }`, 'LIMIT_EXCEEDED'],
    [
      'aliases',
      `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
      'LIMIT_EXCEEDED',
    ],
    ['aliases of a subscription', `subscription { ${aliased(1_000)} }`, 'LIMIT_EXCEEDED'],
    ['depth of a subscription', `subscription { ${nested(50)} }`, 'LIMIT_EXCEEDED'],
    ['nested lists', `{ echo(text: ${'['.repeat(4_000)}`, 'LIMIT_EXCEEDED'],
    ['tokens', `{ ${'me '.repeat(5_001)} }`, 'LIMIT_EXCEEDED'],
    ['no operation of that name', 'fragment F on Query { me }', 'GRAPHQL_VALIDATION_FAILED'],
  ])(
    'that is refused for %s is answered with an error, and the socket stays',
    async (_, query, code) => {
      const client = await openAs(ACME_KEY);
      client.subscribe('bad', query);
      const answer = await client.next();
      expect(answer).toMatchObject({ type: 'error', id: 'bad' });
      expect(answer.payload[0].extensions).toEqual({
        code,
        requestId: expect.stringMatching(/:bad$/),
      });
      client.subscribe('good', '{ count(n: 1) }');
      expect((await client.next()).payload.data.count).toBe(1);
    },
  );

  it('never shows what broke', async () => {
    const client = await openAs(ACME_KEY);
    const masked = {
      message: 'Internal error',
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) },
    };
    client.subscribe('1', '{ fault }');
    expect((await client.next()).payload).toMatchObject({
      data: { fault: null },
      errors: [masked],
    });
    await client.next();
    client.subscribe('2', 'subscription { breaks }');
    expect(await client.next()).toMatchObject({ type: 'error', id: '2', payload: [masked] });
  });

  it('is refused beyond the number that one socket may have', async () => {
    await withLimits({ websocketLimits: { maxOperations: 2 } });
    current().ledger.commit('acme-1');
    const client = await openAs(ACME_KEY);
    for (const id of ['1', '2']) {
      client.subscribe(id, WATCH, { w: 'acme-1' });
      expect((await client.next()).type).toBe('next');
    }
    client.subscribe('3', WATCH, { w: 'acme-1' });
    expect(await client.next()).toMatchObject({
      type: 'error',
      id: '3',
      payload: [{ extensions: { code: 'LIMIT_EXCEEDED' } }],
    });
    client.send({ type: 'complete', id: '1' });
    await until(() => current().hub.watched().watchers === 1);
    client.subscribe('4', WATCH, { w: 'acme-1' });
    expect(await client.next()).toMatchObject({ type: 'next', id: '4' });
  });
});

describe('balanceChanged', () => {
  it('gives the state now, then every change, and is let go by complete', async () => {
    current().ledger.commit('acme-1');
    const client = await openAs(ACME_KEY);
    client.subscribe('1', WATCH, { w: 'acme-1' });
    for (const version of [1, 2, 3]) {
      expect((await client.next()).payload.data.balanceChanged).toEqual({
        walletId: 'acme-1',
        version,
      });
      current().change('acme-1');
    }
    client.send({ type: 'complete', id: '1' });
    await until(() => current().hub.watched().watchers === 0);
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'may be called %s',
    async (id) => {
      current().ledger.commit('acme-1');
      const client = await openAs(ACME_KEY);
      client.subscribe(id, WATCH, { w: 'acme-1' });
      for (const version of [1, 2]) {
        expect(await client.next()).toMatchObject({
          type: 'next',
          id,
          payload: { data: { balanceChanged: { version } } },
        });
        current().change('acme-1');
      }
      client.send({ type: 'complete', id });
      await until(() => current().hub.watched().watchers === 0);
      // Once it is over the id stands for another one.
      client.subscribe(id, '{ count(n: 3) }');
      let answer = await client.next();
      while (!answer.payload?.data?.count) answer = await client.next();
      expect(answer).toMatchObject({ type: 'next', id, payload: { data: { count: 3 } } });
      expect(await client.next()).toEqual({ type: 'complete', id });
    },
  );

  it.each([
    ['a peer that is known', async () => await openAs(ACME_KEY), 4500],
    ['a stranger', () => openWs(current().wsUrl), 4401],
  ])('ends the socket of %s when its name cannot be kept apart', async (_, open, code) => {
    const client = await open();
    // No text can be made of what is nested as deep, by the platform's own means.
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    client.send(
      `{"type":"subscribe","id":"constructor","payload":{"query":"{ me }","variables":{"deep":${deep}}}}`,
    );
    expect((await client.closed).code).toBe(code);
  });

  it('is let go when the socket dies', async () => {
    current().ledger.commit('acme-1');
    const client = await openAs(ACME_KEY);
    client.subscribe('1', WATCH, { w: 'acme-1' });
    await client.next();
    client.socket.terminate();
    await until(() => current().hub.watched().watchers === 0);
  });

  it('shows nobody a wallet of somebody else', async () => {
    current().ledger.commit('acme-1');
    current().ledger.commit('other-1');
    const [acme, other] = [await openAs(ACME_KEY), await openAs(OTHER_KEY)];
    acme.subscribe('theirs', WATCH, { w: 'other-1' });
    const refused = await acme.next();
    expect(JSON.stringify(refused)).toContain('NOT_FOUND');
    expect(await acme.next()).toEqual({ type: 'complete', id: 'theirs' });

    acme.subscribe('own', WATCH, { w: 'acme-1' });
    other.subscribe('own', WATCH, { w: 'other-1' });
    for (let count = 0; count < 200; count += 1) {
      current().change('acme-1');
      current().change('other-1');
      if (count % 20 === 0) await turn();
    }
    for (const [client, walletId] of [
      [acme, 'acme-1'],
      [other, 'other-1'],
    ] as const) {
      for (let version = 0; version < 201; ) {
        const { walletId: seen, version: next } = (await client.next()).payload.data.balanceChanged;
        expect(seen).toBe(walletId);
        expect(next).toBeGreaterThan(version);
        version = next;
      }
    }
  });

  it('lets a reader that stops skip to the latest', async () => {
    current().ledger.commit('acme-1');
    const client = await openAs(ACME_KEY);
    // Frames of 256 KB: the buffers of the two kernels are full after some, far from all of them.
    const query = WATCH.replace('version', 'version padding(length: 262144)');
    client.subscribe('1', query, { w: 'acme-1' });
    expect((await client.next()).payload.data.balanceChanged.version).toBe(1);
    client.socket.pause();
    const LAST = 400;
    for (let version = 2; version <= LAST; version += 1) {
      current().change('acme-1');
      await turn();
    }
    client.socket.resume();
    const seen: number[] = [];
    while (seen.at(-1) !== LAST) {
      seen.push((await client.next()).payload.data.balanceChanged.version);
    }
    expect(seen.length).toBeLessThan(LAST / 2);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  });
});

describe('an id that is used again right behind its complete', () => {
  it('stands for the new subscription', async () => {
    for (const wallet of ['acme-1', 'acme-2', 'acme-3']) current().ledger.commit(wallet);
    const client = await openAs(ACME_KEY);
    client.subscribe('1', WATCH, { w: 'acme-1' });
    await client.next();
    for (const w of ['acme-2', 'acme-3']) {
      client.send({ type: 'complete', id: '1' });
      client.subscribe('1', WATCH, { w });
    }
    const told = {
      type: 'next',
      id: '1',
      payload: { data: { balanceChanged: expect.anything() } },
    };
    for (let version = 1; version <= 5; version += 1) {
      const message = await client.next();
      expect(message).toEqual(told);
      const balanceChanged = { walletId: 'acme-3', version };
      expect(message.payload.data).toMatchObject({ balanceChanged });
      current().change('acme-1');
      current().change('acme-3');
    }
    client.send({ type: 'complete', id: '1' });
    await until(() => current().hub.watched().watchers === 0);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });

  it('hears nothing of the one before, whenever that ends', async () => {
    current().ledger.commit('acme-1');
    const client = await openAs(ACME_KEY);
    client.subscribe('1', '{ slow }');
    await current().slow.asked;
    client.send({ type: 'complete', id: '1' });
    client.subscribe('1', '{ nothing }');
    expect(await client.next()).toMatchObject({
      type: 'error',
      id: '1',
      payload: [{ extensions: { requestId: expect.stringMatching(/:1$/) } }],
    });
    client.subscribe('1', WATCH, { w: 'acme-1' });
    expect((await client.next()).payload.data.balanceChanged.version).toBe(1);
    current().slow.finish();
    for (const [id, version] of [
      ['2', 2],
      ['3', 3],
    ] as const) {
      client.subscribe(id, '{ count(n: 1) }');
      expect(await client.next()).toMatchObject({ type: 'next', id });
      expect(await client.next()).toEqual({ type: 'complete', id });
      current().change('acme-1');
      const balanceChanged = { walletId: 'acme-1', version };
      expect(await client.next()).toMatchObject({ id: '1', payload: { data: { balanceChanged } } });
    }
  });

  it('is in use all the same', async () => {
    current().ledger.commit('acme-1');
    const client = await openAs(ACME_KEY);
    client.subscribe('1', '{ slow }');
    await current().slow.asked;
    client.send({ type: 'complete', id: '1' });
    client.subscribe('1', WATCH, { w: 'acme-1' });
    await client.next();
    client.subscribe('1', WATCH, { w: 'acme-1' });
    expect((await client.closed).code).toBe(4409);
    current().slow.finish();
  });
});

describe('a stop', () => {
  it('answers what is being worked on, then asks everybody to connect again', async () => {
    const [busy, idle] = [await openAs(ACME_KEY), await openAs(ACME_KEY)];
    busy.subscribe('1', '{ slow }');
    await current().slow.asked;
    const stopped = current().server.stop();
    current().slow.finish();
    expect((await busy.next()).payload.data.slow).toBe('done');
    expect(await busy.closed).toEqual({ code: 1012, reason: 'Service restart' });
    expect((await idle.closed).code).toBe(1012);
    await stopped;
  });

  it('does not wait for ever', async () => {
    await withLimits({ stopTimeoutMs: 30 });
    const client = await openAs(ACME_KEY);
    client.subscribe('1', '{ slow }');
    await current().slow.asked;
    await current().server.stop();
    expect((await client.closed).code).toBe(1012);
  });
});
