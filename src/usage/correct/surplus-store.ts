import type { Tx } from '../../infra/db.ts';
import type { GrantDraft } from '../../ledger/grant.ts';
import type { CounterKey } from '../../metering/counter.ts';
import type { SurplusRow } from '../sql/find-surplus.ts';

/** The asset that a counter is charged in, and how long its organization lets expired grants pay. */
export async function pricedIn(tx: Tx, { counted_id, organization_id }: SurplusRow) {
  const price = await tx.prisma.price.findUniqueOrThrow({
    where: { id: counted_id },
    include: { asset: true },
  });
  const { settlementWindowSeconds } = await tx.prisma.organization.findUniqueOrThrow({
    where: { id: organization_id },
    select: { settlementWindowSeconds: true },
  });
  return { asset: price.asset, settlementWindowSeconds };
}

export interface Surplus {
  readonly adjustmentId: string;
  readonly grant: GrantDraft;
  readonly key: CounterKey;
  /** Canonical text. */
  readonly amount: string;
}

/** The adjustment that makes the grant, and what it takes from the counter. */
export async function insertSurplus(tx: Tx, surplus: Surplus): Promise<void> {
  const { adjustmentId, grant, key, amount } = surplus;
  const { organizationId, customerId, walletId, description, createdAt } = grant;
  const owner = { organizationId, customerId, walletId };
  await tx.prisma.adjustment.create({
    data: {
      id: adjustmentId,
      ...owner,
      amount,
      reason: 'CORRECTION',
      description,
      grantId: grant.id,
      createdAt,
    },
  });
  await tx.prisma.chargeCorrection.create({
    data: {
      ...owner,
      causeId: adjustmentId,
      ordinal: 0,
      countedId: key.countedId,
      slice: key.slice,
      periodStart: key.period.start,
      quantity: '0',
      amount,
    },
  });
}
