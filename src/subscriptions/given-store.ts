import type { Tx } from '../infra/db.ts';
import type { Period } from './periods.ts';
import { ofSubscription } from './store.ts';
import type { SubscriptionState } from './subscription.ts';

/**
 * A grant that the subscription has given and that has something left. Also one that was spent, for as long as
 * what goes back to it would go on.
 */
export interface GivenGrant {
  readonly grantId: string;
  readonly walletId: string;
  readonly code: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly rollsOver: boolean;
}

export async function readGiven(tx: Tx, state: SubscriptionState): Promise<GivenGrant[]> {
  const { id: subscriptionId, customerId } = state;
  const rows = await tx.prisma.subscriptionGrant.findMany({
    where: { subscriptionId, customerId, OR: [{ grant: { open: true } }, { rollsOver: true }] },
    orderBy: { grantId: 'asc' },
    select: {
      grantId: true,
      code: true,
      startsAt: true,
      endsAt: true,
      rollsOver: true,
      grant: { select: { walletId: true } },
    },
  });
  return rows.map(({ grant, ...given }) => ({ ...given, walletId: grant.walletId }));
}

/** A grant that was given for a period, whatever is left of it. */
export interface GivenForPeriod {
  readonly grantId: string;
  readonly walletId: string;
  readonly code: string;
  readonly rollsOver: boolean;
  readonly expiresAt: Date | null;
}

export async function readGivenFor(
  tx: Tx,
  state: SubscriptionState,
  { start: startsAt, end: endsAt }: Period,
): Promise<GivenForPeriod[]> {
  const { id: subscriptionId, customerId } = state;
  const rows = await tx.prisma.subscriptionGrant.findMany({
    where: { subscriptionId, customerId, startsAt, endsAt },
    orderBy: { grantId: 'asc' },
    select: {
      grantId: true,
      code: true,
      rollsOver: true,
      grant: { select: { walletId: true, expiresAt: true } },
    },
  });
  return rows.map(({ grant, ...given }) => ({ ...given, ...grant }));
}

/** The time that they were given for ends later. */
export async function moveGivenEnds(
  tx: Tx,
  state: SubscriptionState,
  grantIds: readonly string[],
  endsAt: Date,
): Promise<void> {
  const { id: subscriptionId, customerId } = state;
  await tx.prisma.subscriptionGrant.updateMany({
    where: { subscriptionId, customerId, grantId: { in: [...grantIds] } },
    data: { endsAt },
  });
}

export async function insertGiven(
  tx: Tx,
  state: SubscriptionState,
  { walletId: _walletId, ...given }: GivenGrant,
): Promise<void> {
  await tx.prisma.subscriptionGrant.create({ data: { ...ofSubscription(state), ...given } });
}

/** Their time is looked after like that of any grant from now on. */
export async function stopRollingOver(
  tx: Tx,
  state: SubscriptionState,
  grantIds: readonly string[],
): Promise<void> {
  const { id: subscriptionId, customerId } = state;
  await tx.prisma.subscriptionGrant.updateMany({
    where: { subscriptionId, customerId, grantId: { in: [...grantIds] } },
    data: { rollsOver: false },
  });
}
