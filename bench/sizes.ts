/** How much a run measures. */
export interface Sizes {
  /** Each with one wallet and three grants. */
  readonly customers: number;
  /** Sent before anything is measured, so that code is compiled and caches are warm. */
  readonly warmUpEvents: number;
  /** Sent in one measured round of a batch scenario. */
  readonly batchEvents: number;
  /** Length of one measured round of a single-event scenario. */
  readonly roundMs: number;
  /** Rounds of each side, in turns; the median is reported. */
  readonly rounds: number;
  /** What the Prisma baseline records in all. */
  readonly prismaEvents: number;
  readonly subscribers: number;
  /** WebSockets that are open at once when their memory is measured. */
  readonly sockets: number;
  readonly memoryEvents: number;
  /** States of wallets that are committed while watchers look on. */
  readonly updates: number;
  readonly overloadMs: number;
}

export const FULL: Sizes = {
  customers: 10_000,
  warmUpEvents: 50_000,
  batchEvents: 100_000,
  roundMs: 5_000,
  rounds: 5,
  prismaEvents: 4_000,
  subscribers: 1_000,
  sockets: 10_000,
  memoryEvents: 1_000_000,
  updates: 1_000_000,
  overloadMs: 60_000,
};

/** A minute instead of ten: for seeing that it works, not for quoting. */
export const QUICK: Sizes = {
  customers: 2_000,
  warmUpEvents: 10_000,
  batchEvents: 20_000,
  roundMs: 2_000,
  rounds: 2,
  prismaEvents: 600,
  subscribers: 200,
  sockets: 2_000,
  memoryEvents: 200_000,
  updates: 50_000,
  overloadMs: 10_000,
};
