const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Runs until the process is asked to end, then finishes what was begun. A second signal, or the first
 * one's work failing, ends it at once.
 */
export async function untilSignal(stop: () => Promise<void>): Promise<void> {
  // Signal handlers alone do not keep a process alive.
  const keepAlive = setInterval(() => undefined, 2 ** 30);
  await new Promise<void>((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve());
  });
  for (const signal of SIGNALS) process.once(signal, () => process.exit(1));
  await stop();
  clearInterval(keepAlive);
}
