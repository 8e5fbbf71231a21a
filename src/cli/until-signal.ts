const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/**
 * One Ctrl+C is several signals: the terminal sends it to all of `npm start`, and npm passes its own on. What
 * comes within this time is one and the same; a person who asks again takes longer.
 */
const SAME_MS = 1_000;

/**
 * Runs until the process is asked to end, then finishes what was begun. Who asks again, a second later or
 * more, ends it at once; so does that work when it fails. When what it lives on is lost it ends likewise, and
 * throws why.
 */
export async function untilSignal(stop: () => Promise<void>, lost: Promise<Error>): Promise<void> {
  // Signal handlers alone do not keep a process alive.
  const keepAlive = setInterval(() => undefined, 2 ** 30);
  let endingSinceMs: number | null = null;
  const asked = new Promise<null>((resolve) => {
    const hear = () => {
      if (endingSinceMs !== null && performance.now() - endingSinceMs >= SAME_MS) process.exit(1);
      resolve(null);
    };
    // Without a handler at any time in between, a signal would end the process.
    for (const signal of SIGNALS) process.on(signal, hear);
  });
  const reason = await Promise.race([asked, lost]);
  endingSinceMs = performance.now();
  try {
    await stop();
  } finally {
    clearInterval(keepAlive);
  }
  if (reason) throw reason;
}
