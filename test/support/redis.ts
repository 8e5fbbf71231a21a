import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** Ends it and waits until it is gone. Harmless when it is gone already. */
  stop(): Promise<void>;
  /** Kills it as a crash would: no goodbye to anybody. */
  kill9(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>;
  /** Makes it hang: its connections stay, and nothing is answered. */
  freeze(): void;
  /** Ends that: what arrived meanwhile is answered late. */
  thaw(): void;
  /** What `redis-cli` prints for a command. */
  ask(...command: string[]): Promise<string>;
}

const START_ATTEMPTS = 5;
const READY_ATTEMPTS = 200;
const PAUSE_MS = 50;
const run = promisify(execFile);

/** A Redis of the test's own, which keeps no data on disk. It answers PING when this resolves. */
export async function startRedis(settings: readonly string[] = []): Promise<TestRedis> {
  await ensureInstalled();
  let { port, child } = await launchOnFreePort(settings);
  const killOrphan = () => child.kill('SIGKILL');
  process.on('exit', killOrphan);

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    async stop() {
      await end(child, 'SIGTERM');
      process.off('exit', killOrphan);
    },
    kill9: () => end(child, 'SIGKILL'),
    async restart() {
      await end(child, 'SIGTERM');
      child = await launch(port, settings);
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    ask: async (...command) => (await run('redis-cli', ['-p', `${port}`, ...command])).stdout,
  };
}

async function launchOnFreePort(
  settings: readonly string[],
): Promise<{ port: number; child: ChildProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { port, child: await launch(port, settings) };
    } catch (error) {
      // Somebody else took the port between the question and the use.
      if (attempt === START_ATTEMPTS) throw error;
    }
  }
}

async function launch(port: number, settings: readonly string[]): Promise<ChildProcess> {
  const always = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', [...always, '--dir', tmpdir(), ...settings], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output = `${output}${chunk}`.slice(-2_000);
  });
  for (let attempt = 0; attempt < READY_ATTEMPTS && !hasEnded(child); attempt += 1) {
    if ((await ping(port)) && !hasEnded(child)) return child;
    await delay(PAUSE_MS);
  }
  await end(child, 'SIGKILL');
  throw new Error(`redis-server did not start on port ${port}:\n${output}`);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  // One that is frozen would not hear of it.
  child.kill('SIGCONT');
  await gone;
}

/** Whether a Redis answers there. */
function ping(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const settle = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('data', (answer) => settle(answer.toString().startsWith('+PONG')));
    socket.once('error', () => settle(false));
    socket.once('close', () => settle(false));
  });
}

/** Tests that need Redis never skip: it is installed where that is possible, or the test fails. */
async function ensureInstalled(): Promise<void> {
  if (await isInstalled()) return;
  const options = ['-o', 'DPkg::Lock::Timeout=120'];
  try {
    if (process.getuid?.() !== 0) throw new Error('Only root can install packages.');
    await run('apt-get', [...options, 'update']);
    await run('apt-get', [...options, 'install', '-y', 'redis-server']);
  } catch (cause) {
    // The other worker may have installed it in the meantime.
    if (await isInstalled()) return;
    throw new Error(
      'These tests need a redis-server on the PATH: install it (Debian: apt-get install redis-server; macOS: brew install redis).',
      { cause },
    );
  }
}

async function isInstalled(): Promise<boolean> {
  return run('redis-server', ['--version']).then(
    () => true,
    () => false,
  );
}
