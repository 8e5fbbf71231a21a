import { ofVisibleCustomers, type Viewer } from '../../access/viewer.ts';
import type { Db, Statement, Tx } from '../../infra/db.ts';
import { plain } from '../../kit/decimal.ts';
import { fromTypeId } from '../../kit/ids.ts';
import { type LinkState, linkState } from './link.ts';

// Every query of payment links. `query` is what the graph selected; it never widens `where`.

type Selection = object;

/** The payments of a link that count: made, or such that they can still be. */
const COUNTED = ['PENDING', 'AUTHORIZED', 'SETTLED'] as const;

export async function insertLink({ prisma }: Tx, link: LinkState, now: Date): Promise<void> {
  const { amount, bounds, suggested, metadata, ...rest } = link;
  await prisma.paymentLink.create({
    data: {
      ...rest,
      amount: amount === null ? null : plain(amount),
      minAmount: bounds && plain(bounds.min),
      maxAmount: bounds && plain(bounds.max),
      suggestedAmounts: suggested.map(plain),
      metadata: metadata as object,
      createdAt: now,
      updatedAt: now,
    },
  });
}

export interface LinkChanges {
  readonly description?: string;
  readonly maxUses?: number | null;
  readonly expiresAt?: Date | null;
  readonly isActive?: boolean;
  readonly metadata?: object;
}

export async function updateLink(
  { prisma }: Tx,
  { id, customerId }: Pick<LinkState, 'id' | 'customerId'>,
  changes: LinkChanges,
  now: Date,
): Promise<void> {
  const where = { id_customerId: { id, customerId } };
  await prisma.paymentLink.update({ where, data: { ...changes, updatedAt: now } });
}

/** The link of an address, with what its page says of the organization; null when there is none. */
export async function findBySlug({ prisma }: Db, slug: string) {
  const row = await prisma.paymentLink.findUnique({
    where: { slug },
    include: {
      customer: { select: { organization: { select: { id: true, name: true, mode: true } } } },
    },
  });
  if (!row) return null;
  const { customer, ...rest } = row;
  return { link: linkState(rest), organization: customer.organization };
}

/** Before a use of it is counted: nobody else counts meanwhile. Parameters: link, customer. */
const LOCK_LINK: Statement = {
  name: 'payments.lock_link',
  text: 'SELECT id FROM payment_links WHERE id = $1::uuid AND customer_id = $2::uuid FOR NO KEY UPDATE',
};

export async function lockLink(
  tx: Tx,
  { id, customerId }: Pick<LinkState, 'id' | 'customerId'>,
): Promise<LinkState> {
  await tx.query(LOCK_LINK, [id, customerId]);
  const where = { id_customerId: { id, customerId } };
  return linkState(await tx.prisma.paymentLink.findUniqueOrThrow({ where }));
}

export function countUses(
  { prisma }: Pick<Db, 'prisma'> | Tx,
  { id: linkId, customerId }: Pick<LinkState, 'id' | 'customerId'>,
): Promise<number> {
  return prisma.payment.count({ where: { linkId, customerId, status: { in: [...COUNTED] } } });
}

/** The payment of a link that was begun last and is not made yet; null when none is. */
export function findBegun(
  { prisma }: Pick<Db, 'prisma'>,
  { id: linkId, customerId }: Pick<LinkState, 'id' | 'customerId'>,
) {
  const where = { linkId, customerId, status: 'PENDING' as const };
  return prisma.payment.findFirst({ where, orderBy: { id: 'desc' }, select: { id: true } });
}

/** A payment that was made at a link, by its TypeID; null when it was made elsewhere. */
export async function findPaymentAt(
  { prisma }: Pick<Db, 'prisma'>,
  { id: linkId, customerId }: Pick<LinkState, 'id' | 'customerId'>,
  typeId: string,
) {
  const id = fromTypeId('payment', typeId);
  if (id === null) return null;
  return prisma.payment.findFirst({
    where: { id, customerId, linkId },
    include: { asset: true, creditAsset: true },
  });
}

/** What the graph reads of links, newest first. */
export function createLinkReads({ prisma }: Db) {
  return {
    findLink: (viewer: Viewer, id: string, query: Selection = {}) =>
      prisma.paymentLink.findFirst({ ...query, where: { ...ofVisibleCustomers(viewer), id } }),
    async findLinkByTypeId(viewer: Viewer, typeId: string, query: Selection = {}) {
      const id = fromTypeId('paymentLink', typeId);
      if (id === null) return null;
      const where = { ...ofVisibleCustomers(viewer), id };
      return prisma.paymentLink.findFirst({ ...query, where });
    },
    listLinks: (viewer: Viewer, query: Selection = {}) =>
      prisma.paymentLink.findMany({
        orderBy: { id: 'desc' },
        ...query,
        where: ofVisibleCustomers(viewer),
      }),
  };
}

export const COUNTED_USES = { status: { in: [...COUNTED] } };
