import { hasCardNumber } from '../../../kit/card-numbers.ts';
import { type HostedPages, type PageAnswer, pageHeaders } from '../../pages/page.ts';
import { contentSecurityPolicy } from '../../pages/page-style.ts';
import type { Provider } from '../../provider.ts';
import { checkoutPage, notePage } from './checkout-page.ts';
import { findMethod } from './methods.ts';
import { isPaymentRef } from './refs.ts';
import { CHECKOUT_PATH, isSandbox, type SandboxProvider } from './sandbox.ts';

export interface SandboxPagesDeps {
  /** The provider of this TypeID, of whatever kind; null when there is none. */
  find(providerId: string): Promise<Provider | null>;
  /** Whether somebody may try to pay now, and if not in how many seconds he may; null: he may. @default everybody may */
  mayPay?(payer: {
    readonly providerId: string;
    readonly ref: string;
    readonly ip: string | null;
  }): Promise<{ readonly retryAfterSeconds: number | null } | null>;
}

const HEADERS = pageHeaders(contentSecurityPolicy());

const NOT_FOUND = note(404, 'Nothing here', 'There is no payment at this address.');
const NOT_A_FORM = note(400, 'Not understood', 'Go back, and choose what to do on the page.');
const HAS_CARD_NUMBER = note(
  400,
  'No card numbers',
  'What was sent looks like the number of a card. The sandbox takes none, and has not kept it.',
);
const NOT_ALLOWED: PageAnswer = {
  ...note(405, 'Not understood', 'This page is read, and its form is sent.'),
  headers: { ...HEADERS, allow: 'GET, HEAD, POST' },
};

const nobodyIsRefused = async () => null;

/** The pages at which customers pay with the sandbox: `/sandbox/checkout/<provider>/<ref>`. */
export function createSandboxPages({
  find,
  mayPay = nobodyIsRefused,
}: SandboxPagesDeps): HostedPages {
  async function show(sandbox: SandboxProvider, ref: string): Promise<PageAnswer> {
    const view = await sandbox.readPage(ref);
    return view ? { status: 200, headers: HEADERS, body: checkoutPage(view) } : NOT_FOUND;
  }

  async function take(
    sandbox: SandboxProvider,
    ref: string,
    form: URLSearchParams,
  ): Promise<PageAnswer | null> {
    switch (form.get('action')) {
      case 'pay': {
        const method = findMethod(form.get('method') ?? '');
        if (!method) return NOT_A_FORM;
        await sandbox.pay(ref, method.name, form.get('save') === 'yes');
        return null;
      }
      case 'confirm':
      case 'refuse':
        await sandbox.confirm(ref, form.get('action') === 'confirm');
        return null;
      case 'dispute':
        if (!(await sandbox.readPage(ref))?.canBeDisputed) return NOT_A_FORM;
        await sandbox.dispute(ref);
        return null;
      case 'win':
      case 'lose':
        await sandbox.closeDispute(ref, form.get('action') === 'win' ? 'WON' : 'LOST');
        return null;
      default:
        return NOT_A_FORM;
    }
  }

  return {
    async handle({ method, path, form, ip = null }) {
      const isPost = method === 'POST';
      if (!isPost && method !== 'GET' && method !== 'HEAD') return NOT_ALLOWED;
      // Before anything else sees it.
      if (form && [...form].flat().some(hasCardNumber)) return HAS_CARD_NUMBER;
      const place = placeOf(path);
      const sandbox = place && (await find(place.providerId));
      if (!sandbox || !isSandbox(sandbox)) return NOT_FOUND;
      if (!isPost) return show(sandbox, place.ref);
      if (!(await sandbox.readPage(place.ref))) return NOT_FOUND;
      if (!form) return NOT_A_FORM;
      const refused = form.get('action') === 'pay' ? await mayPay({ ...place, ip }) : null;
      if (refused) return tooMany(refused.retryAfterSeconds);
      return (await take(sandbox, place.ref, form)) ?? seeOther(path);
    },
  };
}

function tooMany(retryAfterSeconds: number | null): PageAnswer {
  const answer = note(
    429,
    'Too many attempts',
    'Too many payments from here have failed. Try again later; nothing was charged.',
  );
  if (retryAfterSeconds === null) return answer;
  return { ...answer, headers: { ...HEADERS, 'retry-after': String(retryAfterSeconds) } };
}

function placeOf(path: string): { readonly providerId: string; readonly ref: string } | null {
  if (!path.startsWith(CHECKOUT_PATH)) return null;
  const [providerId = '', ref = '', ...rest] = path.slice(CHECKOUT_PATH.length).split('/');
  return rest.length === 0 && isPaymentRef(ref) ? { providerId, ref } : null;
}

/** The form was taken: loading the page that comes now again sends nothing again. */
function seeOther(path: string): PageAnswer {
  return { status: 303, headers: { ...HEADERS, location: path }, body: '' };
}

function note(status: number, title: string, text: string): PageAnswer {
  return { status, headers: HEADERS, body: notePage(title, text) };
}
