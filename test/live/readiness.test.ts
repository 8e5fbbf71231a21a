import { describe, expect, it } from 'vitest';
import { createManualClock, SECOND_MS } from '../../src/kit/clock.ts';
import { DEGRADED } from '../../src/server/probes/health.ts';
import { startApi } from '../support/api.ts';
import { createTestDatabase } from '../support/database.ts';
import { openGate } from '../support/gate.ts';
import { get } from './http-client.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const clock = createManualClock(new Date());

async function withChecks(
  checks: Parameters<typeof startTestServer>[0],
  work: (server: TestServer) => Promise<void>,
): Promise<void> {
  const server = await startTestServer({ clock, ...checks });
  await work(server).finally(server.stop);
}

describe('readiness', () => {
  it('is that every check passes', async () => {
    let migrated = false;
    const checks = {
      database: async () => 1,
      migrations: async () => {
        if (!migrated) throw new Error('2 migrations are pending on db.internal.');
      },
    };
    await withChecks({ checks }, async (server) => {
      expect(await get(server, '/readyz')).toMatchObject({
        status: 503,
        body: { ready: false, checks: { database: 'ok', migrations: 'failed' } },
      });
      migrated = true;
      clock.advance(SECOND_MS);
      expect(await get(server, '/readyz')).toMatchObject({ status: 200, body: { ready: true } });
    });
  });

  it('is not lost over what is only degraded', async () => {
    const checks = { database: async () => 1, live: async () => DEGRADED };
    await withChecks({ checks }, async (server) => {
      expect(await get(server, '/readyz')).toMatchObject({
        status: 200,
        body: { ready: true, checks: { database: 'ok', live: 'DEGRADED' } },
      });
    });
  });

  it('is found out once a second, however many ask', async () => {
    let runs = 0;
    const checks = {
      database: async () => {
        runs += 1;
      },
    };
    await withChecks({ checks }, async (server) => {
      for (const expected of [1, 2]) {
        const answers = Array.from({ length: 20 }, () => get(server, '/readyz'));
        for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
        expect((await get(server, '/readyz')).status).toBe(200);
        expect(runs).toBe(expected);
        clock.advance(SECOND_MS);
      }
    });
  });

  it('fails when a check hangs, which is not started again meanwhile', async () => {
    let runs = 0;
    let letGo = () => {};
    const checks = {
      database: () => {
        runs += 1;
        return new Promise<void>((resolve) => {
          letGo = resolve;
        });
      },
    };
    await withChecks({ checks }, async (server) => {
      for (let asked = 0; asked < 2; asked += 1) {
        expect((await get(server, '/readyz')).status).toBe(503);
        clock.advance(SECOND_MS);
      }
      expect(runs).toBe(1);
      letGo();
    });
  });

  it('is asked over the connections that are there, and comes back with the database', async () => {
    const database = await createTestDatabase();
    const gate = await openGate(database.url);
    const api = await startApi({ databaseUrl: gate.url, clock });
    const ask = async () => {
      clock.advance(SECOND_MS);
      const response = await fetch(`${api.url}/readyz`);
      return { status: response.status, body: await response.json() };
    };
    try {
      expect(await ask()).toMatchObject({ status: 200, body: { ready: true } });
      const before = gate.connections();
      for (let asked = 0; asked < 20; asked += 1) expect((await ask()).status).toBe(200);
      expect(gate.connections()).toBe(before);
      await gate.shut();
      const failed = { database: 'failed', migrations: 'failed', live: 'ok' };
      expect(await ask()).toEqual({ status: 503, body: { ready: false, checks: failed } });
      await gate.open();
      expect(await ask()).toMatchObject({ status: 200, body: { ready: true } });
    } finally {
      await api.stop();
      await gate.shut();
      await database.drop();
    }
  });
});
