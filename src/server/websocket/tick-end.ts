/** Resolves when nothing more is begun in this tick by what came before. */
export type TickEnd = () => Promise<void>;

/** All who ask in one tick are given the same promise, and go on in the order in which they asked. */
export function createTickEnd(): TickEnd {
  let end: Promise<void> | null = null;
  return () => {
    end ??= new Promise((resolve) => {
      process.nextTick(() => {
        end = null;
        resolve();
      });
    });
    return end;
  };
}
