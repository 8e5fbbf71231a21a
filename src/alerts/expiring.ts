import { clocksOf } from '../clocks/clocks-of.ts';
import { readNow } from '../clocks/now-of.ts';
import type { TimedWork } from '../clocks/timed-work.ts';
import type { Queryable } from '../infra/db.ts';
import { fromEpochMs, SECOND_MS } from '../kit/clock.ts';
import { walletKeys } from '../ledger/lock.ts';
import { lockToLook } from '../ledger/lock-to-look.ts';
import { toldOf } from '../ledger/tell.ts';
import type { WalletState } from '../ledger/wallet-state.ts';
import { timeOf } from '../ledger/wallet-time.ts';
import { writeOutbox } from '../live/outbox.ts';
import {
  type ExpiredRow,
  type ExpiringRow,
  FIND_BEGINNING,
  FIND_EXPIRED,
  FIND_EXPIRED_OF_CLOCK,
  FIND_EXPIRING,
  FIND_EXPIRING_OF_CLOCK,
  NEXT_EXPIRING,
  RECHECK_EXPIRED,
  RECHECK_EXPIRING,
  type StillActiveRow,
  type ToldGrantRow,
} from './sql/expiring-grants.ts';
import type { AlertDeps } from './sweep.ts';
import { isEnding, raiseExpiring } from './tell-expiring.ts';
import { type AlertDraft, insertAlerts, recoverAlerts } from './write-verdicts.ts';

/** Alerts of a kind that are looked up at a time: to look anew costs as much as there is to find. */
const FOUND_AT_ONCE = 5_000;
/** Those told in one transaction, which holds their wallets. */
const TOLD_AT_ONCE = 200;

/**
 * Tells of grants that end within the days of a rule and were not told when they or the rule were made, once
 * for each grant and rule, and ends the alerts of those that are over. Any number of workers may run it; true
 * when more may be due.
 */
export async function watchGrants(
  deps: AlertDeps,
  whose: Whose,
  atMost = FOUND_AT_ONCE,
): Promise<boolean> {
  const { direct } = deps.db;
  const isOfClock = 'testClockId' in whose;
  const testClockId = isOfClock ? whose.testClockId : null;
  const now = await readNow(direct, deps.clock, testClockId);
  const values = [now, atMost, isOfClock ? testClockId : whose.organizationId];
  const findExpiring = isOfClock ? FIND_EXPIRING_OF_CLOCK : FIND_EXPIRING;
  const findExpired = isOfClock ? FIND_EXPIRED_OF_CLOCK : FIND_EXPIRED;
  const expiring = await direct.query<ExpiringRow>(findExpiring, values);
  const expired = await direct.query<ExpiredRow>(findExpired, values);
  await tell(deps, expiring, expired);
  return expiring.length === atMost || expired.length === atMost;
}

/** The customers of a test clock, or those of an organization, null for all, that have none. */
export type Whose = { readonly testClockId: string } | { readonly organizationId: string | null };

/** How often a worker looks for what was left behind, and for what is over. */
const LOOK_MS = 30 * SECOND_MS;

/** The same as timed work. */
export function createGrantWatch(deps: AlertDeps): TimedWork {
  return {
    name: 'grants about to expire that were left behind are told, and alerts about others end',
    everyMs: LOOK_MS,
    async nextDue(db, testClockId) {
      const now = await readNow(db, deps.clock, testClockId);
      const [row] = await db.query<{ at: Date | null }>(NEXT_EXPIRING, [testClockId, now]);
      return row?.at ?? null;
    },
    run: (testClockId) =>
      watchGrants(deps, testClockId === null ? { organizationId: null } : { testClockId }),
  };
}

/** How far back it is looked for what has just begun: each look reads all of it. */
const RECENT_MS = 10 * SECOND_MS;

/**
 * The same for grants whose days have just begun: cheap enough for every second, for it reads those few rows
 * alone. What it misses, because nobody looked for a while, `watchGrants` finds.
 */
export async function watchRecentGrants(deps: AlertDeps): Promise<boolean> {
  const now = deps.clock.now();
  const since = fromEpochMs(now.getTime() - RECENT_MS);
  const expiring = await deps.db.direct.query<ExpiringRow>(FIND_BEGINNING, [
    now,
    FOUND_AT_ONCE,
    since,
  ]);
  await tell(deps, expiring, []);
  return expiring.length === FOUND_AT_ONCE;
}

async function tell(
  deps: AlertDeps,
  expiring: readonly ExpiringRow[],
  expired: readonly ExpiredRow[],
): Promise<void> {
  const most = Math.max(expiring.length, expired.length);
  for (let from = 0; from < most; from += TOLD_AT_ONCE) {
    const to = from + TOLD_AT_ONCE;
    await deps.db.backgroundTransaction((tx) =>
      tellOf(tx, expiring.slice(from, to), expired.slice(from, to), deps),
    );
    deps.announce([]);
  }
}

/** Those that a change of a rule tells of by itself; the worker does the rest. */
const TOLD_BY_CHANGE = 1_000;

/** The same for an organization whose rules have changed, the soonest ends first, whatever time it is for whom. */
export async function watchSomeGrants(deps: AlertDeps, organizationId: string): Promise<void> {
  await watchGrants(deps, { organizationId }, TOLD_BY_CHANGE);
  for (const testClockId of await clocksOf(deps.db.direct, organizationId)) {
    await watchGrants(deps, { testClockId }, TOLD_BY_CHANGE);
  }
}

async function tellOf(
  tx: Queryable,
  expiring: readonly ExpiringRow[],
  expired: readonly ExpiredRow[],
  { clock }: AlertDeps,
): Promise<void> {
  const wallets = await lockToLook(tx, walletKeys([...expiring, ...expired]));
  const committedAt = clock.now();
  // The same for all of them: they are of one clock.
  const now = wallets[0] ? timeOf(wallets[0], committedAt) : committedAt;
  const [pairs, active] = await Promise.all([
    tx.query<ToldGrantRow>(RECHECK_EXPIRING, [
      expiring.map((row) => row.rule_id),
      expiring.map((row) => row.grant_id),
      now,
    ]),
    tx.query<StillActiveRow>(RECHECK_EXPIRED, [expired.map(({ id }) => id)]),
  ]);
  const raised = pairs.flatMap(({ rule_id, grant_id }) => raise(wallets, rule_id, grant_id, now));
  for (const row of active) tellRecovery(wallets, row);
  const over = active.map(({ id, customer_id: customerId }) => ({ id, customerId }));
  await Promise.all([insertAlerts(tx, raised, now), recoverAlerts(tx, over, now)]);
  await writeOutbox(tx, toldOf(wallets, []), committedAt);
}

/** Nothing, when the grant was spent or has ended meanwhile. */
function raise(
  wallets: readonly WalletState[],
  ruleId: string,
  grantId: string,
  now: Date,
): AlertDraft[] {
  for (const wallet of wallets) {
    const grant = wallet.grants.find(({ id }) => id === grantId);
    if (grant && isEnding(grant, now)) return [raiseExpiring(wallet, grant, ruleId)];
  }
  return [];
}

function tellRecovery(wallets: readonly WalletState[], row: StillActiveRow): void {
  const { id: alertId, rule_id: ruleId, grant_id: grantId, wallet_id: walletId } = row;
  const wallet = wallets.find(({ id }) => id === walletId);
  const kind = 'GRANT_EXPIRING' as const;
  wallet?.facts.push({ type: 'alert.recovered', alertId, ruleId, kind, walletId, grantId });
}
