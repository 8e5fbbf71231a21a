import { randomBytes } from 'node:crypto';
import type { Viewer } from '../../access/viewer.ts';
import { hasCardNumber } from '../../kit/card-numbers.ts';
import { parseDecimal } from '../../kit/decimal.ts';
import { isRefusal, wordsOf } from '../../kit/refusal.ts';
import { actingFor } from '../acting-for.ts';
import type { OfferRefusal, TopUpRefusal } from '../begin-top-up.ts';
import type { SellingRoom } from '../create-top-up.ts';
import { type HostedPages, type PageAnswer, pageHeaders } from '../pages/page.ts';
import { contentSecurityPolicy } from '../pages/page-style.ts';
import { readSettings } from '../settings.ts';
import { readState } from '../store.ts';
import { boughtAt, type LinkStanding, type LinkState, PAY_PATH, SLUG, standingOf } from './link.ts';
import {
  type LinkFrame,
  type LinkSum,
  linkNotePage,
  nowherePage,
  type PayPage,
  payPage,
} from './link-page.ts';
import { countUses, findBegun, findBySlug, findPaymentAt } from './link-store.ts';
import { addressOf, payAtLink, STANDING_WORDS } from './pay-at-link.ts';
import { currencyOf, paymentPage } from './payment-page.ts';

/** Browsers hold a form to where it may lead, also over the answer: to the page of a provider, which has TLS. */
const HEADERS = pageHeaders(contentSecurityPolicy(' https:'));

const NOT_FOUND = answer(404, nowherePage('Nothing here', 'There is nothing to pay here.'));
const NOT_ALLOWED: PageAnswer = {
  ...answer(405, nowherePage('Not understood', 'This page is read, and its form is sent.')),
  headers: { ...HEADERS, allow: 'GET, HEAD, POST' },
};
const NOT_A_FORM = answer(
  400,
  nowherePage('Not understood', 'Go back, load the page again, and send its form.'),
);
const HAS_CARD_NUMBER = answer(
  400,
  nowherePage(
    'No card numbers',
    'What was sent looks like the number of a card. It was not kept: cards are for the next page.',
  ),
);

const TOKEN_BYTES = 16;
const TOKEN = /^[A-Za-z0-9_-]{22}$/;

/** A link that somebody has opened. */
interface Opened {
  readonly link: LinkState;
  /** Whom it is paid to. */
  readonly viewer: Viewer;
  readonly frame: LinkFrame;
}

interface Sent {
  readonly token: string;
  readonly chosen: string;
  readonly problem: string | null;
}

