import type { Viewer } from '../../access/viewer.ts';
import type { Tx } from '../../infra/db.ts';
import { type KeyedCall, once } from '../../infra/idempotency.ts';
import type { Id } from '../../kit/ids.ts';
import { type IdempotencyMismatch, type Invalid, isRefusal } from '../../kit/refusal.ts';
import { lockToLook } from '../../ledger/lock-to-look.ts';
import { timeOf } from '../../ledger/wallet-time.ts';
import type { BalanceUpdate } from '../../live/balance-update.ts';
import { writeOutbox } from '../../live/outbox.ts';
import type { PaymentsRoom } from '../deps.ts';
import { reconsiderHeld } from './reconsider.ts';

export interface RuleSaved {
  readonly ruleId: Id<'autoRechargeRule'>;
}

/** A wallet whose rule is changed. */
interface RuledWallet {
  readonly customerId: string;
  readonly assetId: string;
  readonly name: string;
}

interface RuleChange {
  readonly call: Omit<KeyedCall, 'organizationId'>;
  readonly wallet: RuledWallet;
}

/**
 * The shape of every change to a rule: hold its wallet, change it, evaluate it, all in one transaction. `work` is given the
 * customer's time.
 */
export async function changeRule<Outcome extends object>(
  { db, clock, announce }: PaymentsRoom,
  { organizationId }: Viewer,
  { call, wallet }: RuleChange,
  work: (tx: Tx, now: Date) => Promise<Outcome>,
): Promise<Outcome | IdempotencyMismatch | Invalid> {
  let updates: readonly BalanceUpdate[] = [];
  const outcome = await db.transaction((tx) =>
    once<Outcome>(tx, clock, { ...call, organizationId }, async () => {
      const { customerId, assetId, name } = wallet;
      const key = {
        customerId: customerId as Id<'customer'>,
        assetId: assetId as Id<'asset'>,
        name,
      };
      const [held] = await lockToLook(tx, [key]);
      if (!held) throw new Error('A wallet is gone.');
      const now = clock.now();
      const changed = await work(tx, timeOf(held, now));
      if (isRefusal(changed)) return changed;
      const found = await reconsiderHeld(tx, [held], now);
      await writeOutbox(tx, [...found.told], now);
      updates = found.updates;
      return changed;
    }),
  );
  if (!isRefusal(outcome)) announce([...updates]);
  return outcome;
}
