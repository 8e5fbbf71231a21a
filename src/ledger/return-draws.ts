import type { Queryable } from '../infra/db.ts';
import { fromEpochMs } from '../kit/clock.ts';
import { type Exact, exact, min, ZERO } from '../kit/decimal.ts';
import { isInForce, nextTransition } from './grant.ts';
import { grantState } from './lock.ts';
import { moveIn } from './move.ts';
import { SCHEDULE_GRANTS } from './sql/due-grants.ts';
import { type DrawnGrantRow, READ_DRAWN_GRANTS } from './sql/read-drawn-grants.ts';
import type { Cause, GrantState, LedgerAccount, WalletState } from './wallet-state.ts';

/** What was once taken from a grant, or from nothing, which made a debt. */
export interface Drawn {
  readonly grantId: string | null;
  readonly amount: Exact;
}

/** A grant that something was drawn from, and how much more of it may be there again. */
interface DrawnGrant {
  readonly state: GrantState;
  /** The subscription that gave it looks after its time: what is left of it at its end goes on. */
  readonly goesOn: boolean;
  room: Exact;
}

type DrawnGrants = ReadonlyMap<string, DrawnGrant>;

/**
 * Gives an amount back to where it was drawn from in a wallet that is locked, in the order given and at most
 * what was drawn, and has the worker look at the grants that it went to. Answers what found no place: what had
 * made a debt that is repaid by now. It comes back from the account that it had gone to.
 */
export async function returnDraws(
  tx: Queryable,
  wallet: WalletState,
  amount: Exact,
  draws: readonly Drawn[],
  cause: Cause,
  now: Date,
  from: LedgerAccount = 'REVENUE',
): Promise<Exact> {
  const grants = await openDrawnGrants(tx, wallet, draws);
  const unplaced = putBack(wallet, amount, draws, grants, { cause, from }, now);
  await scheduleReturned(tx, wallet, grants, now);
  return unplaced;
}

/** The grants behind draws; those that were spent are put into the wallet again. */
async function openDrawnGrants(
  tx: Queryable,
  wallet: WalletState,
  draws: readonly Drawn[],
): Promise<DrawnGrants> {
  const ids = [...new Set(draws.flatMap(({ grantId }) => grantId ?? []))];
  const grants = new Map<string, DrawnGrant>();
  if (ids.length === 0) return grants;
  const rows = await tx.query<DrawnGrantRow>(READ_DRAWN_GRANTS, [wallet.id, ids]);
  for (const row of rows) {
    const known = wallet.grants.find(({ id }) => id === row.id);
    const state = known ?? grantState(row);
    if (!known) wallet.grants.push(state);
    const room = exact(row.amount) - state.remaining;
    grants.set(row.id, { state, goesOn: row.goes_on, room });
  }
  return grants;
}

/**
 * A debt comes first, also before a general grant in force, which would repay it anyhow. Changes the wallet in
 * memory only.
 */
function putBack(
  wallet: WalletState,
  amount: Exact,
  draws: readonly Drawn[],
  grants: DrawnGrants,
  { cause, from }: { readonly cause: Cause; readonly from: LedgerAccount },
  now: Date,
): Exact {
  const returned = new Map<GrantState | null, Exact>();
  const give = (to: GrantState | null, part: Exact) =>
    returned.set(to, (returned.get(to) ?? ZERO) + part);
  let left = amount;
  let debt = wallet.debt;
  for (const { grantId, amount: drawn } of draws) {
    const grant = grantId === null ? undefined : grants.get(grantId);
    const isGeneral = !grant || grant.state.scopeMetrics.length === 0;
    let part = min(left, drawn);
    if (isGeneral && debt > ZERO && (!grant || isInForce(grant.state, now))) {
      const repaid = min(part, debt);
      give(null, repaid);
      debt -= repaid;
      left -= repaid;
      part -= repaid;
    }
    if (!grant) continue;
    const back = min(part, grant.room);
    if (back === ZERO) continue;
    give(grant.state, back);
    grant.room -= back;
    left -= back;
  }
  const last = min(left, debt);
  if (last > ZERO) give(null, last);
  for (const [to, part] of returned) {
    if (part === ZERO) continue;
    if (to) to.remaining += part;
    moveIn(wallet, from, part, to, cause);
  }
  return left - last;
}

/**
 * Has the worker look at grants that something went back to: one that has expired meanwhile gives it to
 * breakage, as if it had never been drawn. Not at those that go on, of which nothing is booked out before.
 */
async function scheduleReturned(
  tx: Queryable,
  wallet: WalletState,
  grants: DrawnGrants,
  now: Date,
): Promise<void> {
  const states = [...grants.values()]
    .filter(({ goesOn }) => !goesOn)
    .map(({ state }) => state)
    .filter(({ remaining }) => remaining > ZERO);
  if (states.length === 0) return;
  const next = states.map((grant) => {
    const coming = nextTransition(grant, now, wallet.settlementWindowMs);
    const isOver = grant.expiresAt !== null && grant.expiresAt <= now;
    return coming ?? (isOver ? fromEpochMs(now.getTime()) : null);
  });
  await tx.query(SCHEDULE_GRANTS, [states.map(({ id }) => id), next]);
}
