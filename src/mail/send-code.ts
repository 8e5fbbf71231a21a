import { MailRefused } from '../infra/mailer.ts';
import { exact, plain } from '../kit/decimal.ts';
import { toTypeId } from '../kit/ids.ts';
import { codeMail } from './code-mail.ts';
import type { MailsDeps } from './service.ts';
import { READ_WITHDRAWAL, type WithdrawalRow } from './sql/read-withdrawal.ts';

/** A withdrawal, and the code that confirms it, sealed: jobs are kept in a table. */
export interface CodeMailJob {
  readonly withdrawalId: string;
  readonly customerId: string;
  /** In base64. */
  readonly sealed: string;
}

/** Sends one mail. Throws when it is worth another attempt. */
export type SendCode = (job: CodeMailJob, aborted: AbortSignal) => Promise<void>;

/** Mails the code of a withdrawal to its customer, as long as that can be confirmed. */
export function createSendCode({ db, clock, log, sendMail, openCode }: MailsDeps): SendCode {
  return async ({ withdrawalId, customerId, sealed }, aborted) => {
    const of = [withdrawalId, customerId];
    const [row] = await db.direct.query<WithdrawalRow>(READ_WITHDRAWAL, of);
    if (!row || row.email === null) return;
    if (!row.has_test_clock && row.confirm_by <= clock.now()) return;
    const id = toTypeId('withdrawal', withdrawalId);
    const code = openCode(Buffer.from(sealed, 'base64'), withdrawalId);
    const facts = {
      ...{ code, amount: plain(exact(row.amount)), asset: row.asset },
      confirmBy: row.confirm_by,
      organization: { name: row.organization_name, mode: row.mode },
    };
    try {
      await sendMail({ id, to: row.email, ...codeMail(facts) }, aborted);
    } catch (error) {
      if (!(error instanceof MailRefused)) throw error;
      log.warn({ withdrawal: id, error }, 'The mail with a code was refused; it is given up.');
    }
  };
}
