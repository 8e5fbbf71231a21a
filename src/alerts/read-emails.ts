import type { Checker } from '../kit/check.ts';

/** Among the addresses of a rule: the customer's own, whatever it is when there is something to tell. */
const CUSTOMER = 'customer';

const MAX_EMAILS = 10;

/** Whom the alerts of a rule are mailed to, each once; nobody when it is not said. */
export function readEmails(check: Checker, raw: readonly string[] | null | undefined): string[] {
  const emails = [...new Set(raw ?? [])];
  if (emails.length > MAX_EMAILS) {
    check.note('emails', 'TOO_MANY', `At most ${MAX_EMAILS} addresses.`);
    return [];
  }
  return emails.map((email, at) =>
    email === CUSTOMER ? email : check.email(`emails.${at}`, email),
  );
}
