import type { Tx } from '../infra/db.ts';
import { type Exact, exact, min, plain, ZERO } from '../kit/decimal.ts';
import { newId } from '../kit/ids.ts';
import { grantReturned } from '../ledger/grant-returned.ts';
import type { Pocket } from '../ledger/purse.ts';
import { type Drawn, returnDraws } from '../ledger/return-draws.ts';
import {
  ADD_RETURNED,
  READ_RUNS,
  type ReturnableRow,
  type RunEntryRow,
} from './sql/read-fee-draws.ts';

/** A charge, or what is left of it, that something of goes back. */
export interface Source {
  readonly charge: ReturnableRow;
  readonly part: Exact;
}

/** A wallet that is locked and that charges were paid from. */
export interface Paid {
  readonly tx: Tx;
  readonly now: Date;
  readonly pocket: Pocket;
}

/**
 * Gives parts of charges back: to the grants that they drew, the last first, so that it ends when what was paid with
 * would have. What finds no place there, for it had made a debt that is repaid, becomes a grant; and so does what the
 * amount is more than the parts.
 */
export async function returnCharges(
  paid: Paid,
  sources: readonly Source[],
  amount: Exact,
  description: string,
): Promise<void> {
  const { tx, now, pocket } = paid;
  const { wallet, asset } = pocket;
  const { organizationId, customerId } = wallet;
  const drawn = sources.reduce((sum, { part }) => sum + part, ZERO);
  const id = newId('adjustment');
  const cause = { kind: 'ADJUSTMENT' as const, id, chargeOrdinal: null };
  const draws = await drawsOf(paid, sources);
  const unplaced = await returnDraws(tx, wallet, drawn, draws, cause, now);
  const rest = amount - drawn + unplaced;
  const { burnOrder } = asset;
  const terms = { amount: rest, burnOrder, description, cause };
  const grant = rest > ZERO ? await grantReturned(tx, wallet, terms, now) : null;
  await tx.prisma.adjustment.create({
    data: {
      id,
      organizationId,
      customerId,
      walletId: wallet.id,
      amount: plain(amount),
      reason: 'CORRECTION',
      description,
      grantId: rest === amount ? (grant?.id ?? null) : null,
      createdAt: now,
    },
  });
  const ids = sources.map(({ charge }) => charge.id);
  const parts = sources.map(({ part }) => plain(part));
  await tx.query(ADD_RETURNED, [ids, parts, customerId]);
}

/** What these charges drew, the last first, without what went back of them before. */
async function drawsOf(
  { tx, pocket: { wallet } }: Paid,
  sources: readonly Source[],
): Promise<Drawn[]> {
  const charges = sources.map(({ charge }) => charge);
  const rows = await tx.query<RunEntryRow>(READ_RUNS, [
    wallet.id,
    charges.map((charge) => charge.first_sequence),
    charges.map((charge) => charge.entry_count),
  ]);
  // Also those of this transaction, which are not written yet.
  const unwritten = wallet.postings.map(({ sequence, grant, amount }) => ({
    sequence,
    grantId: grant?.id ?? null,
    amount,
  }));
  const entries = rows.map(({ sequence, grant_id: grantId, amount }) => ({
    sequence,
    grantId,
    amount: exact(amount),
  }));
  const all = [...entries, ...unwritten].sort((a, b) => b.sequence - a.sequence);
  return sources.flatMap(({ charge, part }) => {
    const first = charge.first_sequence;
    const own = all.filter(
      ({ sequence }) => sequence >= first && sequence < first + charge.entry_count,
    );
    return between(own, exact(charge.returned), part);
  });
}

/** So much of draws, after so much of them. */
function between(draws: readonly Drawn[], before: Exact, amount: Exact): Drawn[] {
  const parts: Drawn[] = [];
  let [passed, rest] = [before, amount];
  for (const { grantId, amount: drawn } of draws) {
    const skipped = min(passed, drawn);
    const part = min(drawn - skipped, rest);
    passed -= skipped;
    rest -= part;
    if (part > ZERO) parts.push({ grantId, amount: part });
  }
  return parts;
}
