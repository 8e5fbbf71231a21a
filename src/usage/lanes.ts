import type { Batcher } from './batcher.ts';

export interface LanesOptions<Item, Result> {
  readonly batchers: readonly Batcher<Item, Result>[];
  /** What may not be in two batches at once, such as a customer: equal keys go the same way, in order. */
  readonly keyOf: (item: Item) => string;
  /** The result of an item that was turned away because too much is waiting. */
  readonly turnedAway: (item: Item) => Result;
}

export interface Lanes<Item, Result> {
  /** Resolves with the results in order once all items are committed. */
  submit(items: readonly Item[]): Promise<Result[]>;
  /** Whether no lane has room for much more. */
  isFull(): boolean;
  /** Tells everybody who waits that nobody does any more. */
  giveUp(error: Error): void;
  /** Resolves when all that was taken is committed. */
  idle(): Promise<void>;
}

/**
 * Several batches under way at a time, which never meet at the same row: while the database writes one the
 * process decides the other.
 */
export function createLanes<Item, Result>(
  options: LanesOptions<Item, Result>,
): Lanes<Item, Result> {
  const { batchers, keyOf, turnedAway } = options;

  const place = (item: Item) => laneOf(keyOf(item), batchers.length);

  async function submitTo(lane: number, items: readonly Item[]): Promise<Result[]> {
    return (await batchers[lane]?.submit(items)) ?? items.map(turnedAway);
  }

  return {
    async submit(items) {
      const [first] = items;
      if (items.length === 1 && first !== undefined) return submitTo(place(first), items);
      const parts = batchers.map((): Item[] => []);
      const lanes = items.map(place);
      for (const [index, lane] of lanes.entries()) parts[lane]?.push(items[index] as Item);
      const results = await Promise.all(
        parts.map((part, lane) => (part.length > 0 ? submitTo(lane, part) : [])),
      );
      const nextOf = results.map((part) => part[Symbol.iterator]());
      return lanes.map((lane) => nextOf[lane]?.next().value as Result);
    },
    isFull: () => batchers.every((batcher) => batcher.isFull()),
    giveUp: (error) => {
      for (const batcher of batchers) batcher.giveUp(error);
    },
    idle: async () => {
      await Promise.all(batchers.map((batcher) => batcher.idle()));
    },
  };
}

/** Which of `count` lanes a key belongs to; keys are ids, whose last characters are random. */
export function laneOf(key: string, count: number): number {
  return key.charCodeAt(key.length - 1) % count;
}
