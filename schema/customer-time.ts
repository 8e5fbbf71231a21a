import type { Context } from './context.ts';

/** What time it is for a customer: by the test clock that it goes by, by the server's for null. */
export function customerTime(context: Context, testClockId: string | null): Date | Promise<Date> {
  if (testClockId === null) return context.services.clock.now();
  return context.loaders().testNows.load(testClockId);
}
