import { inOrganization, type Viewer } from '../../access/viewer.ts';
import type { Catalog } from '../../catalog/service.ts';
import type { Tx } from '../../infra/db.ts';
import { createChecker } from '../../kit/check.ts';
import type { Exact } from '../../kit/decimal.ts';
import { fromTypeId, type Id } from '../../kit/ids.ts';
import {
  type Conflict,
  conflict,
  type Invalid,
  invalid,
  isRefusal,
  type NotFound,
  notFound,
} from '../../kit/refusal.ts';
import type { Cipher } from '../cipher.ts';
import type { PaymentsRoom } from '../deps.ts';
import { type PaidAsset, paidScale } from '../offer.ts';
import { refuseCardNumbers } from '../refuse-card-numbers.ts';
import { FIND_PAYMENTS, type FoundPaymentRow } from './sql/find-payments.ts';

export interface RequestWithdrawalInput {
  readonly wallet: string;
  /** What was paid in; null where all was paid in one. */
  readonly currency?: string | null | undefined;
  /** In that; null: all that can be. */
  readonly amount?: unknown;
  readonly reason?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface RequestingRoom extends PaymentsRoom {
  readonly catalog: Pick<Catalog, 'resolveAsset'>;
  /** Whether there is a server that takes mail. */
  readonly mails: boolean;
}

/** From so many payments at once; the rest is there for the next. */
const MOST_PAYMENTS = 100;

/** What was said, as far as that can be told without looking at the wallet. */
export interface Said {
  readonly cipher: Cipher;
  readonly wallet: string;
  /** Null: any, where there is one. */
  readonly currencyId: string | null;
  /** Not read yet: of how many places depends on the currency. */
  readonly amount: unknown;
  readonly reason: string | null;
}

export async function readInput(
  { settings: { cipher }, catalog }: RequestingRoom,
  viewer: Viewer,
  { amount, ...texts }: RequestWithdrawalInput,
): Promise<Said | Invalid | NotFound | Conflict> {
  const check = createChecker();
  const reason = check.optionalText('reason', texts.reason, 500);
  refuseCardNumbers(check, { ...texts });
  const fault = check.fault();
  if (fault) return fault;
  if (cipher === null) {
    return conflict('wallet', 'There is no key to keep codes with: set DRAWDOWN_ENCRYPTION_KEY.');
  }
  const { wallet, currency } = texts;
  const named = currency == null ? null : await catalog.resolveAsset(viewer, currency, 'currency');
  if (isRefusal(named)) return named;
  return { cipher, wallet, currencyId: named?.id ?? null, amount, reason };
}

/** What is asked for, before anything is locked. */
export interface Request extends Pick<Said, 'cipher' | 'reason'> {
  readonly organizationId: Id<'organization'>;
  readonly customerId: Id<'customer'>;
  readonly walletId: Id<'wallet'>;
  /** Null: the customer has none. */
  readonly email: string | null;
  /** What was paid in. */
  readonly asset: PaidAsset;
  /** Null: all that can be. */
  readonly amount: Exact | null;
  /** Payments of which something may be left. */
  readonly paymentIds: readonly string[];
}

export async function readRequest(
  tx: Tx,
  viewer: Viewer,
  { cipher, reason, ...said }: Said,
): Promise<Request | Invalid | NotFound | Conflict> {
  const id = fromTypeId('wallet', said.wallet);
  const where = id && { ...inOrganization(viewer), id };
  const include = { customer: true };
  const wallet = where && (await tx.prisma.wallet.findFirst({ where, include }));
  if (!wallet) return notFound('wallet', 'Wallet', said.wallet);
  const rows = await tx.query<FoundPaymentRow>(FIND_PAYMENTS, [
    ...[wallet.customerId, wallet.assetId, wallet.name],
    ...[said.currencyId, MOST_PAYMENTS],
  ]);
  const [assetId, ...others] = [...new Set(rows.map(({ asset_id }) => asset_id))];
  if (assetId === undefined) return nothingThere();
  if (others.length > 0) {
    const message = 'It was paid in several currencies: say in which.';
    return invalid({ path: 'currency', code: 'REQUIRED', message });
  }
  const asset = await tx.prisma.asset.findUniqueOrThrow({ where: { id: assetId } });
  const check = createChecker();
  const amount =
    said.amount == null ? null : check.positive('amount', said.amount, paidScale(asset));
  const fault = check.fault();
  if (fault) return fault;
  return {
    organizationId: viewer.organizationId,
    customerId: wallet.customerId as Id<'customer'>,
    walletId: wallet.id as Id<'wallet'>,
    email: wallet.customer.email,
    ...{ cipher, asset, amount, reason },
    paymentIds: rows.map((row) => row.id),
  };
}

export function nothingThere(): Conflict {
  const message = 'Nothing that was paid is left unspent, or it is on its way back or disputed.';
  return conflict('wallet', message);
}
