import { createHmac } from 'node:crypto';
import { type Exact, exact, plain } from '../../src/kit/decimal.ts';
import type { RawWebhook } from '../../src/payments/provider.ts';
import { type FaultyServer, type HttpRequestSeen, startFaultyServer } from './faulty-server.ts';

/** What the stand-in has of a payment request; the wire's own words. */
interface Made {
  readonly id: string;
  readonly reference: string;
  readonly amount: string;
  readonly currency: string;
  status: string;
  amountPaid: string;
  payer: { readonly asset: string; readonly address: string } | null;
  failure: { readonly code: string; readonly message: string } | null;
  readonly refunds: { id: string; reference: string | null; amount: string; status: string }[];
}

export interface CryptoStandIn extends FaultyServer {
  readonly apiKey: string;
  readonly secret: string;
  /** How many payment requests and refunds there are: idempotency keeps them few. */
  counts(): { readonly requests: number; readonly refunds: number };
  /** Somebody pays so much: what was asked, less, more, or again. */
  pay(id: string, amount: string): void;
  /** Seen on its chain, and not final. */
  see(id: string): void;
  expire(id: string): void;
  decline(id: string, code: string): void;
  /** By hand, in the service's own console. */
  refundByHand(id: string, amount: string): void;
  /** A webhook about it, as it would come in. */
  webhook(id: string, at: Date, changes?: WebhookChanges): RawWebhook;
}

export interface WebhookChanges {
  readonly type?: string;
  /** Signed at another time than it is received. */
  readonly signedAt?: Date;
  readonly secret?: string;
  /** Put in the body's place after signing. */
  readonly body?: string;
}

const PAYER = { asset: 'USDC', address: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8' };

/** A service with a hosted page for stablecoins, as the module describes the wire. */
export async function startCryptoStandIn(): Promise<CryptoStandIn> {
  const apiKey = 'key_8b1c5d0f3a7e42d9';
  const secret = 'whsec_51f6f1a0b9c2d3e4';
  const made = new Map<string, Made>();
  const byKey = new Map<string, { readonly body: string; readonly answer: Answer }>();
  let events = 0;
  const server = await startFaultyServer((request) => {
    if (request.headers.authorization !== `Bearer ${apiKey}`) return refuse(401, 'bad_key');
    const [, version, noun, id, verb] = request.path.split('/');
    if (version !== 'v1' || noun !== 'payment-requests') return refuse(404, 'not_found');
    if (request.method === 'POST' && id === undefined) return keyed(request, create);
    const found = made.get(decodeURIComponent(id ?? ''));
    if (!found) return refuse(404, 'not_found');
    if (request.method === 'GET') return { status: 200, body: shown(found) };
    if (verb === 'cancel') return cancel(found);
    return keyed(request, (body) => refund(found, body));
  });

  function keyed(request: HttpRequestSeen, work: (body: Wire) => Answer): Answer {
    const key = String(request.headers['idempotency-key']);
    const known = byKey.get(key);
    if (known) return known.body === request.body ? known.answer : refuse(422, 'key_reused');
    const answer = work(JSON.parse(request.body));
    if (answer.status < 400) byKey.set(key, { body: request.body, answer });
    return answer;
  }

  function create({ reference = '', amount = '', currency = '' }: Wire): Answer {
    if (currency !== 'USDC') return refuse(422, 'unknown_currency');
    const id = `pr_${made.size + 1}`;
    const request: Made = {
      ...{ id, reference, amount, currency, status: 'pending', amountPaid: '0' },
      ...{ payer: null, failure: null, refunds: [] },
    };
    made.set(id, request);
    return { status: 201, body: shown(request) };
  }

  function refund(request: Made, { reference = '', amount = '' }: Wire): Answer {
    const back = request.refunds.reduce((sum, each) => sum + exact(each.amount), exact(amount));
    if (back > exact(request.amountPaid)) return refuse(422, 'more_than_paid');
    const refunded = { id: refundId(), reference, amount, status: 'pending' };
    request.refunds.push(refunded);
    return { status: 201, body: { ...refunded } };
  }

  const refundId = () => `re_${countRefunds() + 1}`;
  const countRefunds = () =>
    [...made.values()].reduce((sum, { refunds }) => sum + refunds.length, 0);
  const shown = (request: Made) => ({ ...request, url: `${server.url}/pages/${request.id}` });
  const at = (id: string): Made => {
    const request = made.get(id);
    if (!request) throw new Error(`There is no payment request ${id}.`);
    return request;
  };

  return {
    ...server,
    apiKey,
    secret,
    counts: () => ({ requests: made.size, refunds: countRefunds() }),
    pay(id, amount) {
      const request = at(id);
      const paid: Exact = exact(request.amountPaid) + exact(amount);
      request.amountPaid = plain(paid);
      request.payer = PAYER;
      const isOpen = request.status === 'pending' || request.status === 'confirming';
      if (isOpen && paid >= exact(request.amount)) request.status = 'paid';
    },
    see(id) {
      at(id).status = 'confirming';
    },
    expire(id) {
      at(id).status = 'expired';
    },
    decline(id, code) {
      Object.assign(at(id), { status: 'failed', failure: { code, message: 'It was refused.' } });
    },
    refundByHand(id, amount) {
      at(id).refunds.push({ id: refundId(), reference: null, amount, status: 'succeeded' });
    },
    webhook(id, receivedAt, changes = {}) {
      const { type = 'payment_request.paid', signedAt = receivedAt } = changes;
      const data = { id, reference: at(id).reference };
      events += 1;
      const body = JSON.stringify({ id: `evt_${events}`, type, data });
      const signature = sign(changes.secret ?? secret, signedAt, body);
      const headers = { 'x-signature': signature };
      return { headers, body: Buffer.from(changes.body ?? body), receivedAt };
    },
  };
}

type Wire = Readonly<Record<string, string | undefined>>;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

function refuse(status: number, code: string): Answer {
  return { status, body: { error: { code, message: 'No.' } } };
}

function cancel(request: Made): Answer {
  if (request.status !== 'pending') return refuse(409, 'not_open');
  request.status = 'canceled';
  return { status: 200, body: {} };
}

/** `x-signature` of a body. */
export function sign(secret: string, at: Date, body: string): string {
  const seconds = Math.floor(at.getTime() / 1000);
  const hex = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${hex}`;
}
