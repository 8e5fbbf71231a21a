import { createHash } from 'node:crypto';
import type { Tx } from '../infra/db.ts';
import { redactCardNumbers } from '../kit/card-numbers.ts';
import { type Id, newId } from '../kit/ids.ts';
import type { Told } from '../live/event.ts';
import { noticeAt } from './method-expiry.ts';
import type { PaymentState } from './payment.ts';
import type { ProviderMethod } from './provider.ts';
import { toldOfMethod } from './tell-method.ts';

/**
 * Notes what a payment was paid with, and keeps the method if its provider has kept it and the customer wanted that. Returns what
 * there is to tell: that it is kept now, and was not.
 */
export async function rememberMethod(
  tx: Tx,
  payment: PaymentState,
  method: ProviderMethod | null,
  now: Date,
): Promise<Told[]> {
  if (method === null) return [];
  const shown = shownOf(method);
  const kept = payment.savesMethod ? await keep(tx, payment, { ...method, ...shown }, now) : null;
  const methodId = kept && (kept.id as Id<'paymentMethod'>);
  await tx.prisma.payment.update({
    where: { id_customerId: { id: payment.id, customerId: payment.customerId } },
    data: { methodBrand: shown.brand, methodLast4: shown.last4, ...(methodId && { methodId }) },
  });
  return kept?.isNew ? [toldOfMethod(kept, 'payment_method.attached')] : [];
}

const LAST = 4;

/** Whatever a provider sends, no more than that is kept. */
function shownOf({ brand, last4 }: ProviderMethod) {
  return { brand: redactCardNumbers(brand), last4: last4?.slice(-LAST) ?? null };
}

async function keep(
  { prisma }: Tx,
  { organizationId, customerId, providerId }: PaymentState,
  { token, fingerprint, ...shown }: ProviderMethod,
  now: Date,
) {
  if (token === null) return null;
  const fingerprintHash = hashOf(organizationId, fingerprint);
  const known = { ...shown, fingerprintHash };
  const notice = noticeAt(shown.expYear, shown.expMonth);
  const key = { customerId, providerId, token };
  const id = newId('paymentMethod');
  const again = await prisma.paymentMethod.updateMany({
    where: { ...key, detachedAt: { not: null } },
    data: { detachedAt: null, noticeAt: notice },
  });
  // A card that was replaced expires anew.
  const { expMonth, expYear } = shown;
  await prisma.paymentMethod.updateMany({
    where: { ...key, NOT: { expMonth, expYear } },
    data: { noticeAt: notice },
  });
  const kept = await prisma.paymentMethod.upsert({
    where: { customerId_providerId_token: key },
    create: { ...key, ...known, id, organizationId, createdAt: now, noticeAt: notice },
    update: known,
  });
  return { ...kept, isNew: kept.id === id || again.count > 0 };
}

/** The same for the same card in one organization, and of no use in another. */
export function hashOf(organizationId: string, fingerprint: string | null): string | null {
  if (fingerprint === null) return null;
  return createHash('sha256').update(`${organizationId}:${fingerprint}`).digest('hex');
}
