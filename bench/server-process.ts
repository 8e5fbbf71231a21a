import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import { answerOf } from './answer-of.ts';
import type { Answer, Request } from './server.ts';

const ENTRY = fileURLToPath(new URL('./server.ts', import.meta.url));

/** The flags that `npm start` gives. */
export const AS_STARTED = packageJson.scripts.start.match(/--\S+/g) ?? [];

export interface ServerProcess {
  readonly url: string;
  /** The same server with one more mutation, `doNothing`, and one more query, `constant`. */
  readonly noopUrl: string;
  /** Resident memory in bytes and CPU time so far in milliseconds, of the server alone. */
  usage(): Promise<{ readonly rssBytes: number; readonly cpuMs: number }>;
  stop(): Promise<void>;
}

export interface ServerProcessOptions {
  readonly databaseUrl: string;
  readonly key: string;
  /** Where a CPU profile of the server goes when it stops; null for none. */
  readonly profileDir: string | null;
  /** Left out: it is the only process. */
  readonly redisUrl?: string | undefined;
}

/**
 * Starts the server under test with the flags of production, and waits until it answers. Its sources are read as
 * they are: that costs at the start, and nothing measurable in a request.
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const profiling = options.profileDir
    ? ['--cpu-prof', `--cpu-prof-dir=${options.profileDir}`]
    : [];
  const child = spawn(process.execPath, [...profiling, ...AS_STARTED, '--import', 'tsx', ENTRY], {
    env: {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'warn',
      DATABASE_URL: options.databaseUrl,
      REDIS_URL: options.redisUrl ?? '',
      DRAWDOWN_BOOTSTRAP_KEY: options.key,
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ready = await answerOf<Answer, 'READY'>(child, 'READY');
  return {
    url: ready.url,
    noopUrl: ready.noopUrl,
    usage() {
      const answer = answerOf<Answer, 'MEMORY'>(child, 'MEMORY');
      child.send('MEMORY' satisfies Request);
      return answer;
    },
    async stop() {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.send('STOP' satisfies Request);
      await gone;
    },
  };
}
