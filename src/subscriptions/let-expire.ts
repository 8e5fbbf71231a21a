import { plain, ZERO } from '../kit/decimal.ts';
import { nextTransition } from '../ledger/grant.ts';
import { SCHEDULE_GRANTS } from '../ledger/sql/due-grants.ts';
import type { GrantState } from '../ledger/wallet-state.ts';
import { type GivenGrant, stopRollingOver } from './given-store.ts';
import type { Work } from './work.ts';

/** The time of these grants is looked after like that of any grant from now on. */
export async function letExpire(work: Work, ended: readonly GivenGrant[]): Promise<void> {
  const { tx, now, state, purse } = work;
  if (ended.length === 0) return;
  const ids = new Set(ended.map(({ grantId }) => grantId));
  const next: (Date | null)[] = [];
  for (const { wallet } of purse.pockets) {
    for (const grant of wallet.grants.filter(({ id }) => ids.has(id))) {
      const { id: grantId, remaining, expiresAt } = grant;
      const isOver = expiresAt !== null && expiresAt <= now;
      // What is told here is not told again by the worker, which has the rest to book once it is due.
      if (isOver) {
        const amount = plain(remaining);
        wallet.facts.push({ type: 'grant.expired', grantId, walletId: wallet.id, amount });
      }
      next.push(remaining === ZERO ? null : dueAt(grant, now, wallet.settlementWindowMs));
    }
  }
  await stopRollingOver(tx, state, [...ids]);
  await tx.query(SCHEDULE_GRANTS, [inOrderOf(work, ids), next]);
  work.given = work.given.map((each) =>
    ids.has(each.grantId) ? { ...each, rollsOver: false } : each,
  );
}

/** A grant whose settlement window is over too is due at once. */
export function dueAt(
  grant: Pick<GrantState, 'effectiveAt' | 'expiresAt'>,
  now: Date,
  settlementWindowMs: number,
): Date | null {
  const next = nextTransition(grant, now, settlementWindowMs);
  return next === null && grant.expiresAt !== null ? now : next;
}

function inOrderOf({ purse }: Work, ids: ReadonlySet<string>): string[] {
  return purse.pockets.flatMap(({ wallet }) =>
    wallet.grants.filter(({ id }) => ids.has(id)).map(({ id }) => id),
  );
}
