import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { openWs, type WsClient } from '../support/ws-client.ts';
import { eachServer } from './each-server.ts';
import { turn, until } from './harness.ts';
import { post } from './http-client.ts';
import { ACME_KEY, OTHER_KEY } from './test-server.ts';

// What one socket can do to everybody else: nothing.

const MIB = 1024 * 1024;
const PADDED = '{ padding(length: 262144) }';
const WATCH = `subscription ($w: String!) { balanceChanged(walletId: $w) {
  version padding(length: 262144)
} }`;

const { current, openAs, withLimits } = eachServer();

/** Somebody else is answered, so often that whatever was ready to run has run. */
async function askAround(client: WsClient): Promise<void> {
  for (let count = 0; count < 200; count += 1) {
    client.subscribe(`${count}`, '{ count(n: 1) }');
    expect((await client.next()).payload.data.count).toBe(1);
    expect((await client.next()).type).toBe('complete');
  }
}

describe('a flood of operations on one socket', () => {
  it('lets others be answered in between', async () => {
    const [flood, other] = [await openAs(ACME_KEY), await openAs(OTHER_KEY)];
    const OPERATIONS = 400;
    for (let id = 0; id < OPERATIONS; id += 1) flood.subscribe(`${id}`, '{ busy(ms: 5) }');
    await flood.next();
    other.subscribe('1', '{ count(n: 1) }');
    expect((await other.next()).payload.data.count).toBe(1);
    const { body } = await post(current(), '{ busy(ms: 0) }');
    expect(body.data.busy).toBeLessThan(OPERATIONS / 4);
    for (let messages = 1; messages < 2 * OPERATIONS; messages += 1) await flood.next();
  });

  it('is not executed for a peer that has said complete', async () => {
    const client = await openAs(ACME_KEY);
    for (let id = 0; id < 400; id += 1) {
      client.subscribe(`${id}`, '{ busy(ms: 1) }');
      client.send({ type: 'complete', id: `${id}` });
    }
    client.subscribe('last', '{ busy(ms: 0) }');
    expect((await client.next()).payload.data.busy).toBeLessThan(50);
  });

  it('is counted until it is over, whether or not the peer has said complete', async () => {
    await withLimits({ websocketLimits: { maxOperations: 2 } });
    const client = await openAs(ACME_KEY);
    for (const id of ['1', '2']) client.subscribe(id, '{ slow }');
    await current().slow.asked;
    for (const id of ['1', '2']) client.send({ type: 'complete', id });
    client.subscribe('3', '{ count(n: 1) }');
    expect(await client.next()).toMatchObject({
      type: 'error',
      id: '3',
      payload: [{ extensions: { code: 'LIMIT_EXCEEDED', requestId: expect.any(String) } }],
    });
    current().slow.finish();
    client.subscribe('4', '{ count(n: 1) }');
    expect(await client.next()).toMatchObject({ type: 'next', id: '4' });
  });

  it('waits for its turn while as many run as may', async () => {
    await withLimits({ websocketLimits: { maxRunning: 1 } });
    const client = await openAs(ACME_KEY);
    client.subscribe('1', '{ slow }');
    client.subscribe('2', '{ count(n: 1) }');
    await current().slow.asked;
    await askAround(await openAs(ACME_KEY));
    expect(client.waiting()).toBe(0);
    current().slow.finish();
    const answers = [];
    for (let count = 0; count < 4; count += 1) answers.push(await client.next());
    expect(answers.filter(({ type }) => type === 'next').map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('is refused when it is too long altogether', async () => {
    await withLimits({ websocketLimits: { maxHeldChars: 50_000 } });
    const client = await openAs(ACME_KEY);
    client.subscribe('1', `{ slow } #${'x'.repeat(30_000)}`);
    client.subscribe('2', `{ slow } #${'x'.repeat(30_000)}`);
    expect(await client.next()).toMatchObject({
      type: 'error',
      id: '2',
      payload: [{ extensions: { code: 'LIMIT_EXCEEDED' } }],
    });
    current().slow.finish();
    expect(await client.next()).toMatchObject({ type: 'next', id: '1' });
  });
});

describe('a socket that sends on beyond its limits', () => {
  const limits = { maxOperations: 2, maxBeyond: 20 };

  it('is closed, for good, when there is no end to it', async () => {
    await withLimits({ websocketLimits: limits });
    const [flood, other] = [await openAs(ACME_KEY), await openAs(ACME_KEY)];
    for (const id of ['1', '2']) flood.subscribe(id, '{ slow }');
    await current().slow.asked;
    for (let id = 3; id <= 22; id += 1) flood.subscribe(`${id}`, '{ count(n: 1) }');
    for (let id = 3; id <= 22; id += 1) {
      expect(await flood.next()).toMatchObject({ type: 'error', id: `${id}` });
    }
    for (let id = 23; id <= 1_000; id += 1) flood.subscribe(`${id}`, '{ count(n: 1) }');
    // One of those that graphql-ws clients do not answer by connecting again.
    expect(await flood.closed).toEqual({ code: 4429, reason: 'Too many requests' });
    expect(flood.waiting()).toBe(0);
    other.subscribe('1', '{ count(n: 1) }');
    expect(await other.next()).toMatchObject({ type: 'next', id: '1' });
    current().slow.finish();
  });

  it('is closed whatever it sends', async () => {
    await withLimits({ websocketLimits: limits });
    const flood = await openAs(ACME_KEY);
    for (const id of ['1', '2']) flood.subscribe(id, '{ slow }');
    await current().slow.asked;
    for (let sent = 0; sent < 1_000; sent += 1) flood.send({ type: 'ping' });
    expect((await flood.closed).code).toBe(4429);
    current().slow.finish();
  });

  it('is closed for pings of the frames below, which cost as much', async () => {
    await withLimits({ websocketLimits: { maxBeyond: 20 } });
    const flood = await openAs(ACME_KEY);
    const answered: string[] = [];
    flood.socket.on('pong', (data) => answered.push(String(data)));
    for (let sent = 1; sent <= 20; sent += 1) flood.socket.ping(`${sent}`);
    flood.subscribe('1', '{ count(n: 1) }');
    expect(await flood.next()).toMatchObject({ type: 'next', id: '1' });
    expect(answered).toEqual(Array.from({ length: 20 }, (_, index) => `${index + 1}`));
    for (let sent = 0; sent < 50_000; sent += 1) flood.socket.ping('too many');
    expect((await flood.closed).code).toBe(4429);
    const other = await openAs(ACME_KEY);
    other.subscribe('1', '{ count(n: 1) }');
    expect(await other.next()).toMatchObject({ type: 'next', id: '1' });
  });

  it('is closed when it reads none of what it asks for, before it has said who it is', async () => {
    await withLimits({ websocketLimits: { maxBeyond: 1e9, stallMs: 200, initTimeoutMs: 60_000 } });
    const flood = await openWs(current().wsUrl);
    flood.socket.pause();
    let isClosed = false;
    const wire = (flood.socket as unknown as { _socket: Socket })._socket;
    wire.once('close', () => {
      isClosed = true;
    });
    const pings = 'x'.repeat(125);
    while (!isClosed) {
      for (let sent = 0; sent < 1_000 && !wire.writableNeedDrain; sent += 1)
        flood.socket.ping(pings);
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it('is what a full socket does not, which begins and ends all it has', async () => {
    const client = await openAs(ACME_KEY);
    const watch = 'subscription { balanceChanged(walletId: "acme-1") { version } }';
    current().ledger.commit('acme-1');
    for (let round = 0; round < 2; round += 1) {
      const ids = Array.from({ length: 1_000 }, (_, index) => `${round}-${index}`);
      for (const id of ids) client.subscribe(id, watch);
      for (const _ of ids) expect((await client.next()).type).toBe('next');
      for (const id of ids) client.send({ type: 'complete', id });
      await until(() => current().hub.watched().watchers === 0);
    }
    client.subscribe('last', '{ count(n: 1) }');
    expect(await client.next()).toMatchObject({ type: 'next', id: 'last' });
  });
});

describe('a peer that does not read', () => {
  it('has nothing more executed for it, and finds every answer later', async () => {
    const client = await openAs(ACME_KEY);
    const OPERATIONS = 400;
    client.socket.pause();
    for (let id = 0; id < OPERATIONS; id += 1) client.subscribe(`${id}`, PADDED);
    await until(() => current().executed.padding > 0);
    await askAround(await openAs(OTHER_KEY));
    // What the two kernels take, a megabyte of our own, and what was under way.
    expect(current().executed.padding).toBeLessThan(OPERATIONS / 4);
    client.socket.resume();
    const answered = new Set<string | undefined>();
    while (answered.size < OPERATIONS) {
      const { type, id, payload } = await client.next();
      if (type === 'next') expect(payload.data.padding).toHaveLength(MIB / 4);
      else answered.add(id);
    }
  });

  it('has no events turned into results, however many it subscribed to', async () => {
    current().ledger.commit('acme-1');
    const client = await openAs(ACME_KEY);
    const SUBSCRIPTIONS = 300;
    for (let id = 0; id < SUBSCRIPTIONS; id += 1) {
      // Each one differs, so that no result can be shared.
      client.subscribe(`${id}`, `${WATCH} #${id}`, { w: 'acme-1' });
      await client.next();
    }
    client.socket.pause();
    const before = current().executed.padding;
    for (let change = 0; change < 5; change += 1) {
      current().change('acme-1');
      await askAround(await openAs(OTHER_KEY));
    }
    expect(current().executed.padding - before).toBeLessThan(SUBSCRIPTIONS / 3);
    client.socket.resume();
    const latest = new Map<string | undefined, number>();
    while ([...latest.values()].filter((version) => version === 6).length < SUBSCRIPTIONS) {
      const { id, payload } = await client.next();
      latest.set(id, payload.data.balanceChanged.version);
    }
  });

  it('leaves nothing behind when it goes', async () => {
    current().ledger.commit('acme-1');
    const client = await openAs(ACME_KEY);
    client.subscribe('watch', WATCH, { w: 'acme-1' });
    await client.next();
    client.socket.pause();
    for (let id = 0; id < 400; id += 1) client.subscribe(`${id}`, PADDED);
    await until(() => current().executed.padding > 1);
    client.socket.terminate();
    await until(() => current().hub.watched().watchers === 0);
    const { padding } = current().executed;
    await askAround(await openAs(OTHER_KEY));
    expect(current().executed.padding - padding).toBeLessThan(50);
  });

  it('is told to come again after a while, and nobody else notices', async () => {
    // Pings reach nobody behind all that waits: it is not the keep-alive that ends it.
    await withLimits({ websocketLimits: { stallMs: 2_500, keepAliveMs: 1_000 } });
    current().ledger.commit('acme-1');
    const [deaf, other] = [await openAs(ACME_KEY), await openAs(ACME_KEY)];
    deaf.subscribe('1', WATCH, { w: 'acme-1' });
    other.subscribe('1', WATCH.replace('padding(length: 262144)', ''), { w: 'acme-1' });
    await Promise.all([deaf.next(), other.next()]);
    deaf.socket.pause();
    const before = current().executed.padding;
    for (let changes = 0; changes < 100 || !(await stalled()); changes += 1) {
      const { version } = current().change('acme-1');
      expect((await other.next()).payload.data.balanceChanged.version).toBe(version);
    }
    // What the two kernels take, and one frame, however many changes there were.
    expect(current().executed.padding - before).toBeLessThan(40);
    deaf.socket.resume();
    expect(await deaf.closed).toEqual({ code: 1013, reason: 'Too slow' });
    await until(() => current().hub.watched().watchers === 1);
    expect(other.socket.readyState).toBe(other.socket.OPEN);
  });

  it('is gone soon when it does not even say goodbye', async () => {
    await withLimits({ websocketLimits: { stallMs: 50 } });
    current().ledger.commit('acme-1');
    const deaf = await openAs(ACME_KEY);
    deaf.subscribe('1', WATCH, { w: 'acme-1' });
    await deaf.next();
    deaf.socket.pause();
    while (current().hub.watched().watchers > 0) {
      current().change('acme-1');
      await turn();
    }
    deaf.socket.resume();
    expect((await deaf.closed).code).not.toBe(1000);
  });

  it('may be slow for as long as it reads', async () => {
    await withLimits({ websocketLimits: { stallMs: 3_000 } });
    current().ledger.commit('acme-1');
    const slow = await openAs(ACME_KEY);
    slow.subscribe('1', WATCH, { w: 'acme-1' });
    await slow.next();
    const startMs = performance.now();
    // It takes a frame only after there was more to send than the kernels hold.
    while (performance.now() - startMs < 5_000) {
      slow.socket.pause();
      for (let count = 0; count < 40; count += 1) {
        current().change('acme-1');
        await turn();
      }
      slow.socket.resume();
      await slow.next();
    }
    const { version } = current().change('acme-1');
    for (let seen = 0; seen < version; ) {
      seen = (await slow.next()).payload.data.balanceChanged.version;
    }
  });
});

/** Whether a socket was closed because its peer did not read. */
async function stalled(): Promise<boolean> {
  const response = await fetch(`${current().url}/metrics`);
  return (await response.text()).includes('drawdown_websockets_stalled_total 1');
}
