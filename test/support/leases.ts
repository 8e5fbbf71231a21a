import { openLease } from '../../src/sdk/open-lease.ts';
import type { Lease, LeaseOptions } from '../../src/sdk/sdk.js';
import { KEY } from './api.ts';
import { until } from './until.ts';

/** A lease of five dollars that reports when it is told to: soon, unless a test says otherwise. */
export async function leaseOf(
  url: string,
  externalId: string,
  more: Partial<LeaseOptions> = {},
): Promise<Lease> {
  const options = { asset: 'USD', block: '5', lowWater: '2', flushEveryMs: 0, ...more };
  const lease = await openLease({ url, key: KEY, customer: { externalId }, ...options });
  if ('refused' in lease) throw new Error(`${lease.refused}: ${lease.message}`);
  return lease;
}

/** Until all that was reported is charged. */
export async function untilCharged(lease: Lease): Promise<void> {
  await until('what was reported is charged', async () => lease.waiting === 0);
}
