import type { Db } from '../infra/db.ts';
import { once } from '../infra/idempotency.ts';
import { type Clock, fromEpochMs } from '../kit/clock.ts';
import { type IdempotencyMismatch, type Invalid, isRefusal } from '../kit/refusal.ts';
import { lockOrganization } from './organization-store.ts';
import { removeSigningKeys } from './signing-key-store.ts';
import type { Viewer } from './viewer.ts';

export interface RevokeCustomerTokensInput {
  readonly idempotencyKey?: string | null | undefined;
}

export interface CustomerTokensRevoked {
  readonly revokedAt: Date;
}

export interface TokenRevocation {
  /**
   * Ends every token of the organization by taking away what verifies them. A repeat with the same
   * idempotency key leaves alone what was made since the first.
   */
  revokeCustomerTokens(
    viewer: Viewer,
    input: RevokeCustomerTokensInput,
  ): Promise<CustomerTokensRevoked | Invalid | IdempotencyMismatch>;
}

export interface TokenRevocationDeps {
  readonly db: Db;
  readonly clock: Clock;
  /** Makes this process forget the tokens it knows. */
  readonly forgetTokens: () => void;
}

export function createTokenRevocation(deps: TokenRevocationDeps): TokenRevocation {
  const { db, clock, forgetTokens } = deps;
  return {
    async revokeCustomerTokens({ organizationId }, input) {
      const call = { organizationId, operation: 'revokeCustomerTokens', input };
      const outcome = await db.transaction((tx) =>
        once(tx, clock, call, async () => {
          // A first key that is being made is waited for, and removed with the others.
          await lockOrganization(tx, organizationId);
          await removeSigningKeys(tx, organizationId);
          return { revokedAtMs: clock.now().getTime() };
        }),
      );
      forgetTokens();
      return isRefusal(outcome) ? outcome : { revokedAt: fromEpochMs(outcome.revokedAtMs) };
    },
  };
}
