import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Ask, askAt, KEY } from './api.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIN = fileURLToPath(new URL('../../src/cli/bin.js', import.meta.url));

export interface ChildApiOptions {
  /** Left out: the embedded PostgreSQL in `dataDir`. */
  readonly databaseUrl?: string;
  readonly dataDir?: string;
  readonly redisUrl?: string;
  /** @default any free one */
  readonly port?: number;
  /** Whether it also does what happens without a request. @default true */
  readonly worker?: boolean;
  /** By `npm start`, in a process group of its own, as a terminal does; `pid` is that of npm. */
  readonly npmStart?: boolean;
  /** Other variables of its environment. */
  readonly environment?: NodeJS.ProcessEnv;
}

export interface ChildApi {
  readonly url: string;
  readonly ask: Ask;
  /** For signals. */
  readonly pid: number;
  /** How it ended, whoever ended it. */
  readonly ended: Promise<Ended>;
  /** Ends it as a crash would: nothing is finished, nobody is told. */
  kill9(): Promise<void>;
  /** Ends it as an operator would; the exit code. */
  stop(): Promise<number | null>;
}

const NPM_START: Start = { file: 'npm', args: ['start'], isGroup: true };

/** `drawdown serve` as a process of its own. It answers when this resolves. */
export async function startChildApi(options: ChildApiOptions): Promise<ChildApi> {
  const args = options.worker === false ? ['serve', '--no-worker'] : ['serve'];
  const { child, output, ended } = launch(options.npmStart ? NPM_START : drawdown(args), {
    ...options.environment,
    PORT: String(options.port ?? 0),
    DATABASE_URL: options.databaseUrl ?? '',
    DRAWDOWN_DATA_DIR: options.dataDir ?? '',
    REDIS_URL: options.redisUrl ?? '',
    DRAWDOWN_BOOTSTRAP_KEY: KEY,
    LOG_LEVEL: 'warn',
  });
  const url = await addressOf(child, output);
  return {
    url,
    ask: askAt(url),
    pid: child.pid ?? 0,
    ended,
    async kill9() {
      await end(child, 'SIGKILL');
    },
    stop: () => end(child, 'SIGTERM'),
  };
}

/** How a process ended and what it said; kept as text because a failure wants to be read. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Command {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** A `drawdown` command with its arguments, as a process of its own. */
export function runDrawdown(args: readonly string[], environment: NodeJS.ProcessEnv): Command {
  const { child, ended } = launch(drawdown(args), { LOG_LEVEL: 'warn', ...environment });
  return { child, ended };
}

interface Start {
  readonly file: string;
  readonly args: readonly string[];
  readonly isGroup: boolean;
}

function drawdown(args: readonly string[]): Start {
  return { file: process.execPath, args: [BIN, ...args], isGroup: false };
}

function launch({ file, args, isGroup }: Start, environment: NodeJS.ProcessEnv) {
  const child = spawn(file, args, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: isGroup,
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const killOrphan = () => process.kill(isGroup ? -(child.pid ?? 0) : (child.pid ?? 0), 'SIGKILL');
  process.on('exit', killOrphan);
  child.once('exit', () => process.off('exit', killOrphan));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }));
  return { child, output, ended };
}

/** The address that the process prints once it answers. */
function addressOf(child: ChildProcess, output: { stdout: string; stderr: string }) {
  return new Promise<string>((resolve, reject) => {
    const look = () => {
      const url = /GraphQL\s+(http:\/\/\S+)\/graphql/.exec(output.stdout)?.[1];
      if (url) resolve(url);
    };
    child.stdout?.on('data', look);
    child.once('close', (code) => {
      reject(new Error(`The API ended with ${code}:\n${output.stdout}\n${output.stderr}`));
    });
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
  return child.exitCode;
}
