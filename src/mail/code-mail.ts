import { escapeHtml } from '../kit/escape-html.ts';
import type { MailContent } from './alert-mail.ts';
import { oneLine } from './plain-words.ts';

/** What a mail with the code of a withdrawal says. */
export interface CodeMailFacts {
  /** Eight digits. */
  readonly code: string;
  /** A canonical decimal, in what was paid in. */
  readonly amount: string;
  /** Its code: `USD`. */
  readonly asset: string;
  readonly confirmBy: Date;
  readonly organization: { readonly name: string; readonly mode: 'LIVE' | 'TEST' };
}

/** So much of an organization's name in a subject. */
const NAME_IN_SUBJECT = 80;

/** The mail that a customer confirms a withdrawal by. The code is in its text alone: subjects are shown on locked screens. */
export function codeMail({
  code,
  amount,
  asset,
  confirmBy,
  organization,
}: CodeMailFacts): MailContent {
  const mark = organization.mode === 'TEST' ? '[TEST] ' : '';
  const name = oneLine(organization.name);
  const what = `${amount} ${oneLine(asset)}`;
  const lines = [
    `Somebody has asked ${name} to give ${what} back, the way it was paid.`,
    `If that was you, confirm it with this code until ${confirmBy.toISOString()}:`,
  ];
  const warning = 'If it was not, tell nobody the code: nothing happens without it.';
  return {
    subject: `${mark}${oneLine(organization.name, NAME_IN_SUBJECT)}: confirm a withdrawal of ${what}`,
    text: [...lines, '', code, '', warning, ''].join('\n'),
    html: [
      '<!doctype html>',
      ...lines.map((line) => `<p>${escapeHtml(line)}</p>`),
      `<p><strong>${escapeHtml(code)}</strong></p>`,
      `<p>${escapeHtml(warning)}</p>`,
      '',
    ].join('\n'),
  };
}