/** The pages of links: `/pay/<slug>`, and `/pay/<slug>/<payment>` for what was begun there. */
export function createLinkPages(room: SellingRoom): HostedPages {
  const { db, clock } = room;

  async function open(slug: string): Promise<Opened | null> {
    const found = SLUG.test(slug) ? await findBySlug(db, slug) : null;
    if (!found) return null;
    const { link, organization } = found;
    const { name: merchant, mode } = organization;
    const viewer = actingFor(organization);
    const { refundPolicy } = await readSettings(db, link.organizationId);
    const { description } = link;
    return {
      link,
      viewer,
      frame: { merchant, isTest: mode === 'TEST', description, refundPolicy },
    };
  }

  /** The form; or why there is none. */
  async function show(opened: Opened, status: number, sent: Sent | null): Promise<PageAnswer> {
    const { link, viewer, frame } = opened;
    const standing = standingOf(link, await countUses(db, link), clock.now());
    if (standing !== 'OPEN') return closed(opened, standing);
    const sum = await sumOf(link, viewer);
    if (isRefusal(sum)) return unavailable(frame);
    const fresh = { token: randomBytes(TOKEN_BYTES).toString('base64url'), chosen: '' };
    const page: PayPage = { ...frame, sum, ...fresh, problem: null, ...sent };
    return answer(status, payPage(page));
  }

  async function sumOf(link: LinkState, viewer: Viewer): Promise<LinkSum | OfferRefusal> {
    const { bounds, suggested } = link;
    if (bounds !== null) {
      const where = { id: link.assetId ?? '' };
      const asset = await db.prisma.asset.findUniqueOrThrow({ where });
      return { offer: null, currency: currencyOf(asset), bounds, suggested };
    }
    const offer = await room.makeOffer(viewer, boughtAt(link, null));
    return isRefusal(offer) ? offer : { offer, currency: currencyOf(offer.asset) };
  }

  async function closed({ link, frame }: Opened, standing: Exclude<LinkStanding, 'OPEN'>) {
    const begun = standing === 'USED_UP' ? await findBegun(db, link) : null;
    const note = {
      title: standing === 'USED_UP' ? 'Nothing to pay' : 'This link is closed',
      text: STANDING_WORDS[standing],
      kind: standing === 'USED_UP' ? ('good' as const) : ('bad' as const),
      next: begun && {
        href: addressOf(room, link, begun.id),
        text: 'Go on with the payment that was begun',
      },
    };
    return answer(410, linkNotePage(frame, note));
  }

  async function take(
    opened: Opened,
    form: URLSearchParams,
    ip: string | null,
  ): Promise<PageAnswer> {
    const { link, viewer } = opened;
    const token = form.get('token') ?? '';
    if (!TOKEN.test(token)) return NOT_A_FORM;
    const chosen = (form.get('suggested') ?? form.get('amount') ?? '').trim().slice(0, 40);
    const isChosen = link.bounds !== null;
    if (isChosen && typeof parseDecimal(chosen) !== 'bigint') {
      const problem = 'Write the amount with digits only, such as 25 or 12.50.';
      return show(opened, 422, { token, chosen, problem });
    }
    const amount = isChosen ? chosen : null;
    const made = await payAtLink(room, viewer, link, { amount, token, ip });
    if (isRefusal(made)) {
      return show(opened, STATUS[made.refusal] ?? 422, { token, chosen, problem: problemOf(made) });
    }
    const payment = await readState(db, { id: made.paymentId, customerId: made.customerId });
    return seeOther(payment.checkoutUrl ?? addressOf(room, link, made.paymentId));
  }

  async function showPayment({ link, frame }: Opened, typeId: string): Promise<PageAnswer> {
    const payment = await findPaymentAt(db, link, typeId);
    return payment ? answer(200, paymentPage(frame, payment)) : NOT_FOUND;
  }

  return {
    async handle({ method, path, form, ip = null }) {
      const isPost = method === 'POST';
      if (!isPost && method !== 'GET' && method !== 'HEAD') return NOT_ALLOWED;
      // Before anything else sees it.
      if (form && [...form].flat().some(hasCardNumber)) return HAS_CARD_NUMBER;
      const [slug = '', typeId, ...rest] = path.slice(PAY_PATH.length).split('/');
      const opened = rest.length === 0 ? await open(slug) : null;
      if (!opened) return NOT_FOUND;
      if (typeId) return isPost ? NOT_ALLOWED : showPayment(opened, typeId);
      if (!isPost) return show(opened, 200, null);
      return form ? take(opened, form, ip) : NOT_A_FORM;
    },
  };
}

const STATUS: Partial<Record<TopUpRefusal['refusal'], number>> = {
  ProviderUnavailable: 503,
  VelocityLimit: 429,
  Conflict: 409,
  NotFound: 409,
  ExchangeRateNotFound: 409,
};

/** For whoever pays: what the organization has to mend is none of his business. */
function problemOf(refusal: TopUpRefusal): string {
  switch (refusal.refusal) {
    case 'Invalid':
      return wordsOf(refusal.issues.map((issue) => ({ ...issue, path: '' })));
    case 'ProviderUnavailable':
      return 'Who takes the payment does not answer. Nothing was charged: try again in a moment.';
    case 'VelocityLimit':
      return 'Too much was tried here in a short time. Nothing was charged: try again later.';
    case 'ProviderRefused':
      return 'Who takes the payment does not take this one. Nothing was charged.';
    default:
      return 'It cannot be paid just now. Nothing was charged: tell whoever sent you the link.';
  }
}

function unavailable(frame: LinkFrame): PageAnswer {
  const text = 'It cannot be paid just now. Tell whoever sent you the link.';
  return answer(409, linkNotePage(frame, { title: 'Not for sale', text, kind: 'bad' }));
}

function answer(status: number, body: string): PageAnswer {
  return { status, headers: HEADERS, body };
}

/** The form was taken: loading the page that comes now again sends nothing again. */
function seeOther(location: string): PageAnswer {
  return { status: 303, headers: { ...HEADERS, location }, body: '' };
}
