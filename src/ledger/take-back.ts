import type { Tx } from '../infra/db.ts';
import { type Exact, plain } from '../kit/decimal.ts';
import { type Id, newId } from '../kit/ids.ts';
import { takeFrom } from './move.ts';
import type { GrantState, WalletState } from './wallet-state.ts';

/** Takes an amount, which is left of it, out of a grant and returns it to where it came from. */
export async function takeBack(
  tx: Tx,
  wallet: WalletState,
  grant: GrantState,
  amount: Exact,
  { description, now }: { readonly description: string | null; readonly now: Date },
): Promise<Id<'adjustment'>> {
  const id = newId('adjustment');
  takeFrom(wallet, grant, amount, grant.sourceAccount, { kind: 'VOID', id, chargeOrdinal: null });
  const { id: walletId } = wallet;
  wallet.facts.push({
    type: 'grant.voided',
    grantId: grant.id,
    walletId,
    amount: plain(amount),
  });
  await tx.prisma.adjustment.create({
    data: {
      id,
      organizationId: wallet.organizationId,
      customerId: wallet.customerId,
      walletId,
      amount: plain(-amount),
      reason: 'VOID',
      description,
      grantId: grant.id,
      createdAt: now,
    },
  });
  return id;
}
