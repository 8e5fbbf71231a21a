import type { JobTasks } from '../infra/jobs.ts';
import type { Webhooks } from '../webhooks/service.ts';
import { DELIVER, RESEND } from '../webhooks/sql/add-jobs.ts';

/** What is done for the jobs that transactions have added. */
export function createJobs({
  webhooks,
}: {
  webhooks: Pick<Webhooks, 'deliver' | 'resend'>;
}): JobTasks {
  return {
    [DELIVER]: (payload, context) =>
      webhooks.deliver((payload as { endpointId: string }).endpointId, context),
    [RESEND]: (payload, { aborted }) =>
      webhooks.resend((payload as { deliveryId: string }).deliveryId, aborted),
  };
}
