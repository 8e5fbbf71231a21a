import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { answerOf } from './answer-of.ts';
import type { ReaderAnswer, ReaderRequest } from './reader.ts';

const ENTRY = fileURLToPath(new URL('./reader.ts', import.meta.url));

const SUBSCRIPTION = `subscription WatchBalance($walletId: ID!) {
  balanceChanged(walletId: $walletId) { version balance { settled available } }
}`;

export interface Reader {
  /** Frames so far without those that opened the sockets, and the bytes of their texts. */
  count(): Promise<{ readonly frames: number; readonly bytes: number }>;
  close(): void;
}

/** Opens as many WebSockets as there are scripts; resolves when each script was answered. */
export async function startReader(
  url: string,
  scripts: readonly (readonly string[])[],
): Promise<Reader> {
  const child = spawn(process.execPath, ['--import', 'tsx', ENTRY], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ask = (request: ReaderRequest) => child.send(request);
  await answerOf<ReaderAnswer, 'READY'>(child, 'READY');
  const opened = answerOf<ReaderAnswer, 'OPENED'>(child, 'OPENED');
  ask({ kind: 'OPEN', url, scripts });
  await opened;
  return {
    count() {
      const counted = answerOf<ReaderAnswer, 'COUNTED'>(child, 'COUNTED');
      ask({ kind: 'COUNT' });
      return counted;
    },
    close: () => child.disconnect(),
  };
}

/** What a client of the product sends; its ids are unique, as those of its libraries are. */
export function watchScript(key: string, walletId: string): string[] {
  return [
    JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } }),
    JSON.stringify({
      id: randomUUID(),
      type: 'subscribe',
      payload: { query: SUBSCRIPTION, variables: { walletId } },
    }),
  ];
}
