import type { HttpClient } from './http-client.ts';
import { RECORDED } from './single-event.ts';

const TICK_MS = 2;

/** Sends at a steady rate, whether or not the answers keep up; answers how many were sent. */
export async function pace(
  clients: readonly HttpClient[],
  rate: number,
  durationMs: number,
  send: (client: HttpClient, number: number) => Promise<string> | null,
): Promise<number> {
  const idle = [...clients];
  const start = performance.now();
  let sent = 0;
  let turn = 0;
  while (performance.now() - start < durationMs) {
    const due = ((performance.now() - start) / 1000) * rate;
    while (sent < due && idle.length > 0) {
      // In rotation: a connection that never asks anything is closed by the server.
      const client = idle.shift() as HttpClient;
      const answer = send(client, turn++);
      if (!answer) {
        idle.push(client);
        break;
      }
      sent += 1;
      void answer.then((text) => {
        if (!text.includes(RECORDED)) throw new Error(`Not as expected: ${text.slice(0, 500)}`);
        idle.push(client);
      });
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  while (idle.length < clients.length) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  return sent;
}
