import { escapeHtml } from '../../../kit/escape-html.ts';
import {
  amountHtml,
  framePage,
  heading,
  moneyText,
  type PageContent,
  paragraph,
  policyHtml,
  sign,
} from '../../pages/page.ts';
import type { CheckoutStep, CheckoutView } from './checkout-view.ts';
import { METHODS, type SandboxMethod } from './methods.ts';

/** The hosted page, which works without a script. Whatever somebody else wrote is escaped. */
export function checkoutPage(view: CheckoutView): string {
  return frame(CONTENTS[view.step](view));
}

/** A page that only says something: that there is no such payment, or why a form is not taken. */
export function notePage(title: string, text: string): string {
  return frame({ title, body: `${sign('bad', '!')}${heading(title)}${paragraph('what', text)}` });
}

const CONTENTS: Readonly<Record<CheckoutStep, (view: CheckoutView) => PageContent>> = {
  CHOOSE: (view) => ({
    title: `Pay ${moneyText(view.amount, view.currency)}`,
    body: [
      failureOf(view),
      orderOf(view),
      '<hr>',
      chooseForm(view),
      policyHtml(view.refundPolicy),
      back(view, 'Go back without paying'),
    ].join('\n'),
  }),
  CONFIRM: (view) => ({
    title: 'Confirm it is you',
    body: [
      sign('', '?'),
      heading('Confirm it is you'),
      paragraph('what', `Your bank asks before it pays${withMethod(view.method)}.`),
      '<hr>',
      orderOf(view),
      '<hr>',
      '<form method="post">',
      '<button name="action" value="confirm">Confirm</button>',
      '<button class="plain" name="action" value="refuse">Refuse</button>',
      '</form>',
      back(view, 'Go back without paying'),
    ].join('\n'),
  }),
  PROCESSING: (view) => ({
    ...result(view, {
      title: view.isConfirmed ? 'Confirmed, and being processed' : 'Being processed',
      text: 'The payment is promised, and the money is on its way. You need not wait here.',
      mark: sign('', '…'),
      extra: '<p><a class="button plain" href="">Look again</a></p>',
    }),
    againInMs: view.settlesInMs,
  }),
  PAID: (view) =>
    result(view, {
      title: view.isConfirmed ? 'Confirmed and paid' : 'Paid',
      text: view.isDisputed
        ? 'It was paid, and the bank has taken it back: who is right?'
        : `Thank you. It was paid${withMethod(view.method)}.`,
      mark: view.isDisputed ? sign('', '?') : sign('good', '✓'),
      extra: disputeForm(view),
    }),
  FAILED: (view) =>
    result(view, {
      title: 'Not paid',
      text: view.failure ?? 'The payment failed.',
      mark: sign('bad', '×'),
    }),
  CANCELED: (view) =>
    result(view, {
      title: 'Canceled',
      text: 'This payment was canceled, and nothing was charged.',
      mark: sign('bad', '×'),
    }),
  EXPIRED: (view) =>
    result(view, {
      title: 'Expired',
      text: 'The time to pay is over, and nothing was charged. Ask for another page to pay.',
      mark: sign('bad', '×'),
    }),
};

interface Result {
  readonly title: string;
  readonly text: string;
  readonly mark: string;
  readonly extra?: string;
}

function result(view: CheckoutView, { title, text, mark, extra = '' }: Result): PageContent {
  const parts = [mark, heading(title), paragraph('what', text), '<hr>', orderOf(view), extra];
  return {
    title,
    body: [...parts, policyHtml(view.refundPolicy), back(view, 'Go back', 'button')].join('\n'),
  };
}

/** What the customer's bank does. The page of a real provider has no such buttons. */
function disputeForm({ isDisputed, canBeDisputed }: CheckoutView): string {
  const button = (action: string, text: string) =>
    `<button class="plain" name="action" value="${action}">${text}</button>`;
  const buttons = isDisputed
    ? [button('win', 'The merchant is right'), button('lose', 'The customer is right')]
    : canBeDisputed
      ? [button('dispute', 'Dispute it at the bank')]
      : [];
  return buttons.length === 0 ? '' : `<form method="post">\n${buttons.join('\n')}\n</form>`;
}

function orderOf({ step, amount, currency, description }: CheckoutView): string {
  const text = amountHtml(amount, currency);
  const what = paragraph('what', description);
  // Where nothing else is the heading, the amount is.
  return step === 'CHOOSE'
    ? `${what}\n<h1 class="amount">${text}</h1>`
    : `${what}\n<p class="amount">${text}</p>`;
}

function chooseForm(view: CheckoutView): string {
  const chosen = view.method?.name ?? METHODS[0]?.name;
  const methods = METHODS.map((method) => radio(method, method.name === chosen));
  const checked = view.isSaved ? ' checked' : '';
  return `<form method="post">
<fieldset>
<legend>Choose what happens</legend>
${methods.join('\n')}
</fieldset>
<label class="save"><input type="checkbox" name="save" value="yes"${checked}> Save this method for later payments</label>
<button name="action" value="pay">Pay ${escapeHtml(moneyText(view.amount, view.currency))}</button>
</form>`;
}

function radio({ name, title, hint, brand, last4 }: SandboxMethod, isChosen: boolean): string {
  const checked = isChosen ? ' checked' : '';
  return `<label class="method"><input type="radio" name="method" value="${name}" required${checked}>
<span><b>${title}</b><small>${hint}</small></span>
<span class="brand">${brandText(brand)}<br>•• ${last4}</span></label>`;
}

const BRANDS: Readonly<Record<string, string>> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'Amex',
  sepa_debit: 'SEPA debit',
};

function brandText(brand: string): string {
  return BRANDS[brand] ?? brand;
}

function withMethod(method: SandboxMethod | null): string {
  return method === null ? '' : ` with ${brandText(method.brand)} ending in ${method.last4}`;
}

function failureOf({ failure }: CheckoutView): string {
  if (failure === null) return '';
  return `<div class="alert" role="alert"><b>Not paid</b>${escapeHtml(failure)} Choose another method, or try again.</div>`;
}

function back({ returnUrl }: CheckoutView, text: string, className = 'link'): string {
  if (returnUrl === null || !isWebAddress(returnUrl)) return '';
  return `<p class="back"><a class="${className}" href="${escapeHtml(returnUrl)}" rel="noreferrer">${text}</a></p>`;
}

/** Of others, such as `javascript:`, nobody knows what they do. */
function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

const BANNER = '<p class="test"><strong>Sandbox.</strong> This is a test: no money moves.</p>';

function frame({ title, ...content }: PageContent): string {
  return framePage({ ...content, title: `${title} · Sandbox`, banner: BANNER });
}
