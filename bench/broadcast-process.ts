import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { answerOf } from './answer-of.ts';
import type { BroadcastAnswer, BroadcastRequest } from './broadcast.ts';
import { AS_STARTED } from './server-process.ts';

const ENTRY = fileURLToPath(new URL('./broadcast.ts', import.meta.url));

export interface BroadcastProcess {
  readonly url: string;
  /** Answers the CPU time that it took, in milliseconds. */
  broadcast(request: BroadcastRequest): Promise<number>;
  stop(): void;
}

/** A bare `ws` server in a process of its own, with the flags of the server under test. */
export async function startBroadcastProcess(): Promise<BroadcastProcess> {
  const child = spawn(process.execPath, [...AS_STARTED, '--import', 'tsx', ENTRY], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { url } = await answerOf<BroadcastAnswer, 'READY'>(child, 'READY');
  return {
    url,
    async broadcast(request) {
      const sent = answerOf<BroadcastAnswer, 'SENT'>(child, 'SENT');
      child.send(request);
      return (await sent).cpuMs;
    },
    stop: () => child.disconnect(),
  };
}
