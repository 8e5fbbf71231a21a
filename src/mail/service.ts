import type { Db, Queryable } from '../infra/db.ts';
import type { Log } from '../infra/log.ts';
import type { SendMail } from '../infra/mailer.ts';
import type { Metrics } from '../infra/metrics.ts';
import type { Clock } from '../kit/clock.ts';
import type { LogGrowth } from '../live/sequencer.ts';
import { createSendAlert, type SendAlert } from './send-alert.ts';
import { createSendCode, type SendCode } from './send-code.ts';
import { createSendRecharge, type SendRecharge } from './send-recharge.ts';
import { QUEUE_ALERTS } from './sql/add-jobs.ts';
import { QUEUE_RECHARGES } from './sql/queue-recharges.ts';

export interface MailsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly sendMail: SendMail;
  /** Opens what was sealed for a withdrawal: the code that confirms it. */
  readonly openCode: (sealed: Uint8Array, withdrawalId: string) => string;
}

export interface Mails {
  readonly sendAlert: SendAlert;
  readonly sendCode: SendCode;
  readonly sendRecharge: SendRecharge;
  /** With events that get their place, in their transaction: for the sequencer. */
  queueMails(tx: Queryable, grown: readonly LogGrowth[]): Promise<void>;
}

/** What is told by mail. Made only where there is a server that takes some. */
export function createMails(deps: MailsDeps): Mails {
  return {
    sendAlert: createSendAlert(deps),
    sendCode: createSendCode(deps),
    sendRecharge: createSendRecharge(deps),
    async queueMails(tx, grown) {
      const runs = [
        grown.map(({ organizationId }) => organizationId),
        grown.map(({ lastPosition }) => lastPosition),
        grown.map(({ runs }) => runs),
      ];
      await tx.query(QUEUE_ALERTS, runs);
      await tx.query(QUEUE_RECHARGES, runs);
    },
  };
}
