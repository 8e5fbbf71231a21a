import type { Tx } from '../infra/db.ts';
import { movePeriodEnd } from './settle-counters.ts';
import type { SubscriptionState } from './subscription.ts';

/** The period that is a trial ends later, with what was counted in it. */
export async function moveTrialEnd(
  tx: Tx,
  state: SubscriptionState,
  endsAt: Date,
  now: Date,
): Promise<void> {
  const { id: subscriptionId, customerId, periodStart: start, periodEnd: end } = state;
  if (!start || !end) return;
  const key = { subscriptionId, customerId, startsAt: start };
  await tx.prisma.subscriptionPeriod.update({
    where: { subscriptionId_startsAt_customerId: key },
    data: { endsAt },
  });
  await movePeriodEnd(tx, state, { start, end }, endsAt, now);
}
