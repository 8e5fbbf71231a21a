import { nowIn, nowsOf } from '../clocks/now-of.ts';
import type { Queryable } from '../infra/db.ts';
import type { WalletState } from './wallet-state.ts';

/** What time it is for a wallet: by the test clock of its customer, else by the server's, which is `now`. */
export function timeOf({ testNow }: Pick<WalletState, 'testNow'>, now: Date): Date {
  return testNow ?? now;
}

/**
 * Asks what time it is for wallets of customers with a test clock, which stands still until the transaction
 * ends. Asks nothing where there are none.
 */
export async function tellTime(tx: Queryable, wallets: readonly WalletState[]): Promise<void> {
  const timed = wallets.filter(({ testClockId }) => testClockId !== null);
  if (timed.length === 0) return;
  const clockOf = ({ testClockId }: WalletState) => testClockId ?? '';
  const nows = await nowsOf(tx, timed.map(clockOf));
  for (const wallet of timed) wallet.testNow = nowIn(nows, clockOf(wallet));
}
