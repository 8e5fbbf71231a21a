import type { CreditsDefinition } from '../catalog/plans/definition.ts';
import { type Exact, ZERO } from '../kit/decimal.ts';
import { isInForce } from '../ledger/grant.ts';
import type { GrantState } from '../ledger/wallet-state.ts';
import type { Slot } from './credits.ts';
import type { GivenGrant } from './given-store.ts';
import { pocketOf, type Work } from './work.ts';

/** An open grant that was given. */
export interface OpenGiven {
  readonly given: GivenGrant;
  readonly grant: GrantState;
}

/** The open grants that were given under a name in an asset: a version may give them in another one. */
export function grantsOf(work: Work, { code, asset }: CreditsDefinition): OpenGiven[] {
  const { grants } = pocketOf(work, asset).wallet;
  return work.given.flatMap((given) => {
    const grant = given.code === code && grants.find(({ id }) => id === given.grantId);
    return grant ? [{ given, grant }] : [];
  });
}

export function stateOf({ purse }: Work, { grantId }: GivenGrant): GrantState | undefined {
  for (const { wallet } of purse.pockets) {
    const grant = wallet.grants.find(({ id }) => id === grantId);
    if (grant) return grant;
  }
  return undefined;
}

/** What is left, in force, of what was given earlier under the same name in the same asset. */
export function leftOf(work: Work, { credits }: Pick<Slot, 'credits'>): Exact {
  return grantsOf(work, credits)
    .filter(({ grant }) => isInForce(grant, work.now))
    .reduce((sum, { grant }) => sum + grant.remaining, ZERO);
}
