import type { Alerts } from '../alerts/service.ts';
import type { Clocks } from '../clocks/service.ts';
import type { TimedWork } from '../clocks/timed-work.ts';
import type { Db } from '../infra/db.ts';
import { forgetOldKeys } from '../infra/idempotency.ts';
import { createReleaseDeadJobs } from '../infra/job-liveness.ts';
import { type Clock, HOUR_MS, SECOND_MS } from '../kit/clock.ts';
import { forgetOldEvents } from '../live/retention.ts';
import type { Sequencer } from '../live/sequencer.ts';
import type { Payments } from '../payments/service.ts';
import type { Webhooks } from '../webhooks/service.ts';
import type { Task } from './worker.ts';

/** Everything that happens without a request. */
export function createTasks({
  db,
  clock,
  clocks,
  timedWork,
  alerts,
  sequencer,
  webhooks,
  payments,
  eventRetentionDays,
}: {
  db: Db;
  clock: Clock;
  clocks: Pick<Clocks, 'sweep'>;
  /** What time brings about, here for customers who go by the server's. */
  timedWork: readonly TimedWork[];
  alerts: Pick<Alerts, 'sweep' | 'watchRecentGrants' | 'forgetSpend'>;
  sequencer: Pick<Sequencer, 'pass'>;
  webhooks: Pick<Webhooks, 'sweep' | 'forgetDeliveries'>;
  payments: Pick<Payments, 'look' | 'forgetAttempts'>;
  eventRetentionDays: number;
}): Task[] {
  const releaseDeadJobs = createReleaseDeadJobs(db.direct);

  return [
    ...timedWork.map(({ name, everyMs = SECOND_MS, run }) => ({
      name,
      everyMs,
      run: () => run(null),
    })),
    {
      name: 'test clocks that were left on their way are taken up',
      everyMs: 10 * SECOND_MS,
      run: clocks.sweep,
    },
    {
      name: 'events that were left behind get their place in the log',
      everyMs: SECOND_MS,
      run: sequencer.pass,
    },
    {
      name: 'jobs of processes that died are given to others',
      everyMs: 10 * SECOND_MS,
      run: async () => {
        await releaseDeadJobs();
        return false;
      },
    },
    {
      name: 'webhooks that were left behind are taken up',
      everyMs: 10 * SECOND_MS,
      run: webhooks.sweep,
    },
    {
      name: 'payments are compared with their providers',
      everyMs: SECOND_MS,
      run: payments.look,
    },
    {
      name: 'deliveries of webhooks are forgotten',
      everyMs: HOUR_MS,
      run: () => webhooks.forgetDeliveries(eventRetentionDays),
    },
    {
      name: 'wallets are looked at when the alert rules for all of them changed',
      everyMs: SECOND_MS,
      run: alerts.sweep,
    },
    {
      name: 'grants that begin to be about to expire are told',
      everyMs: SECOND_MS,
      run: alerts.watchRecentGrants,
    },
    {
      name: 'spend that no rule looks back to is forgotten',
      everyMs: HOUR_MS,
      run: async () => {
        await alerts.forgetSpend();
        return false;
      },
    },
    {
      name: 'attempts to pay that no limit looks back to are forgotten',
      everyMs: HOUR_MS,
      run: async () => {
        await payments.forgetAttempts();
        return false;
      },
    },
    {
      name: 'old events are forgotten',
      everyMs: HOUR_MS,
      run: () => forgetOldEvents(db.direct, clock, eventRetentionDays),
    },
    {
      name: 'idempotency keys are forgotten',
      everyMs: HOUR_MS,
      run: async () => {
        await forgetOldKeys(db.direct, clock);
        return false;
      },
    },
  ];
}
