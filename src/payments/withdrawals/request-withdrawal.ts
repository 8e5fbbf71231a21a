import { inOrganization, type Viewer } from '../../access/viewer.ts';
import type { Tx } from '../../infra/db.ts';
import { once } from '../../infra/idempotency.ts';
import { fromEpochMs, MINUTE_MS } from '../../kit/clock.ts';
import { type Exact, min, plain, ZERO } from '../../kit/decimal.ts';
import { type Id, newId } from '../../kit/ids.ts';
import {
  type CommonRefusal,
  type Conflict,
  type Invalid,
  invalid,
  isRefusal,
} from '../../kit/refusal.ts';
import { closePurse, type Purse } from '../../ledger/purse.ts';
import type { BalanceUpdate } from '../../live/balance-update.ts';
import { writeOutbox } from '../../live/outbox.ts';
import { claimRefund } from '../refunds/apply-returns.ts';
import { noClaim, type Refund } from '../refunds/claim.ts';
import { insertRefund } from '../refunds/store.ts';
import { type Code, makeCode } from './code.ts';
import { findSources, type Source } from './find-sources.ts';
import { openWallet } from './give-back.ts';
import {
  nothingThere,
  type Request,
  type RequestingRoom,
  type RequestWithdrawalInput,
  readInput,
  readRequest,
} from './read-request.ts';
import { QUEUE_CODE } from './sql/queue-code.ts';
import { insertWithdrawal, lockPayments } from './store.ts';
import { toldOfWithdrawal } from './tell.ts';

/** For so long a code is good. */
const CODE_LIVES_MS = 15 * MINUTE_MS;

export interface WithdrawalRequested {
  readonly withdrawalId: Id<'withdrawal'>;
  /** For whoever asked, to hand it over; null where it was mailed, and where the same was asked for before. */
  readonly code: string | null;
}

/** What is remembered of a call: not its code. */
type Remembered = Omit<WithdrawalRequested, 'code'>;

/**
 * Takes what a customer has paid and not spent out of his wallet, as refunds of his payments that wait: first for the code that
 * confirms them, then for their hold period. Only what is wholly there is taken, so that nothing is ever owed for it.
 */
export async function requestWithdrawal(
  room: RequestingRoom,
  viewer: Viewer,
  input: RequestWithdrawalInput,
): Promise<WithdrawalRequested | CommonRefusal> {
  const said = await readInput(room, viewer, input);
  if (isRefusal(said)) return said;
  const call = { ...inOrganization(viewer), operation: 'requestWithdrawal', input };
  let code: string | null = null;
  let updates: BalanceUpdate[] = [];
  const outcome = await room.db.transaction((tx) => {
    code = null;
    updates = [];
    return once<Remembered | CommonRefusal>(tx, room.clock, call, async () => {
      const request = await readRequest(tx, viewer, said);
      if (isRefusal(request)) return request;
      const begun = await begin(tx, room, request);
      if (isRefusal(begun)) return begun;
      ({ code, updates } = begun);
      return { withdrawalId: begun.withdrawalId };
    });
  });
  if (isRefusal(outcome)) return outcome;
  room.announce(updates);
  return { ...outcome, code };
}

/** Locks the payments and the wallet, takes the credit, and keeps the withdrawal. */
async function begin(
  tx: Tx,
  room: RequestingRoom,
  request: Request,
): Promise<(WithdrawalRequested & { readonly updates: BalanceUpdate[] }) | Invalid | Conflict> {
  const { customerId, asset, cipher } = request;
  const payments = await lockPayments(tx, customerId, request.paymentIds);
  const purse = await openWallet(tx, room, request);
  const sources = await findSources(tx, purse, payments, asset);
  const total = sources.reduce((sum, { most }) => sum + most, ZERO);
  const fault = faultOf(request.amount, total);
  if (fault) return fault;
  const amount = request.amount ?? total;
  const withdrawalId = newId('withdrawal');
  const made = makeCode(cipher, withdrawalId);
  const isMailed = room.mails && request.email !== null;
  await keep(tx, request, { withdrawalId, amount, made, isMailed }, purse);
  await takeAll(tx, sources, { withdrawalId, amount, reason: request.reason });
  const { told, updates } = await closePurse(tx, purse, room.watch);
  const { organizationId, walletId } = request;
  const about = { id: withdrawalId, organizationId, customerId, walletId };
  const requested = { ...about, assetId: asset.id as Id<'asset'>, amount };
  const isNew = toldOfWithdrawal(requested, 'AWAITING_CONFIRMATION');
  await writeOutbox(tx, [isNew, ...told], purse.committedAt);
  if (isMailed) {
    const sealed = cipher.seal(made.code, withdrawalId).toString('base64');
    await tx.query(QUEUE_CODE, [withdrawalId, customerId, sealed]);
  }
  return { withdrawalId, code: isMailed ? null : made.code, updates };
}

function faultOf(amount: Exact | null, total: Exact): Invalid | Conflict | null {
  if (total === ZERO) return nothingThere();
  if (amount === null || amount <= total) return null;
  const message = `Only ${plain(total)} can be withdrawn.`;
  return invalid({ path: 'amount', code: 'OUT_OF_RANGE', message });
}

interface Begun {
  readonly withdrawalId: Id<'withdrawal'>;
  readonly amount: Exact;
  readonly made: Code;
  readonly isMailed: boolean;
}

async function keep(
  tx: Tx,
  { organizationId, customerId, walletId, asset, reason }: Request,
  { withdrawalId, amount, made, isMailed }: Begun,
  { now }: Purse,
): Promise<void> {
  const confirmBy = fromEpochMs(now.getTime() + CODE_LIVES_MS);
  const draft = {
    ...{ id: withdrawalId, organizationId, customerId, walletId },
    ...{ assetId: asset.id as Id<'asset'>, amount, reason },
    status: 'AWAITING_CONFIRMATION' as const,
    ...{ codeSalt: made.salt, codeDigest: made.digest, codeMailed: isMailed, wrongCodes: 0 },
    ...{ confirmBy, dueAt: confirmBy },
  };
  await insertWithdrawal(tx, draft, now);
}

/** Takes the credit of a withdrawal, of the newest payment first. */
async function takeAll(
  tx: Tx,
  sources: readonly Source[],
  {
    withdrawalId,
    amount,
    reason,
  }: Pick<Begun, 'withdrawalId' | 'amount'> & Pick<Request, 'reason'>,
): Promise<void> {
  let left = amount;
  for (const { counter, returns, most } of sources) {
    const part = min(left, most);
    if (part === ZERO) continue;
    left -= part;
    const refund: Refund = {
      ...noClaim(part, counter.policy),
      ...{ id: newId('paymentRefund'), ref: null, status: 'PENDING' },
      ...{ withdrawalId, isWithheld: true },
    };
    claimRefund(counter, returns, refund);
    if (refund.shortfall + refund.lapsed > ZERO) throw new Error('What is withdrawn is not there.');
    const { walletId } = counter.credited;
    const draft = { ...refund, walletId, reason };
    await insertRefund(tx, counter.payment, draft, counter.committedAt);
  }
}
