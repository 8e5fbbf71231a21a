import { setTimeout as pause } from 'node:timers/promises';
import { WebSocketServer } from 'ws';

/** What the parent may ask of the bare server. */
export interface BroadcastRequest {
  readonly chars: number;
  /** Broadcasts a second. */
  readonly rate: number;
  readonly durationMs: number;
}

export type BroadcastAnswer =
  | { readonly kind: 'READY'; readonly url: string }
  | { readonly kind: 'SENT'; readonly cpuMs: number };

const TICK_MS = 2;

/** The least that a push can cost: one text, made once, to every socket of a bare `ws` server. */
async function broadcast(sockets: WebSocketServer, request: BroadcastRequest): Promise<void> {
  const before = process.cpuUsage();
  const start = performance.now();
  let sent = 0;
  while (performance.now() - start < request.durationMs) {
    const due = ((performance.now() - start) / 1000) * request.rate;
    if (sent < due) {
      sent += 1;
      const text = String(sent).padEnd(request.chars, '.');
      for (const socket of sockets.clients) socket.send(text);
    }
    await pause(sent < due ? 0 : TICK_MS);
  }
  const { user, system } = process.cpuUsage(before);
  tell({ kind: 'SENT', cpuMs: (user + system) / 1000 });
}

function tell(answer: BroadcastAnswer): void {
  process.send?.(answer);
}

const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
sockets.once('listening', () => {
  const address = sockets.address();
  if (typeof address === 'string' || address === null) throw new Error('There is no port.');
  tell({ kind: 'READY', url: `http://127.0.0.1:${address.port}` });
});
process.on('message', (request: BroadcastRequest) => void broadcast(sockets, request));
process.once('disconnect', () => process.exit(0));
