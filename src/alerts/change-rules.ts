import type { Viewer } from '../access/viewer.ts';
import type { Tx } from '../infra/db.ts';
import { type KeyedCall, once } from '../infra/idempotency.ts';
import type { Clock } from '../kit/clock.ts';
import type { Id } from '../kit/ids.ts';
import { type IdempotencyMismatch, type Invalid, isRefusal } from '../kit/refusal.ts';
import type { WalletKey } from '../ledger/lock.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import type { AlertKind } from '../live/event.ts';
import { watchSomeGrants } from './expiring.ts';
import { reconsider } from './reconsider.ts';
import { BEGIN_SWEEP } from './sql/sweep.ts';
import { lockRules, type RuleScope } from './store.ts';
import { type AlertDeps, keysOf, sweep } from './sweep.ts';

export interface RuleChange {
  readonly viewer: Viewer;
  readonly call: Omit<KeyedCall, 'organizationId'>;
  readonly scope: RuleScope;
  readonly kind: AlertKind;
}

/** What a change of a rule answers with. */
export interface RuleChanged {
  readonly ruleId: Id<'alertRule'>;
}

/** Chunks of an organization's wallets that a change looks at by itself; the worker does the rest. */
const CHUNKS_AT_ONCE = 5;

/**
 * The shape of every change to a rule: change it, then evaluate the wallets that it is for, so that what is
 * crossed already is told at once. One customer's wallets are evaluated in the same transaction; all wallets
 * of an organization behind it, in chunks, and each one by a charge that comes first.
 */
export async function changeRules<Outcome extends object>(
  deps: AlertDeps,
  { viewer, call, scope, kind }: RuleChange,
  work: (tx: Tx, now: Date) => Promise<Outcome>,
): Promise<Outcome | IdempotencyMismatch | Invalid> {
  const { organizationId } = viewer;
  let updates: BalanceUpdate[] = [];
  const outcome = await deps.db.transaction((tx) =>
    once(tx, deps.clock, { ...call, organizationId }, async () => {
      await lockRules(tx, viewer);
      const changed = await work(tx, deps.clock.now());
      if (isRefusal(changed)) return changed;
      if (scope.customerId === null) await tx.query(BEGIN_SWEEP, [organizationId]);
      else updates = await reconsiderOf(tx, deps.clock, scope.customerId);
      return changed;
    }),
  );
  if (isRefusal(outcome)) return outcome;
  deps.announce(updates);
  await lookAtOnce(deps, organizationId, scope, kind);
  return outcome;
}

/** The rule is committed. What cannot be looked at now is looked at by the worker, which says why not. */
async function lookAtOnce(
  deps: AlertDeps,
  organizationId: string,
  { customerId }: RuleScope,
  kind: AlertKind,
): Promise<void> {
  try {
    if (customerId === null) await sweepSome(deps, organizationId);
    // What a rule for all tells while its sweep is not over, and the end of what a deleted one told.
    if (kind === 'GRANT_EXPIRING') await watchSomeGrants(deps, organizationId);
  } catch {
    // A wallet that somebody holds for long, or a connection that broke.
  }
}

async function sweepSome(deps: AlertDeps, organizationId: string): Promise<void> {
  for (let chunk = 0; chunk < CHUNKS_AT_ONCE; chunk += 1) {
    if (!(await sweep(deps, organizationId))) return;
  }
}

/** A rule of one wallet too: a customer has a few. */
async function reconsiderOf(tx: Tx, clock: Clock, customerId: string): Promise<BalanceUpdate[]> {
  const keys: WalletKey[] = await keysOf(tx, [customerId]);
  return reconsider(tx, clock, keys);
}
