import { MINUTE_MS, SECOND_MS } from '../../kit/clock.ts';
import { type Exact, plain } from '../../kit/decimal.ts';
import { escapeHtml } from '../../kit/escape-html.ts';
import type { Currency } from '../provider.ts';
import { STYLE } from './page-style.ts';

/** What is asked of a page that the product shows to who pays. */
export interface PageRequest {
  readonly method: string;
  /** Without a query: `/pay/<slug>`. */
  readonly path: string;
  /** What was sent with POST; null when nothing was. */
  readonly form: URLSearchParams | null;
  /** From where it comes; null, or left out, when that is not known. */
  readonly ip?: string | null;
}

export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Pages below one path. They work without a script. */
export interface HostedPages {
  handle(request: PageRequest): Promise<PageAnswer>;
}

export function pageHeaders(policy: string) {
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': policy,
    // Who knows the address may pay, so nobody else is told it; to our own server browsers say where a form comes from.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  } as const;
}

/** What a page is made of; all of it is HTML but the title. */
export interface PageContent {
  readonly title: string;
  /** Above the card; nothing when left out. */
  readonly banner?: string;
  readonly body: string;
  /** It asks for itself again after so long. */
  readonly againInMs?: number | undefined;
}

export function framePage({ title, banner = '', body, againInMs }: PageContent): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
${refresh(againInMs)}<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
${banner}
<div class="card">
${body}
</div>
</main>
</body>
</html>
`;
}

/** Once, when there is something else to see; not longer than anybody looks. */
function refresh(againInMs: number | undefined): string {
  if (againInMs === undefined || againInMs > 15 * MINUTE_MS) return '';
  return `<meta http-equiv="refresh" content="${Math.ceil(againInMs / SECOND_MS)}">\n`;
}

/** What is wanted, with all places of the currency: `1,000.00 USD`. */
export function moneyText(amount: Exact, { code, minorUnits }: Currency): string {
  const [whole = '', places = ''] = plain(amount).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const decimals = places.padEnd(minorUnits, '0');
  return `${decimals === '' ? grouped : `${grouped}.${decimals}`} ${code}`;
}

/** The same in HTML, where it is what one looks for. */
export function amountHtml(amount: Exact, currency: Currency): string {
  const [number = '', code = ''] = moneyText(amount, currency).split(' ');
  return `${escapeHtml(number)} <small>${escapeHtml(code)}</small>`;
}

export function sign(kind: '' | 'good' | 'bad', mark: string): string {
  return `<div class="sign ${kind}" aria-hidden="true">${mark}</div>\n`;
}

export function heading(text: string): string {
  return `<h1>${escapeHtml(text)}</h1>`;
}

export function paragraph(className: string, text: string): string {
  return `<p class="${className}">${escapeHtml(text)}</p>`;
}

/** What the organization says about refunds; nothing when it says nothing. */
export function policyHtml(refundPolicy: string | null): string {
  return refundPolicy === null ? '' : paragraph('note policy', refundPolicy);
}
