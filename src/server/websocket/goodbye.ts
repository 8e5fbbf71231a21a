import type { WebSocket } from 'ws';

/** How long a peer may take to say goodbye. */
const GOODBYE_MS = 2_000;

/** Closes a socket, and ends it when the peer does not answer. Resolves when it is gone. */
export async function sayGoodbye(
  socket: WebSocket,
  code: number,
  reason: string,
  patienceMs = GOODBYE_MS,
): Promise<void> {
  const timer = setTimeout(() => socket.terminate(), patienceMs);
  await new Promise<void>((resolve) => {
    if (socket.readyState === socket.CLOSED) return resolve();
    socket.once('close', () => resolve());
    socket.close(code, reason);
  });
  clearTimeout(timer);
}
