import { createTransport } from 'nodemailer';
import { SECOND_MS } from '../kit/clock.ts';
import { isMailAddress } from '../kit/mail-address.ts';

export interface MailAddress {
  /** Empty when there is none. */
  readonly name: string;
  /** `billing@example.com` */
  readonly address: string;
}

export interface MailSettings {
  /** `smtp://user:password@mail.example.com:587`; a secret. */
  readonly smtpUrl: string;
  readonly from: MailAddress;
}

export interface Mail {
  /** Equal in every attempt to send the same: the Message-ID is made of it. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The server will not take the mail, however often it is offered. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
}

/** Resolves once the server has taken the mail. Throws MailRefused, or what may be over the next time. */
export type SendMail = (mail: Mail, aborted: AbortSignal) => Promise<void>;

const TIMEOUTS_MS = {
  dnsTimeout: 5 * SECOND_MS,
  connectionTimeout: 10 * SECOND_MS,
  greetingTimeout: 10 * SECOND_MS,
  /** Without a word from the server. */
  socketTimeout: 20 * SECOND_MS,
};
/** For everything: a place of the worker is held meanwhile. */
const TIMEOUT_MS = 60 * SECOND_MS;

/** Mail by SMTP, each on a connection of its own. */
export function createSendMail({ smtpUrl, from }: MailSettings): SendMail {
  const transport = createTransport({
    url: smtpUrl,
    ...TIMEOUTS_MS,
    // Nothing that is sent is to be read from somewhere.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);

  return async ({ id, to, subject, text, html }, aborted) => {
    // The library reads an address as a list, and would find somebody else in it.
    if (!isMailAddress(to)) throw new MailRefused('It is not addressed to one address.');
    const signal = AbortSignal.any([aborted, AbortSignal.timeout(TIMEOUT_MS)]);
    const envelope = { from: from.address, to: [to] };
    const messageId = `<${id}@${domain}>`;
    // So that nobody's absence is answered to us: RFC 3834.
    const headers = { 'Auto-Submitted': 'auto-generated' };
    const message = { from, to: { name: '', address: to }, envelope, messageId, headers };
    await transport.sendMail({ ...message, subject, text, html, signal }).catch(asRefused);
  };
}

interface SmtpError extends Error {
  readonly command?: string;
  readonly responseCode?: number;
}

/** A wrong password or sender is ours to repair, so that the mail waits for it; a recipient is not. */
function asRefused(error: SmtpError): never {
  const { command, responseCode = 0 } = error;
  const isAboutThisMail = command === 'RCPT TO' || command === 'DATA';
  if (isAboutThisMail && responseCode >= 500) throw new MailRefused(error.message);
  throw error;
}
