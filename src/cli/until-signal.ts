const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Runs until the process is asked to end, then finishes what was begun. A second signal, or the first
 * one's work failing, ends it at once. When what it lives on is lost it ends likewise, and throws why.
 */
export async function untilSignal(stop: () => Promise<void>, lost: Promise<Error>): Promise<void> {
  // Signal handlers alone do not keep a process alive.
  const keepAlive = setInterval(() => undefined, 2 ** 30);
  const asked = new Promise<null>((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve(null));
  });
  const reason = await Promise.race([asked, lost]);
  for (const signal of SIGNALS) process.once(signal, () => process.exit(1));
  await stop();
  clearInterval(keepAlive);
  if (reason) throw reason;
}
