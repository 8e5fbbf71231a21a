import { LeaseError } from './lease-error.ts';
import { openLease } from './open-lease.ts';
import type * as Sdk from './sdk.js';

/** What is public, as `sdk.d.ts` declares it: a difference does not compile. */
export const sdk: typeof Sdk = { LeaseError, openLease };
