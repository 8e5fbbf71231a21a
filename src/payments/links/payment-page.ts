import { exact } from '../../kit/decimal.ts';
import { escapeHtml } from '../../kit/escape-html.ts';
import type { PaidAsset } from '../offer.ts';
import { moneyText } from '../pages/page.ts';
import type { PaymentStatus } from '../payment.ts';
import type { Currency } from '../provider.ts';
import { type LinkFrame, type LinkNote, linkNotePage } from './link-page.ts';

/** A payment that was begun at a link, for whoever comes back to it. */
export interface PaymentShown {
  readonly status: PaymentStatus;
  readonly amount: { toFixed(): string };
  readonly asset: PaidAsset;
  readonly ref: string | null;
  readonly checkoutUrl: string | null;
  readonly instructions: unknown;
}

/** Money is written with all of its places, anything else with those that it has. */
export function currencyOf({ code, kind, minorUnits }: PaidAsset): Currency {
  return { code, minorUnits: kind === 'FIAT' ? minorUnits : 0 };
}

const LOOK_AGAIN_MS = 15_000;

/** How a payment stands: where it is made, how it is made without a page, or what has become of it. */
export function paymentPage(page: LinkFrame, payment: PaymentShown): string {
  const { asset, amount } = payment;
  const money = moneyText(exact(amount), currencyOf(asset));
  return linkNotePage(page, NOTES[payment.status](money, payment));
}

const NOTES: Readonly<Record<PaymentStatus, (money: string, payment: PaymentShown) => LinkNote>> = {
  PENDING: waitingNote,
  AUTHORIZED: (money) => ({
    title: 'Being processed',
    text: `${money} are promised, and on their way. You need not wait here.`,
    kind: '',
    againInMs: LOOK_AGAIN_MS,
  }),
  SETTLED: (money) => ({ title: 'Paid', text: `Thank you. ${money} were paid.`, kind: 'good' }),
  FAILED: (money) => ended('Not paid', `${money} could not be paid, and nothing was charged.`),
  CANCELED: () => ended('Canceled', 'This payment was called off, and nothing was charged.'),
  EXPIRED: () => ended('Expired', 'The time to pay is over, and nothing was charged.'),
};

function ended(title: string, text: string): LinkNote {
  return { title, text, kind: 'bad', next: { href: './', text: 'Back to the link' } };
}

function waitingNote(money: string, { checkoutUrl, instructions }: PaymentShown): LinkNote {
  if (checkoutUrl !== null) {
    const text = `${money} wait to be paid. When you have paid, it may take a moment to be seen here.`;
    const next = { href: checkoutUrl, text: 'Go on to pay' };
    return { title: 'Not paid yet', text, kind: '', next, againInMs: LOOK_AGAIN_MS };
  }
  if (instructions === null) {
    const text = 'The page to pay at is being made. Look again in a moment.';
    return { title: 'One moment', text, kind: '', againInMs: LOOK_AGAIN_MS };
  }
  return {
    title: `Pay ${money}`,
    text: 'Pay as it is said here. This page says so once the money is there.',
    kind: '',
    extra: instructionsHtml(instructions as Readonly<Record<string, unknown>>),
    againInMs: 4 * LOOK_AGAIN_MS,
  };
}

/** What they are called on the page; what is not here is called as the provider calls it. */
const LABELS: Readonly<Record<string, string>> = {
  instructions: 'How to pay',
  reference: 'Reference: without it nobody knows whose money it is',
  amount: 'Amount',
  asset: 'In',
  address: 'Address',
  chainId: 'Chain',
  token: 'Token',
  expiresAt: 'Until',
};

function instructionsHtml(instructions: Readonly<Record<string, unknown>>): string {
  const { qrSvg, uri, ...rest } = instructions;
  const terms = Object.entries(rest).map(
    ([name, value]) =>
      `<dt>${escapeHtml(LABELS[name] ?? name)}</dt><dd>${escapeHtml(String(value))}</dd>`,
  );
  return [pictureHtml(qrSvg), walletHtml(uri), `<dl>${terms.join('')}</dl>`].join('\n');
}

/** As a picture it runs nothing, whatever is in it. */
function pictureHtml(svg: unknown): string {
  if (typeof svg !== 'string') return '';
  const data = Buffer.from(svg).toString('base64');
  return `<img class="qr" alt="QR code of the address" src="data:image/svg+xml;base64,${data}">`;
}

/** A wallet opens it. Of other addresses nobody knows what they do. */
function walletHtml(uri: unknown): string {
  if (typeof uri !== 'string' || !/^(?:ethereum|bitcoin):/.test(uri)) return '';
  return `<p><a class="button plain" href="${escapeHtml(uri)}">Open in a wallet</a></p>`;
}
