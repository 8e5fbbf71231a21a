import type { Tx } from '../infra/db.ts';
import { movePeriodEnd } from './settle-counters.ts';
import type { SubscriptionState } from './subscription.ts';

/** When a period ends, and since when it is closed, which it may not be yet. */
interface PeriodEnd {
  readonly endsAt: Date;
  readonly closedAt?: Date;
}

/** The period of now ends there, with what was counted in it. */
export async function moveEnd(
  tx: Tx,
  state: SubscriptionState,
  data: PeriodEnd,
  now: Date,
): Promise<void> {
  const { id: subscriptionId, customerId, periodStart: start, periodEnd: end } = state;
  if (!start || !end) return;
  const key = { subscriptionId, customerId, startsAt: start };
  await tx.prisma.subscriptionPeriod.update({
    where: { subscriptionId_startsAt_customerId: key },
    data,
  });
  await movePeriodEnd(tx, state, { start, end }, data.endsAt, now);
}
