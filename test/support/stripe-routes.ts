import { formOf, StripeRefusal, type StripeRequest, textOf, textsOf } from './stripe-http.ts';
import { amountOf, type IntentObject, intentOf, invalid, sessionOf } from './stripe-objects.ts';
import { type BankAnswer, type Decline, found, type StripeWorld } from './stripe-world.ts';

type Handle = (world: StripeWorld, request: StripeRequest, id: string) => unknown;

/** What of Stripe's API is spoken: https://docs.stripe.com/api */
const ROUTES: readonly (readonly [method: string, path: RegExp, handle: Handle])[] = [
  ['POST', /^\/v1\/checkout\/sessions$/, createSession],
  ['GET', /^\/v1\/checkout\/sessions$/, listSessions],
  ['GET', /^\/v1\/checkout\/sessions\/(\w+)$/, (world, _, id) => found(world.sessions, id)],
  ['POST', /^\/v1\/checkout\/sessions\/(\w+)\/expire$/, expireSession],
  ['POST', /^\/v1\/payment_intents$/, createIntent],
  ['GET', /^\/v1\/payment_intents$/, listIntents],
  ['GET', /^\/v1\/payment_intents\/(\w+)$/, (world, _, id) => found(world.intents, id)],
  ['POST', /^\/v1\/payment_intents\/(\w+)\/confirm$/, confirmIntent],
  ['POST', /^\/v1\/payment_intents\/(\w+)\/cancel$/, cancelIntent],
  ['POST', /^\/v1\/refunds$/, createRefund],
  ['GET', /^\/v1\/refunds$/, (world, request) => listOf(request, ofIntent(world.refunds, request))],
  [
    'GET',
    /^\/v1\/disputes$/,
    (world, request) => listOf(request, ofIntent(world.disputes, request)),
  ],
];

export function handleStripe(world: StripeWorld, request: StripeRequest): unknown {
  for (const [method, path, handle] of ROUTES) {
    const [, id = ''] = (request.method === method && path.exec(request.path)) || ['', null];
    if (id === null) continue;
    const answer = structuredClone(handle(world, request, id));
    const paths = Object.values(formOf(request.params.expand));
    for (const wanted of paths) expand(world, answer, String(wanted).split('.'));
    return answer;
  }
  const message = `Unrecognized request URL (${request.method}: ${request.path})`;
  throw new StripeRefusal(404, { type: 'invalid_request_error', message });
}

/** Puts the object in the place of its id, as deep as it is asked for. */
function expand(world: StripeWorld, object: unknown, [name = '', ...rest]: string[]): void {
  if (name === '' || typeof object !== 'object' || object === null) return;
  const holder = object as Record<string, unknown>;
  const value = holder[name];
  if (typeof value === 'string') holder[name] = structuredClone(objectAt(world, value));
  expand(world, holder[name], rest);
}

function objectAt({ intents, charges, methods }: StripeWorld, id: string): unknown {
  return intents.get(id) ?? charges.get(id) ?? methods.get(id) ?? id;
}

/** Newest first, page by page. */
function listOf({ path, params }: StripeRequest, oldestFirst: readonly { readonly id: string }[]) {
  const all = oldestFirst.toReversed();
  const after = textOf(params.starting_after);
  const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const limit = Number(textOf(params.limit) ?? 10);
  if (limit < 1 || limit > 100) throw invalid('Must be 1 to 100', 'limit');
  const data = all.slice(start, start + limit);
  return { object: 'list', url: path, data, has_more: start + limit < all.length };
}

function ofIntent<T extends { readonly payment_intent: string | null }>(
  objects: ReadonlyMap<string, T>,
  { params }: StripeRequest,
): T[] {
  return [...objects.values()].filter((each) => each.payment_intent === params.payment_intent);
}

function createSession(world: StripeWorld, { params }: StripeRequest): unknown {
  const session = sessionOf(params);
  world.sessions.set(session.id, session);
  world.intentParams.set(session.id, formOf(params.payment_intent_data));
  return session;
}

function listSessions(world: StripeWorld, request: StripeRequest): unknown {
  return listOf(request, ofIntent(world.sessions, request));
}

function expireSession(world: StripeWorld, _request: StripeRequest, id: string): unknown {
  const session = found(world.sessions, id);
  world.expire(session);
  return session;
}

function createIntent(world: StripeWorld, { params }: StripeRequest): unknown {
  const currency = textOf(params.currency) ?? '';
  const amount = amountOf(params.amount, currency, 'amount');
  const method = found(world.methods, textOf(params.payment_method) ?? '');
  if (method.customer !== textOf(params.customer)) {
    throw invalid('The PaymentMethod does not belong to the customer.', 'payment_method');
  }
  const intent = intentOf(params, { amount, currency });
  world.intents.set(intent.id, intent);
  world.tell('payment_intent.created', intent);
  if (textOf(params.confirm) !== 'true') return intent;
  const isAlone = textOf(params.off_session) === 'true';
  return confirm(world, intent, method.id, isAlone);
}

function listIntents(world: StripeWorld, request: StripeRequest): unknown {
  const { customer, created } = request.params;
  const since = Number(textOf(formOf(created).gte) ?? 0);
  const all = [...world.intents.values()];
  return listOf(
    request,
    all.filter((each) => each.customer === customer && each.created >= since),
  );
}

function confirmIntent(world: StripeWorld, { params }: StripeRequest, id: string): unknown {
  const intent = found(world.intents, id);
  if (intent.status !== 'requires_payment_method' && intent.status !== 'requires_confirmation') {
    const message = `This PaymentIntent could not be confirmed: it is ${intent.status}.`;
    throw invalid(message, undefined, 'payment_intent_unexpected_state');
  }
  if (!textOf(params.return_url)) throw invalid('Missing return_url', 'return_url');
  return confirm(world, intent, textOf(params.payment_method) ?? '', false);
}

const WANTS_CUSTOMER: Decline = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
};

/** A bank that wants its customer, who is not there, declines. */
function confirm(world: StripeWorld, intent: IntentObject, methodId: string, isAlone: boolean) {
  const answer = world.bankAnswers.get(methodId) ?? 'YES';
  const isRefused = isAlone && answer === 'AUTHENTICATE';
  const given: BankAnswer = isRefused ? WANTS_CUSTOMER : answer;
  world.attempt(intent, found(world.methods, methodId), given);
  if (typeof given === 'string') return intent;
  const { type, message, decline_code } = intent.last_payment_error ?? {};
  const payment_intent = structuredClone(intent);
  throw new StripeRefusal(402, { type, code: given.code, decline_code, message, payment_intent });
}

function cancelIntent(world: StripeWorld, _request: StripeRequest, id: string): unknown {
  const intent = found(world.intents, id);
  world.cancel(intent);
  return intent;
}

function createRefund(world: StripeWorld, { params }: StripeRequest): unknown {
  const ref = textOf(params.payment_intent) ?? '';
  const { currency } = found(world.intents, ref);
  const amount = params.amount === undefined ? null : amountOf(params.amount, currency, 'amount');
  return world.refund(ref, amount, textsOf(params.metadata));
}
