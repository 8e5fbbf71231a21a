import { afterEach, beforeEach, expect } from 'vitest';
import { openWs, type WsClient } from '../support/ws-client.ts';
import { startTestServer, type TestServer } from './test-server.ts';

/** A server of its own for each test of a file, and sockets to it. */
export function eachServer() {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.stop());

  return {
    current: () => server,
    async openAs(authorization: string): Promise<WsClient> {
      const client = await openWs(server.wsUrl);
      expect(await client.init(authorization)).toEqual({ type: 'connection_ack' });
      return client;
    },
    /** Starts anew under other limits. */
    async withLimits(limits: Parameters<typeof startTestServer>[0]): Promise<void> {
      await server.stop();
      server = await startTestServer(limits);
    },
  };
}
