import type { Exact } from '../../kit/decimal.ts';
import { escapeHtml } from '../../kit/escape-html.ts';
import type { Offer } from '../offer.ts';
import {
  amountHtml,
  framePage,
  heading,
  moneyText,
  type PageContent,
  paragraph,
  policyHtml,
  sign,
} from '../pages/page.ts';
import type { Currency } from '../provider.ts';

/** Whose page it is, and what is said on each. */
export interface LinkFrame {
  readonly merchant: string;
  /** Of an organization in which no money moves. */
  readonly isTest: boolean;
  readonly description: string;
  readonly refundPolicy: string | null;
}

/** What is paid at a link: so much, or as much as is chosen. */
export type LinkSum =
  | { readonly offer: Offer; readonly currency: Currency }
  | {
      readonly offer: null;
      readonly currency: Currency;
      readonly bounds: { readonly min: Exact; readonly max: Exact };
      readonly suggested: readonly Exact[];
    };

export interface PayPage extends LinkFrame {
  readonly sum: LinkSum;
  readonly token: string;
  /** What was chosen before, as it was written. */
  readonly chosen: string;
  /** Why that is not taken; null when nothing was sent. */
  readonly problem: string | null;
}

/** Where whoever opened a link says that, and how much, he pays. */
export function payPage(page: PayPage): string {
  const { sum, problem } = page;
  return frame(page, {
    title: `Pay ${page.merchant}`,
    body: [
      problem === null ? '' : alert(problem),
      paragraph('what', page.description),
      '<form method="post">',
      `<input type="hidden" name="token" value="${escapeHtml(page.token)}">`,
      sum.offer === null ? chooseHtml(page, sum) : fixedHtml(sum),
      '</form>',
      policyHtml(page.refundPolicy),
    ].join('\n'),
  });
}

function fixedHtml({ offer, currency }: Extract<LinkSum, { offer: Offer }>): string {
  const { credit, bonus, creditAsset } = offer;
  const isOther = creditAsset.id !== offer.asset.id;
  const what = { code: creditAsset.code, minorUnits: 0 };
  const onTop = bonus > 0n ? ` and ${moneyText(bonus, what)} on top` : '';
  const credited = isOther ? paragraph('what', `For ${moneyText(credit, what)}${onTop}`) : '';
  return `<h1 class="amount">${amountHtml(offer.amount, currency)}</h1>
${credited}
<hr>
<button>Pay ${escapeHtml(moneyText(offer.amount, currency))}</button>`;
}

function chooseHtml({ chosen }: PayPage, sum: Extract<LinkSum, { offer: null }>): string {
  const { currency, bounds, suggested } = sum;
  const text = (amount: Exact) => escapeHtml(moneyText(amount, currency));
  // The field is not asked for where one of these is pressed.
  const buttons = suggested.map((amount) => {
    const value = escapeHtml(bare(amount, currency));
    return `<button class="plain" name="suggested" value="${value}" formnovalidate>${text(amount)}</button>`;
  });
  return `<hr>
<label class="field" for="amount">Amount</label>
<div class="sum"><input id="amount" name="amount" inputmode="decimal" autocomplete="off" maxlength="40" required
  aria-describedby="bounds" value="${escapeHtml(chosen)}"><span>${escapeHtml(currency.code)}</span></div>
<p class="note" id="bounds">From ${text(bounds.min)} to ${text(bounds.max)}.</p>
<button>Pay</button>
${buttons.length === 0 ? '' : `<div class="sums">${buttons.join('\n')}</div>`}`;
}

/** As it is written into the field. */
function bare(amount: Exact, currency: Currency): string {
  return (moneyText(amount, currency).split(' ')[0] ?? '').replaceAll(',', '');
}

/** What there is to say where nothing is to be paid. */
export interface LinkNote {
  readonly title: string;
  readonly text: string;
  readonly kind: '' | 'good' | 'bad';
  /** Where it goes on, and what is written there. */
  readonly next?: { readonly href: string; readonly text: string } | null;
  readonly extra?: string;
  readonly againInMs?: number;
}

const MARKS = { '': '…', good: '✓', bad: '×' } as const;

export function linkNotePage(page: LinkFrame, note: LinkNote): string {
  const { title, text, kind, next, extra = '', againInMs } = note;
  const body = [
    sign(kind, MARKS[kind]),
    heading(title),
    paragraph('what', text),
    extra === '' ? '' : `<hr>\n${extra}`,
    next
      ? `<p class="back"><a class="button" href="${escapeHtml(next.href)}">${escapeHtml(next.text)}</a></p>`
      : '',
    policyHtml(page.refundPolicy),
  ];
  return frame(page, { title, body: body.join('\n'), againInMs });
}

/** Where there is nothing that could be said of anybody. */
export function nowherePage(title: string, text: string): string {
  return framePage({
    title,
    body: `${sign('bad', '!')}${heading(title)}${paragraph('what', text)}`,
  });
}

const TEST = '<p class="test"><strong>Test.</strong> No money moves here.</p>';

function frame({ merchant, isTest }: LinkFrame, content: PageContent): string {
  const body = `${paragraph('merchant', merchant)}\n${content.body}`;
  return framePage({ ...content, banner: isTest ? TEST : '', body });
}

function alert(problem: string): string {
  return `<div class="alert" role="alert"><b>Not yet</b>${escapeHtml(problem)}</div>`;
}
