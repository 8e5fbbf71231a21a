import type { Tx } from '../infra/db.ts';
import { ofSubscription } from './store.ts';
import type { SubscriptionState } from './subscription.ts';

/** A grant that the subscription has given and that has something left. */
export interface GivenGrant {
  readonly grantId: string;
  readonly code: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly rollsOver: boolean;
}

export function readGiven(tx: Tx, state: SubscriptionState): Promise<GivenGrant[]> {
  const { id: subscriptionId, customerId } = state;
  return tx.prisma.subscriptionGrant.findMany({
    where: { subscriptionId, customerId, grant: { open: true } },
    orderBy: { grantId: 'asc' },
    select: { grantId: true, code: true, startsAt: true, endsAt: true, rollsOver: true },
  });
}

export async function insertGiven(
  tx: Tx,
  state: SubscriptionState,
  given: GivenGrant,
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
