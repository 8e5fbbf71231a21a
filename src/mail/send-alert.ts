import { MailRefused } from '../infra/mailer.ts';
import { DAY_MS } from '../kit/clock.ts';
import { exact, plain } from '../kit/decimal.ts';
import { toTypeId } from '../kit/ids.ts';
import { type AlertMailFacts, alertMail } from './alert-mail.ts';
import type { MailsDeps } from './service.ts';
import { type AlertRow, READ_ALERT } from './sql/read-alert.ts';

/** An alert and whom to tell: an address of its rule, or `customer`. */
export interface AlertMailJob {
  readonly alertId: string;
  readonly customerId: string;
  readonly to: string;
}

/** Sends one mail. Throws when it is worth another attempt. */
export type SendAlert = (job: AlertMailJob, aborted: AbortSignal) => Promise<void>;

/** Among the addresses of a rule: the customer's own. */
const CUSTOMER = 'customer';
/** What could not be sent for so long is no news any more. */
const TELLS_FOR_MS = DAY_MS;

export function createSendAlert({ db, clock, log, metrics, sendMail }: MailsDeps): SendAlert {
  const mails = metrics.counter('mails_total', 'Mails to a server, by what came of them.', [
    'status',
  ]);

  return async ({ alertId, customerId, to }, aborted) => {
    const [row] = await db.direct.query<AlertRow>(READ_ALERT, [alertId, customerId]);
    const address = row && addressOf(row, to);
    if (!address) return;
    const id = toTypeId('alert', alertId);
    if (isOld(row, clock.now())) {
      log.warn({ alert: id }, 'A mail about an alert could not be sent for a day; it is given up.');
      return;
    }
    try {
      await sendMail({ id, to: address, ...alertMail(factsOf(row)) }, aborted);
      mails.inc({ status: 'SENT' });
    } catch (error) {
      mails.inc({ status: 'FAILED' });
      if (!(error instanceof MailRefused)) throw error;
      log.warn({ alert: id, error }, 'A mail about an alert was refused; it is given up.');
    }
  };
}

/** By a test clock it may have been raised in any year, and is told as it was. */
function isOld({ raised_at, has_test_clock }: AlertRow, now: Date): boolean {
  return !has_test_clock && now.getTime() - raised_at.getTime() > TELLS_FOR_MS;
}

/** Null when nobody is to be told any more: the rule is another, or the customer has no address. */
function addressOf({ emails, customer_email }: AlertRow, to: string): string | null {
  if (!emails.includes(to)) return null;
  return to === CUSTOMER ? customer_email : to;
}

function factsOf(row: AlertRow): AlertMailFacts {
  return {
    kind: row.kind,
    threshold: row.threshold === null ? null : plain(exact(row.threshold)),
    observed: plain(exact(row.observed)),
    raisedAt: row.raised_at,
    ruleName: row.rule_name,
    terms: row.terms,
    customer: { externalId: row.external_id, name: row.customer_name },
    walletName: row.wallet_name,
    asset: row.asset,
    expiresAt: row.expires_at,
    organization: { name: row.organization_name, mode: row.mode },
  };
}
