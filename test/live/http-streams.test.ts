import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from './harness.ts';
import { openStream, post } from './http-client.ts';
import { ACME_KEY, SHORT_TOKEN, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  await server.stop();
});

describe('server-sent events', () => {
  const watch = 'subscription { balanceChanged(walletId: "acme-1") { version } }';

  it('carry a subscription, and let it go when the reader leaves', async () => {
    server.ledger.commit('acme-1');
    const stream = await openStream(server, watch, ACME_KEY);
    for (const version of [1, 2, 3]) {
      expect(await stream.next()).toEqual({ data: { balanceChanged: { version } } });
      server.change('acme-1');
    }
    stream.abort();
    await until(() => server.hub.watched().watchers === 0);
  });

  it('mask what broke', async () => {
    const stream = await openStream(server, 'subscription { breaks }', ACME_KEY);
    const { errors } = await stream.next();
    expect(errors).toMatchObject([
      { message: 'Internal error', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ]);
    expect(errors[0].extensions.requestId).toMatch(/^[0-9a-f-]{36}$/);
    stream.abort();
  });

  it('end when the token expires', async () => {
    server.ledger.commit('acme-1');
    const stream = await openStream(server, watch, SHORT_TOKEN);
    await stream.next();
    await expect(stream.next()).rejects.toThrow();
    await until(() => server.hub.watched().watchers === 0);
  });
});

describe('a stop', () => {
  it('answers what was asked, and then nothing more', async () => {
    await fetch(`${server.url}/livez`);
    const answer = post(server, '{ slow }');
    await server.slow.asked;
    const stopped = server.server.stop();
    await expect(fetch(`${server.url}/livez`)).rejects.toThrow();
    server.slow.finish();
    expect((await answer).body.data.slow).toBe('done');
    await stopped;
  });

  it('ends streams at once', async () => {
    server.ledger.commit('acme-1');
    const stream = await openStream(
      server,
      'subscription { balanceChanged(walletId: "acme-1") { version } }',
      ACME_KEY,
    );
    await stream.next();
    const end = stream.next();
    await Promise.all([server.server.stop(), expect(end).rejects.toThrow()]);
    await until(() => server.hub.watched().watchers === 0);
  });

  it('gives up on a request that takes too long', async () => {
    await server.stop();
    server = await startTestServer({ stopTimeoutMs: 30 });
    const answer = post(server, '{ slow }');
    await server.slow.asked;
    await Promise.all([server.server.stop(), expect(answer).rejects.toThrow()]);
  });
});
