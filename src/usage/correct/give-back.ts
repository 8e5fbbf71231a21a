import type { Tx } from '../../infra/db.ts';
import { type Exact, exact, ZERO } from '../../kit/decimal.ts';
import { grantReturned } from '../../ledger/grant-returned.ts';
import { type Drawn, returnDraws } from '../../ledger/return-draws.ts';
import type { WalletState } from '../../ledger/wallet-state.ts';
import { type DrawRow, READ_DRAWS } from '../sql/read-charges.ts';
import { READ_COUNTER_DRAWS } from '../sql/read-counter-draws.ts';
import type { Claim, StoredEvent } from './claims.ts';

export interface Giving {
  readonly event: StoredEvent;
  readonly claim: Claim;
  readonly ordinal: number;
  readonly amount: Exact;
}

/** How many draws of other charges are looked at for where an amount came from. */
const MAX_DRAWS = 1_000;

/**
 * Gives an amount back to the grants that the event's charge drew, the last one first; what it did not draw
 * itself, for tiers move, to those that the charges of its counter drew last. What finds no place there, for
 * it had made a debt that is repaid, becomes a grant.
 */
export async function giveBack(
  tx: Tx,
  wallet: WalletState,
  { event, claim, ordinal, amount }: Giving,
  now: Date,
): Promise<void> {
  if (amount === ZERO) return;
  const own = await ownDraws(tx, claim);
  const drawn = own.reduce((sum, draw) => sum + draw.amount, ZERO);
  const draws =
    drawn >= amount ? own : [...own, ...(await drawsOfCounter(tx, wallet, claim, event))];
  const cause = { kind: 'CORRECTION' as const, id: event.id, chargeOrdinal: ordinal };
  const rest = await returnDraws(tx, wallet, amount, draws, cause, now);
  if (rest === ZERO) return;
  const { burnOrder } = claim.price.asset;
  const unplaced = { amount: rest, burnOrder, description: 'Usage that was taken back', cause };
  await grantReturned(tx, wallet, unplaced, now);
}

async function ownDraws(tx: Tx, { charge }: Claim): Promise<Drawn[]> {
  if (!charge?.walletId || charge.entryCount === 0) return [];
  const runs = [[charge.walletId], [charge.firstSequence.toString()], [charge.entryCount]];
  return toDraws(await tx.query<DrawRow>(READ_DRAWS, runs)).reverse();
}

async function drawsOfCounter(
  tx: Tx,
  wallet: WalletState,
  { key }: Claim,
  event: StoredEvent,
): Promise<Drawn[]> {
  if (!key) return [];
  const { customerId, countedId, slice, period } = key;
  return toDraws(
    await tx.query<DrawRow>(READ_COUNTER_DRAWS, [
      wallet.id,
      customerId,
      countedId,
      slice || '{}',
      period.start,
      event.id,
      MAX_DRAWS,
    ]),
  );
}

function toDraws(rows: readonly Pick<DrawRow, 'grant_id' | 'amount'>[]): Drawn[] {
  return rows.map((row) => ({ grantId: row.grant_id, amount: exact(row.amount) }));
}
