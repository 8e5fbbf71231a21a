import { MailRefused } from '../infra/mailer.ts';
import { DAY_MS, parseInstant } from '../kit/clock.ts';
import { toTypeId } from '../kit/ids.ts';
import type { RechargeFacts } from '../live/event.ts';
import { type RechargeNews, rechargeMail } from './recharge-mail.ts';
import type { MailsDeps } from './service.ts';
import { READ_RECHARGE, type RechargeRow } from './sql/read-recharge.ts';

/** What was told of a recharge, and where in the log: that names the mail. */
export interface RechargeMailJob {
  readonly customerId: string;
  readonly position: number;
  readonly place: number;
  readonly toldAt: string;
  readonly fact: Partial<RechargeFacts> & { readonly type: RechargeNews };
}

/** Sends one mail. Throws when it is worth another attempt. */
export type SendRecharge = (job: RechargeMailJob, aborted: AbortSignal) => Promise<void>;

/** What could not be sent for so long is no news any more. */
const TELLS_FOR_MS = DAY_MS;

/** Mails a customer that his recharge waits for him, as long as there is a rule. */
export function createSendRecharge({ db, clock, log, sendMail }: MailsDeps): SendRecharge {
  return async ({ customerId, position, place, toldAt, fact }, aborted) => {
    const { type: news, ruleId = null, paymentId = null, retryAt = null, action } = fact;
    const of = [customerId, ruleId, paymentId];
    const [row] = await db.direct.query<RechargeRow>(READ_RECHARGE, of);
    if (!row || row.email === null) return;
    // Confirmed meanwhile, or too late for that.
    if (news === 'payment.action_required' && (!row.is_open || row.action_url === null)) return;
    const customer = toTypeId('customer', customerId);
    const age = clock.now().getTime() - (parseInstant(toldAt)?.getTime() ?? 0);
    if (age > TELLS_FOR_MS) {
      log.warn(
        { customer },
        'A mail about a recharge could not be sent for a day; it is given up.',
      );
      return;
    }
    const content = rechargeMail({
      ...{ news, retryAt, isMethodGone: action === 'CHANGE_METHOD', actionUrl: row.action_url },
      card: { brand: row.brand, last4: row.last4 },
      wallet: { name: row.wallet_name, asset: row.asset },
      organization: { name: row.organization_name, mode: row.mode },
    });
    try {
      const id = `${customer}.${position}.${place}`;
      await sendMail({ id, to: row.email, ...content }, aborted);
    } catch (error) {
      if (!(error instanceof MailRefused)) throw error;
      log.warn({ customer, error }, 'A mail about a recharge was refused; it is given up.');
    }
  };
}
