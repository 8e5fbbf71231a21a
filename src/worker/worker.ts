import { setMaxListeners } from 'node:events';
import type { Log } from '../infra/log.ts';

/** Something that must happen without a request. Any number of workers may run it at once. */
export interface Task {
  readonly name: string;
  /** The pause between two runs, in milliseconds. */
  readonly everyMs: number;
  /** Does what is due; true when more was due than one run takes. */
  run(): Promise<boolean>;
}

export interface Worker {
  /** Lets what is running finish. */
  stop(): Promise<void>;
}

/** Runs each task again and again until it is stopped. A run that fails is logged and tried again. */
export function startWorker({ tasks, log }: { tasks: readonly Task[]; log: Log }): Worker {
  const stopping = new AbortController();
  // Each task listens to it, and Node takes more than ten for a leak.
  setMaxListeners(tasks.length, stopping.signal);
  const loops = tasks.map((task) => loop(task, stopping.signal, log));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function loop(task: Task, signal: AbortSignal, log: Log): Promise<void> {
  while (!signal.aborted) {
    let isMoreDue = false;
    try {
      isMoreDue = await task.run();
    } catch (error) {
      log.error({ task: task.name, error }, 'A task of the worker failed; it will be tried again.');
    }
    if (!isMoreDue) await pause(task.everyMs, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
