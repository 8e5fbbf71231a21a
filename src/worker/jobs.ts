import type { Clocks } from '../clocks/service.ts';
import { ADVANCE } from '../clocks/sql/add-job.ts';
import type { JobContext, JobTasks } from '../infra/jobs.ts';
import type { AlertMailJob } from '../mail/send-alert.ts';
import type { Mails } from '../mail/service.ts';
import { SEND_ALERT } from '../mail/sql/add-jobs.ts';
import type { Webhooks } from '../webhooks/service.ts';
import { DELIVER, RESEND } from '../webhooks/sql/add-jobs.ts';

/** What is done for the jobs that transactions have added. */
export function createJobs({
  webhooks,
  clocks,
  mails,
}: {
  webhooks: Pick<Webhooks, 'deliver' | 'resend'>;
  clocks: Pick<Clocks, 'advance'>;
  /** Null: jobs that send mail are left to whoever can. */
  mails: Pick<Mails, 'sendAlert'> | null;
}): JobTasks {
  return {
    [DELIVER]: (payload, context) =>
      webhooks.deliver((payload as { endpointId: string }).endpointId, context),
    [RESEND]: (payload, { aborted }) =>
      webhooks.resend((payload as { deliveryId: string }).deliveryId, aborted),
    [ADVANCE]: (payload, context) =>
      clocks.advance((payload as { testClockId: string }).testClockId, context),
    ...(mails && {
      [SEND_ALERT]: (payload: unknown, { aborted }: JobContext) =>
        mails.sendAlert(payload as AlertMailJob, aborted),
    }),
  };
}
