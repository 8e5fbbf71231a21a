import { createHash } from 'node:crypto';
import type { Tx } from '../infra/db.ts';
import { type Id, newId } from '../kit/ids.ts';
import type { PaymentState } from './payment.ts';
import type { ProviderMethod } from './provider.ts';

/** Keeps a method that its provider has kept, if the customer wanted it kept, and notes what the payment was paid with. */
export async function rememberMethod(
  { prisma }: Tx,
  payment: PaymentState,
  method: ProviderMethod | null,
  now: Date,
): Promise<void> {
  if (method === null || method.token === null || !payment.savesMethod) return;
  const { organizationId, customerId, providerId } = payment;
  const { token, fingerprint, ...shown } = method;
  const known = { ...shown, fingerprintHash: hashOf(organizationId, fingerprint) };
  const key = { customerId, providerId, token };
  const { id } = await prisma.paymentMethod.upsert({
    where: { customerId_providerId_token: key },
    create: { ...key, ...known, id: newId('paymentMethod'), organizationId, createdAt: now },
    update: { ...known, detachedAt: null },
    select: { id: true },
  });
  const where = { id_customerId: { id: payment.id, customerId } };
  await prisma.payment.update({ where, data: { methodId: id as Id<'paymentMethod'> } });
}

/** The same for the same card in one organization, and of no use in another. */
export function hashOf(organizationId: string, fingerprint: string | null): string | null {
  if (fingerprint === null) return null;
  return createHash('sha256').update(`${organizationId}:${fingerprint}`).digest('hex');
}
