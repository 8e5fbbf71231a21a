import type { Tx } from '../../infra/db.ts';
import type { Id } from '../../kit/ids.ts';
import { lockToLook } from '../../ledger/lock-to-look.ts';
import type { WalletState } from '../../ledger/wallet-state.ts';
import { timeOf } from '../../ledger/wallet-time.ts';
import type { RechargeFacts, Told } from '../../live/event.ts';
import { isOver, type PaymentState, type PaymentStatus } from '../payment.ts';
import { evaluateRecharges } from './evaluate.ts';
import { failuresAfter, LIMITED } from './outcome.ts';
import { type Reconsidered, reconsiderHeld, tellAll } from './reconsider.ts';
import {
  endRecharge,
  findRecharge,
  noteFailures,
  recognizedBy,
  type StoredRecharge,
} from './store.ts';
import { rechargeFact } from './tell.ts';

type Ended = Pick<PaymentState, 'status' | 'failure'>;

const NOTHING: Reconsidered = { told: [], updates: [] };

/**
 * What a payment that has become another means for the rule of its wallet, in the transaction that makes it so: an attempt of the
 * rule is over, or what was promised to the wallet has come, or has not. `booked` is the wallet when it is held and was posted to;
 * it is locked here otherwise, behind the payment as everywhere. `now` is the server's.
 */
export async function afterPayment(
  tx: Tx,
  before: PaymentState,
  after: Ended,
  booked: WalletState | null,
  now: Date,
): Promise<Reconsidered> {
  if (!matters(before, after)) return NOTHING;
  const wallet = booked ?? (await lockWalletOf(tx, before));
  if (!wallet) return NOTHING;
  const recharge = before.origin === 'AUTO_RECHARGE' ? await findRecharge(tx, before) : null;
  const own = recharge ? await endAttempt(tx, recharge, after, timeOf(wallet, now)) : [];
  if (booked)
    return { told: [...own, ...tellAll(await evaluateRecharges(tx, [wallet], now))], updates: [] };
  const { told, updates } = await reconsiderHeld(tx, [wallet], now);
  return { told: [...own, ...told], updates };
}

/** Money of a rule that is there or not, and money of others that was promised. */
function matters({ origin, status }: PaymentState, after: Ended): boolean {
  if (after.status === status || !isOver(after.status)) return false;
  return origin === 'AUTO_RECHARGE' || status === 'AUTHORIZED';
}

async function lockWalletOf(
  tx: Tx,
  { customerId, creditAssetId, walletName }: PaymentState,
): Promise<WalletState | undefined> {
  const key = { customerId, assetId: creditAssetId as Id<'asset'>, name: walletName };
  return (await lockToLook(tx, [key]))[0];
}

async function endAttempt(
  tx: Tx,
  recharge: StoredRecharge,
  after: Ended,
  now: Date,
): Promise<Told[]> {
  const status = after.status as Exclude<PaymentStatus, 'PENDING' | 'AUTHORIZED'>;
  if (recharge.endedAt !== null) {
    // It was given up, and its money has come after all: it counts for the caps from now on.
    if (status !== 'SETTLED') return [];
    await endRecharge(tx, recharge, { paidLateAt: now });
    return [told(recharge, 'recharge.succeeded')];
  }
  await endRecharge(tx, recharge, { endedAt: now, failed: status !== 'SETTLED' });
  const { rule, payment } = recharge;
  const reason = after.failure?.code ?? status;
  // Whatever became of a card says nothing of the one that has taken its place meanwhile.
  const used = payment.method && recognizedBy(payment.method);
  const isSameCard = used === recognizedBy(rule.method);
  const known = { ...rule, isSuspended: rule.suspendedAt !== null };
  const { failures, retryAt, isSuspended } = isSameCard ? failuresAfter(known, status, now) : known;
  const suspension = isSuspended
    ? {
        suspendedAt: rule.suspendedAt ?? now,
        suspendedReason: rule.suspendedReason ?? reason,
        suspendedMethod: rule.suspendedMethod ?? used,
      }
    : { suspendedAt: null, suspendedReason: null, suspendedMethod: null };
  // Mostly it goes well, and went well before.
  const isAsBefore = status === 'SETTLED' && rule.failures === 0 && rule.retryAt === null;
  if (!isAsBefore) await noteFailures(tx, rule.id, { failures, retryAt, ...suspension });
  if (status === 'SETTLED') return [told(recharge, 'recharge.succeeded')];
  const declined = told(recharge, 'recharge.declined', {
    reason,
    retryAt: isSuspended ? null : (retryAt?.toISOString() ?? null),
    action: reason === LIMITED ? 'NOTHING' : 'CHECK_METHOD',
  });
  const isNews = isSuspended && rule.suspendedAt === null;
  const suspended = () =>
    told(recharge, 'recharge.suspended', { reason, retryAt: null, action: 'CHANGE_METHOD' });
  return isNews ? [declined, suspended()] : [declined];
}

const WENT_WELL = { reason: null, retryAt: null, action: 'NOTHING' as const };

function told(
  { organizationId, customerId, ruleId, walletId, paymentId }: StoredRecharge,
  type: Parameters<typeof rechargeFact>[0],
  how: Pick<RechargeFacts, 'reason' | 'retryAt' | 'action'> = WENT_WELL,
): Told {
  const fact = rechargeFact(type, { ruleId, walletId, paymentId, ...how });
  return { organizationId, customerId, fact };
}
