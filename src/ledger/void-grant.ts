import type { Viewer } from '../access/viewer.ts';
import { createChecker } from '../kit/check.ts';
import { plain, ZERO } from '../kit/decimal.ts';
import { fromTypeId, type Id } from '../kit/ids.ts';
import { type CommonRefusal, conflict, invalid, notFound } from '../kit/refusal.ts';
import { freeOf } from './burn-down.ts';
import { changeWallet, type LedgerDeps } from './change-wallet.ts';
import { findGrantWithWallet } from './store.ts';
import { takeBack } from './take-back.ts';

export interface VoidGrantInput {
  readonly grant: string;
  readonly amount?: unknown;
  readonly description?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface Voided {
  readonly grantId: Id<'grant'>;
  readonly walletId: Id<'wallet'>;
  readonly adjustmentId: Id<'adjustment'>;
  /** What was taken back, canonical text. */
  readonly amount: string;
}

/**
 * Takes back what is left of a grant, or a part of it, to where its value came from. What holds have set aside
 * stays: it was promised to work that may be under way.
 */
export async function voidGrant(
  deps: LedgerDeps,
  viewer: Viewer,
  input: VoidGrantInput,
): Promise<Voided | CommonRefusal> {
  const grantId = fromTypeId('grant', input.grant);
  const stored = grantId && (await findGrantWithWallet(deps.db, viewer, grantId));
  if (!stored) return notFound('grant', 'CreditGrant', input.grant);
  const { asset } = stored.wallet;
  const check = createChecker();
  const asked = input.amount == null ? null : check.positive('amount', input.amount, asset.scale);
  const description = check.optionalText('description', input.description, 500);
  const fault = check.fault();
  if (fault) return fault;

  const change = {
    viewer,
    call: { operation: 'voidGrant', input },
    customerId: stored.customerId as Id<'customer'>,
    asset,
    walletName: stored.wallet.name,
  };
  return changeWallet(deps, change, async (wallet, tx, now) => {
    const grant = wallet.grants.find((candidate) => candidate.id === grantId);
    if (!grant || grant.remaining === ZERO)
      return conflict('grant', 'Nothing is left of this grant.');
    const free = freeOf(grant);
    if (free === ZERO)
      return conflict('grant', 'All that is left of this grant is set aside by holds.');
    const amount = asked ?? free;
    if (amount > free) {
      const message =
        grant.held === ZERO
          ? `Only ${plain(free)} is left of the grant.`
          : `Only ${plain(free)} of the grant can be taken back; holds have set ${plain(grant.held)} aside.`;
      return invalid({ path: 'amount', code: 'OUT_OF_RANGE', message });
    }
    const adjustmentId = await takeBack(tx, wallet, grant, amount, { description, now });
    return { grantId: grant.id, walletId: wallet.id, adjustmentId, amount: plain(amount) };
  });
}
