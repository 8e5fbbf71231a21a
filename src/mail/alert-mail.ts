import { escapeHtml } from '../kit/escape-html.ts';
import type { AlertKind } from '../live/event.ts';
import { oneLine } from './plain-words.ts';

/** What a mail about an alert says. Amounts are canonical decimals in the asset. */
export interface AlertMailFacts {
  readonly kind: AlertKind;
  readonly threshold: string | null;
  readonly observed: string;
  readonly raisedAt: Date;
  readonly ruleName: string | null;
  /** What the rule asks for, as it is stored. */
  readonly terms: Readonly<Record<string, string | number>>;
  readonly customer: { readonly externalId: string; readonly name: string | null };
  readonly walletName: string;
  /** Its code: `USD`. */
  readonly asset: string;
  /** Of the grant, for GRANT_EXPIRING. */
  readonly expiresAt: Date | null;
  readonly organization: { readonly name: string; readonly mode: 'LIVE' | 'TEST' };
}

export interface MailContent {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** So much of a customer's name in a subject. */
const NAME_IN_SUBJECT = 80;

/** The mail about an alert: what happened, then where. The same for the merchant and for the customer. */
export function alertMail(facts: AlertMailFacts): MailContent {
  const { short, long } = WORDS[facts.kind](facts);
  const mark = facts.organization.mode === 'TEST' ? '[TEST] ' : '';
  const subject = `${mark}${oneLine(customerOf(facts), NAME_IN_SUBJECT)}: ${short}`;
  const details = detailsOf(facts);
  const sender = `Sent by ${oneLine(facts.organization.name)}, whose alert rule asks for it.`;
  return {
    subject,
    text: [long, '', ...details.map(([name, value]) => `${name}: ${value}`), '', sender, ''].join(
      '\n',
    ),
    html: htmlOf(long, details, sender),
  };
}

type Detail = readonly [name: string, value: string];

function detailsOf(facts: AlertMailFacts): Detail[] {
  const { ruleName, raisedAt } = facts;
  return [
    ['Customer', oneLine(customerOf(facts))],
    ['Wallet', oneLine(`${facts.walletName} (${facts.asset})`)],
    ...(ruleName === null ? [] : [['Rule', oneLine(ruleName)] as const]),
    ['Time', raisedAt.toISOString()],
  ];
}

function customerOf({ customer: { name, externalId } }: AlertMailFacts): string {
  return name === null ? externalId : `${name} (${externalId})`;
}

function htmlOf(long: string, details: readonly Detail[], sender: string): string {
  const rows = details.map(
    ([name, value]) =>
      `<tr><th align="left">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return [
    '<!doctype html>',
    `<p>${escapeHtml(long)}</p>`,
    `<table cellpadding="4">${rows.join('')}</table>`,
    `<p>${escapeHtml(sender)}</p>`,
    '',
  ].join('\n');
}

/** In a subject, and as a sentence. */
interface Words {
  readonly short: string;
  readonly long: string;
}

const WORDS: Readonly<Record<AlertKind, (facts: AlertMailFacts) => Words>> = {
  BELOW_AMOUNT: ({ threshold, observed, asset }) => ({
    short: `less than ${threshold} ${asset} left`,
    long: `The balance is ${observed} ${asset}, which is less than ${threshold} ${asset}.`,
  }),
  BELOW_PERCENT: ({ terms, threshold, observed, asset }) => ({
    short: `less than ${terms.percent} % left`,
    long: `The balance is ${observed} ${asset}, which is less than ${terms.percent} % of what there was after the last credit (${threshold} ${asset}).`,
  }),
  DEPLETED: ({ observed, asset }) => ({
    short: 'nothing left',
    long: `Nothing is left: the balance is ${observed} ${asset}.`,
  }),
  RECOVERED: ({ observed, asset }) => ({
    short: 'something left again',
    long: `Something is left again: the balance is ${observed} ${asset}.`,
  }),
  BURN_RATE: ({ terms, threshold, observed, asset }) => ({
    short: 'spending faster than usual',
    long: `In the last ${terms.windowMinutes} minutes ${observed} ${asset} were spent, more than the ${threshold} ${asset} that the rule allows.`,
  }),
  PROJECTED_EMPTY: ({ terms, observed, asset }) => ({
    short: `nothing left within ${terms.hours} hours`,
    long: `The balance is ${observed} ${asset}. At the rate of the last day nothing is left within ${terms.hours} hours.`,
  }),
  GRANT_EXPIRING: ({ observed, asset, expiresAt }) => ({
    short: 'credit about to expire',
    long: `${observed} ${asset} of a credit expire${expiresAt ? ` at ${expiresAt.toISOString()}` : ''}.`,
  }),
};
