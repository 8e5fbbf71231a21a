import { LeaseError } from './lease-error.ts';
import { openLease } from './open-lease.ts';
import type * as Sdk from './sdk.js';

export { LeaseError, openLease };

// What is public is what `sdk.d.ts` declares: a difference does not compile.
({ LeaseError, openLease }) satisfies typeof Sdk;
