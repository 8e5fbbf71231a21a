import { setImmediate as turn } from 'node:timers/promises';

/** Some work that waits to be committed, and who waits for it. */
interface Job<Item, Result> {
  readonly items: readonly Item[];
  readonly size: number;
  resolve(results: Result[]): void;
  reject(error: unknown): void;
}

export interface BatcherOptions<Item, Result> {
  /** Commits items together and returns their results in order; called by one caller at a time. */
  readonly commit: (items: readonly Item[]) => Promise<Result[]>;
  /** How much an item counts for in the two that follow. */
  readonly sizeOf: (item: Item) => number;
  /** How much one commit takes at the most (a larger single job goes alone). */
  readonly maxBatch: number;
  /** How much may wait before more is turned away. */
  readonly maxWaiting: number;
  /**
   * Whether a failed commit may be due to one of its items. If so the jobs are committed one by one, so
   * that nobody fails for another caller's data.
   */
  readonly isItemFault: (error: unknown) => boolean;
}

export interface Batcher<Item, Result> {
  /** Resolves once the items are committed; null when too much is waiting, and nothing was taken. */
  submit(items: readonly Item[]): Promise<Result[]> | null;
  /** Whether there is room for little more. */
  isFull(): boolean;
  /** Tells everybody who waits that nobody does any more; what is under way may still be committed. */
  giveUp(error: Error): void;
  /** Resolves when all that was taken is committed. */
  idle(): Promise<void>;
}

/**
 * Beyond it a queue counts as full: what is on its way may be a large job, and what waits longer is charged no
 * sooner.
 */
const FULL_SHARE = 0.5;

/**
 * Group commit. Whatever is waiting is committed together; while one batch commits the next one fills.
 * There is no timer: on an idle system an item is committed at once.
 */
export function createBatcher<Item, Result>(
  options: BatcherOptions<Item, Result>,
): Batcher<Item, Result> {
  const queue: Job<Item, Result>[] = [];
  let underWay: readonly Job<Item, Result>[] = [];
  let waiting = 0;
  let running: Promise<void> | null = null;

  function submit(items: readonly Item[]): Promise<Result[]> | null {
    let size = 0;
    for (const item of items) size += options.sizeOf(item);
    if (waiting + size > options.maxWaiting) return null;
    return new Promise((resolve, reject) => {
      queue.push({ items, size, resolve, reject });
      waiting += size;
      running ??= run();
    });
  }

  async function run(): Promise<void> {
    while (queue.length > 0) {
      // Whoever is in the same turn of the event loop joins, also who goes on from what the last batch has answered.
      await turn();
      const jobs = takeJobs(queue, options.maxBatch);
      underWay = jobs;
      await commitJobs(jobs);
      for (const job of jobs) waiting -= job.size;
    }
    underWay = [];
    running = null;
  }

  async function commitJobs(jobs: readonly Job<Item, Result>[]): Promise<void> {
    try {
      const results = await options.commit(jobs.flatMap((job) => job.items));
      let start = 0;
      for (const job of jobs) {
        job.resolve(results.slice(start, start + job.items.length));
        start += job.items.length;
      }
    } catch (error) {
      if (jobs.length > 1 && options.isItemFault(error)) {
        for (const job of jobs) await commitJobs([job]);
      } else {
        for (const job of jobs) job.reject(error);
      }
    }
  }

  return {
    submit,
    isFull: () => waiting > FULL_SHARE * options.maxWaiting,
    giveUp(error) {
      for (const job of [...underWay, ...queue]) job.reject(error);
    },
    idle: async () => {
      while (running) await running;
    },
  };
}

/** The longest prefix of the queue that fits one batch, and at least one job. */
function takeJobs<Item, Result>(queue: Job<Item, Result>[], maxBatch: number): Job<Item, Result>[] {
  let size = 0;
  let count = 0;
  for (const job of queue) {
    size += job.size;
    if (count > 0 && size > maxBatch) break;
    count += 1;
  }
  return queue.splice(0, count);
}
