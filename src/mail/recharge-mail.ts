import { escapeHtml } from '../kit/escape-html.ts';
import type { MailContent } from './alert-mail.ts';
import { oneLine } from './plain-words.ts';

/** What of a recharge its customer is told by mail. */
export type RechargeNews =
  | 'recharge.declined'
  | 'recharge.suspended'
  | 'recharge.capped'
  | 'payment.action_required';

export interface RechargeMailFacts {
  readonly news: RechargeNews;
  /** Whether the card is gone, so that trying again will not do. */
  readonly isMethodGone: boolean;
  /** When it is tried again by itself; null: it is not. */
  readonly retryAt: string | null;
  /** Where the customer confirms it, for `payment.action_required`. */
  readonly actionUrl: string | null;
  /** What people know the card by; null where its provider does not say. */
  readonly card: { readonly brand: string | null; readonly last4: string | null };
  readonly wallet: { readonly name: string; readonly asset: string };
  readonly organization: { readonly name: string; readonly mode: 'LIVE' | 'TEST' };
}

/** So much of an organization's name in a subject. */
const NAME_IN_SUBJECT = 80;

/** The mail about a recharge that waits for its customer: what happened, and what to do. */
export function rechargeMail(facts: RechargeMailFacts): MailContent {
  const { news, organization, actionUrl } = facts;
  const { short, lines } = WORDS[news](facts);
  const mark = organization.mode === 'TEST' ? '[TEST] ' : '';
  const url = news === 'payment.action_required' ? actionUrl : null;
  return {
    subject: `${mark}${oneLine(organization.name, NAME_IN_SUBJECT)}: ${short}`,
    text: [...lines, ...(url === null ? [] : ['', url]), ''].join('\n'),
    html: [
      '<!doctype html>',
      ...lines.map((line) => `<p>${escapeHtml(line)}</p>`),
      ...(url === null ? [] : [`<p><a href="${escapeHtml(url)}">${escapeHtml(url)}</a></p>`]),
      '',
    ].join('\n'),
  };
}

interface Words {
  readonly short: string;
  readonly lines: readonly string[];
}

const WORDS: Readonly<Record<RechargeNews, (facts: RechargeMailFacts) => Words>> = {
  'recharge.declined': ({ isMethodGone, retryAt, ...facts }) => ({
    short: 'your balance could not be recharged',
    lines: [
      isMethodGone
        ? `${walletOf(facts)} runs low, and there is no card to recharge it from.`
        : `${walletOf(facts)} runs low, and ${cardOf(facts)} was declined.`,
      isMethodGone
        ? 'Save another card, so that it can be.'
        : `It is tried again${retryAt === null ? '' : ` at ${retryAt}`}. See that the card can pay, or save another one.`,
    ],
  }),
  'recharge.suspended': (facts) => ({
    short: 'your balance is not recharged any more',
    lines: [
      `${walletOf(facts)} runs low, and ${cardOf(facts)} was declined three times in a row.`,
      'It is not tried any more. Save another card, or pay yourself.',
    ],
  }),
  'recharge.capped': ({ retryAt, ...facts }) => ({
    short: 'your balance has reached its limit of recharges',
    lines: [
      `${walletOf(facts)} runs low, and is not recharged further: the limit that you agreed to is reached.`,
      `Pay yourself, or raise the limit.${retryAt === null ? '' : ` Otherwise it goes on at ${retryAt}.`}`,
    ],
  }),
  'payment.action_required': (facts) => ({
    short: 'confirm a payment',
    lines: [
      `${walletOf(facts)} runs low, and the bank of ${cardOf(facts)} wants to know whether it is you who recharges it.`,
      'Confirm it here:',
    ],
  }),
};

function walletOf({ wallet, organization }: Pick<RechargeMailFacts, 'wallet' | 'organization'>) {
  const name = oneLine(`${wallet.name} (${wallet.asset})`);
  return `Your balance ${name} with ${oneLine(organization.name)}`;
}

function cardOf({ card: { brand, last4 } }: Pick<RechargeMailFacts, 'card'>): string {
  const words = [brand, last4 === null ? null : `ending in ${last4}`].filter((word) => word);
  return words.length === 0 ? 'your card' : `your card (${oneLine(words.join(' '))})`;
}
