import type { Clocks } from '../clocks/service.ts';
import { ADVANCE } from '../clocks/sql/add-job.ts';
import type { JobContext, JobTasks } from '../infra/jobs.ts';
import type { AlertMailJob } from '../mail/send-alert.ts';
import type { CodeMailJob } from '../mail/send-code.ts';
import type { RechargeMailJob } from '../mail/send-recharge.ts';
import type { Mails } from '../mail/service.ts';
import { SEND_ALERT } from '../mail/sql/add-jobs.ts';
import { SEND_RECHARGE } from '../mail/sql/queue-recharges.ts';
import type { Payments } from '../payments/service.ts';
import {
  APPLY_CHANGE,
  CHARGE_PAYMENT,
  EMIT_EVENT,
  HANDLE_EVENT,
} from '../payments/sql/add-jobs.ts';
import { SEND_CODE } from '../payments/withdrawals/sql/queue-code.ts';
import type { Webhooks } from '../webhooks/service.ts';
import { DELIVER, RESEND } from '../webhooks/sql/add-jobs.ts';

/** What is done for the jobs that transactions have added. */
export function createJobs({
  webhooks,
  clocks,
  mails,
  payments,
}: {
  webhooks: Pick<Webhooks, 'deliver' | 'resend'>;
  clocks: Pick<Clocks, 'advance'>;
  /** Null: jobs that send mail are left to whoever can. */
  mails: Pick<Mails, 'sendAlert' | 'sendCode' | 'sendRecharge'> | null;
  payments: Pick<Payments, 'handleEvent' | 'emitEvent' | 'applyChange' | 'chargePayment'>;
}): JobTasks {
  return {
    [DELIVER]: (payload, context) =>
      webhooks.deliver((payload as { endpointId: string }).endpointId, context),
    [RESEND]: (payload, { aborted }) =>
      webhooks.resend((payload as { deliveryId: string }).deliveryId, aborted),
    [ADVANCE]: (payload, context) =>
      clocks.advance((payload as { testClockId: string }).testClockId, context),
    [HANDLE_EVENT]: (payload) => payments.handleEvent((payload as { eventId: string }).eventId),
    [EMIT_EVENT]: (payload) =>
      payments.emitEvent(payload as { providerId: string; type: string; ref: string }),
    [APPLY_CHANGE]: (payload) =>
      payments.applyChange(payload as { id: string; customerId: string }),
    [CHARGE_PAYMENT]: (payload) =>
      payments.chargePayment(payload as { paymentId: string; customerId: string }),
    ...(mails && {
      [SEND_ALERT]: (payload: unknown, { aborted }: JobContext) =>
        mails.sendAlert(payload as AlertMailJob, aborted),
      [SEND_CODE]: (payload: unknown, { aborted }: JobContext) =>
        mails.sendCode(payload as CodeMailJob, aborted),
      [SEND_RECHARGE]: (payload: unknown, { aborted }: JobContext) =>
        mails.sendRecharge(payload as RechargeMailJob, aborted),
    }),
  };
}
