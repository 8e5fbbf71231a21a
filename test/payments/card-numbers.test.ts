import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../src/infra/log.ts';
import { dumpDatabase, hasNumber } from '../support/card-search.ts';
import { settledLog } from '../support/settled-log.ts';
import { until } from '../support/until.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';
import { openTill, type Till } from './till.ts';

// No number of a card is kept: something that looks like one is put wherever text can come in, and is then looked for in
// everything that is kept, logged and sent.

const NUMBER = '4000056655665556';
const SPACED = '4000 0566 5566 5556';
/** As many digits, of which the last is wrong: what is no number of a card is found where the other is not. */
const CONTROL = '4000056655665557';

const WEBHOOK_SECRET = 'whsec_for_the_test_of_card_numbers';

let till: Till;
let stripe: Receiver;
let merchant: Receiver;
let stripePath: string;
let sandboxUrl: string;
const lines: string[] = [];
const answers: string[] = [];

beforeAll(async () => {
  const log = createLog({
    level: 'trace',
    destination: { write: (line) => void lines.push(line) },
  });
  till = await openTill({ worker: true, log });
  merchant = await startReceiver();
  await till.customer('ada');
  // The sandbox, which is there while nobody else takes payments.
  sandboxUrl = (await till.asked('ada', { asset: 'USD', amount: '5' })).checkout.url;
  await till.given('createWebhookEndpoint', { url: merchant.url, types: [] }, 'secret');
  // Whatever Stripe is asked, it answers what no provider should say.
  stripe = await startReceiver((_received, response) => {
    const error = {
      type: 'card_error',
      code: 'card_declined',
      message: `Card ${SPACED} declined.`,
    };
    response.writeHead(402, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error }));
  });
  const { origin } = new URL(stripe.url);
  const keys = { secretKey: 'sk_test_card_numbers', webhookSecret: WEBHOOK_SECRET };
  await till.provider('stripe', { stripe: { ...keys, apiBase: origin } }, { isDefault: false });
  await till.provider('wire', { manual: {} });
  const { paymentProviders } = await till.run(
    '{ paymentProviders { edges { node { code webhookPath } } } }',
  );
  stripePath = paymentProviders.edges.find(
    ({ node }: { node: { code: string } }) => node.code === 'stripe',
  ).node.webhookPath;
});
afterAll(async () => {
  await till?.stop();
  await merchant?.close();
  await stripe?.close();
});

interface InputField {
  readonly name: string;
  readonly type: {
    readonly name: string | null;
    readonly ofType: { readonly name: string } | null;
  };
}

/** The paths of texts below an input, as the graph says: whoever is named by an id is no text. */
async function textsOf(inputType: string): Promise<string[][]> {
  const { __type: type } = await till.run(
    `query ($name: String!) { __type(name: $name) { inputFields { name
      type { name ofType { name ofType { name ofType { name } } } } } } }`,
    { name: inputType },
  );
  const paths: string[][] = [];
  for (const { name, type: field } of type.inputFields as InputField[]) {
    const named = field.name ?? field.ofType?.name ?? '';
    if (named === 'String' || named === 'JSON') paths.push([name]);
    if (named.endsWith('ConfigInput')) {
      paths.push(...(await textsOf(named)).map((path) => [name, ...path]));
    }
  }
  return paths;
}

function put(path: readonly string[], value: unknown): object {
  return path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as object;
}

/** What each mutation that takes text is asked with otherwise. */
async function inputs(): Promise<Record<string, object>> {
  const { id: payment } = await till.asked('ada', { asset: 'USD', amount: '5', provider: 'wire' });
  await till.confirm(payment, 'half', { amount: '2' });
  const { paymentMismatches } = await till.run(
    '{ paymentMismatches(first: 1) { edges { node { id } } } }',
  );
  return {
    createTopUp: { customer: { externalId: 'ada' }, asset: 'USD', amount: '5' },
    confirmPayment: { payment },
    refundPayment: { payment, amount: '1' },
    resolvePaymentMismatch: { mismatch: paymentMismatches.edges[0].node.id },
    savePaymentProvider: { code: 'other', config: { manual: {} } },
    updatePaymentSettings: { refundPolicy: 'None.' },
    saveAutoRechargeRule: {
      ...{ wallet: 'any', method: 'any', threshold: '1', amount: '5' },
      ...{ maxAmount: '5', maxCount: 1 },
    },
    deleteAutoRechargeRule: { rule: 'any' },
    createPaymentLink: {
      ...{ customer: { externalId: 'ada' }, asset: 'USD', amount: '5' },
      description: 'An invoice',
    },
    updatePaymentLink: { link: 'any' },
    payForSubscription: { subscription: 'any' },
    requestWithdrawal: { wallet: 'any' },
    confirmWithdrawal: { withdrawal: 'any' },
  };
}

const typeOf = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;

async function post(path: string, body: string, headers: Record<string, string>): Promise<number> {
  const response = await fetch(till.api.url + path, { method: 'POST', body, headers });
  answers.push(await response.text());
  return response.status;
}

function signedByStripe(event: object): [string, Record<string, string>] {
  const payload = JSON.stringify(event);
  const timestamp = Math.floor(till.clock.now().getTime() / 1000);
  const signature = new Stripe('sk_test_x').webhooks.generateTestHeaderString({
    payload,
    secret: WEBHOOK_SECRET,
    timestamp,
  });
  return [payload, { 'stripe-signature': signature, 'content-type': 'application/json' }];
}

describe('What may be the number of a card', () => {
  it('is refused in every text of every mutation of payments, which says where and not what', async () => {
    const asked = await inputs();
    for (const [mutation, base] of Object.entries(asked)) {
      for (const path of await textsOf(typeOf(mutation))) {
        const isJson = path.at(-1) === 'metadata';
        const values = isJson
          ? [
              { card: NUMBER },
              { deep: [{ card: `of ${SPACED}` }] },
              { [NUMBER]: 1 },
              { n: +NUMBER },
            ]
          : [NUMBER, `It is ${SPACED}.`, `x${NUMBER}`];
        for (const value of values) {
          const answer = await till.mutate(
            mutation,
            { ...base, ...put(path, value) },
            '__typename',
          );
          const where = `${mutation} ${path.join('.')} of ${JSON.stringify(value)}`;
          const codes = answer.issues?.map(({ code }: { code: string }) => code) ?? [];
          expect(codes, where).toContain('CARD_NUMBER');
          expect(hasNumber(JSON.stringify(answer), NUMBER), where).toBe(false);
        }
      }
    }
  });

  it('is in no mutation of payments that is not among these', async () => {
    const { __schema: schema } = await till.run(
      '{ __schema { mutationType { fields { name args { type { ofType { name } } } } } } }',
    );
    const known = Object.keys(await inputs());
    const taking: string[] = [];
    for (const { name } of schema.mutationType.fields as { name: string }[]) {
      if (!/pay|topUp|recharge|withdraw/i.test(name)) continue;
      if ((await textsOf(typeOf(name))).length > 0) taking.push(name);
    }
    expect(taking.sort()).toEqual(known.sort());
  });

  it('is taken out of what a provider says', async () => {
    const input = { asset: 'USD', amount: '5', provider: 'stripe' };
    const answer = await till.topUp('ada', input);
    expect(answer).toMatchObject({ code: 'PROVIDER_REFUSED' });
    expect(answer.message).toContain('Card [card number] declined.');
    const { payments } = await till.run(
      '{ payments(first: 1) { edges { node { status failure { message } } } } }',
    );
    expect(payments.edges[0].node).toEqual({
      status: 'FAILED',
      failure: { message: 'Stripe: Card [card number] declined.' },
    });
  });

  it('is taken out of webhooks, and one with it is known again', async () => {
    const card = { number: NUMBER, description: `Paid with ${SPACED}` };
    const object = { object: 'charge', id: `ch_${NUMBER}`, payment_intent: NUMBER, card };
    const metadata = { paymentId: NUMBER };
    const event = {
      object: 'event',
      id: `evt_${NUMBER}`,
      type: `charge.${NUMBER}`,
      data: { object: { ...object, metadata } },
    };
    expect(await post(stripePath, ...signedByStripe(event))).toBe(200);
    expect(await post(stripePath, ...signedByStripe(event))).toBe(200);
    expect(answers.at(-1)).toContain('"duplicate":true');
    const [body] = signedByStripe(event);
    expect(await post(stripePath, body, { 'stripe-signature': `t=1,v1=${NUMBER}` })).toBe(400);
    expect(await post(stripePath, `{ "card": ${NUMBER}`, {})).toBe(400);
    const { paymentEvents } = await till.run(
      '{ paymentEvents(first: 5) { edges { node { eventId type ref body } } } }',
    );
    expect(paymentEvents.edges).toHaveLength(1);
    expect(paymentEvents.edges[0].node).toMatchObject({ type: 'charge.[card number]', ref: null });
    expect(paymentEvents.edges[0].node.body).toContain('Paid with [card number]');
    answers.push(JSON.stringify(paymentEvents));
  });

  it('is refused by the page of the sandbox', async () => {
    const { pathname, origin } = new URL(sandboxUrl);
    const headers = { origin, 'content-type': 'application/x-www-form-urlencoded' };
    for (const form of [
      { action: 'pay', method: NUMBER },
      { action: 'pay', method: 'pays', card: SPACED },
      { [NUMBER]: 'pay' },
    ]) {
      const body = new URLSearchParams(form as Record<string, string>).toString();
      expect(await post(pathname, body, headers)).toBe(400);
    }
    expect(await post(`${pathname}?card=${NUMBER}`, 'action=pay&method=pays', headers)).toBe(200);
  });

  it('is kept nowhere when it comes in addresses, headers and documents', async () => {
    const query = `{ customer(ref: { externalId: "${NUMBER}" }) { id } }`;
    const paths = [
      `/?card=${NUMBER}`,
      `/${NUMBER}`,
      `/webhooks/${NUMBER}`,
      `/sandbox/checkout/${NUMBER}/${NUMBER}?card=${encodeURIComponent(SPACED)}`,
      `/graphql?query=${encodeURIComponent(query)}`,
    ];
    for (const path of paths) {
      await fetch(till.api.url + path, {
        headers: { 'x-request-id': NUMBER, 'user-agent': SPACED },
      });
    }
    await till.api.ask(query);
    await till.api.ask(`{ ${`n${NUMBER}`} }`);
    await till.api.ask('query ($id: ID!) { payment(id: $id) { id } }', { id: NUMBER });
    await till.api.ask(
      'mutation ($input: CreateTopUpInput!) { createTopUp(input: $input) { __typename } }',
      {
        input: { customer: { externalId: 'ada' }, asset: 'USD', amount: SPACED },
      },
    );
  });

  it('is nowhere then: not in logs, the database, events and what was sent', async () => {
    const input = {
      ...{ asset: 'USD', amount: '5', provider: 'wire', idempotencyKey: `control ${CONTROL}` },
      ...{ description: `Control ${CONTROL}`, metadata: { control: CONTROL } },
    };
    const { id } = await till.asked('ada', input);
    till.log?.warn({ control: CONTROL }, `Control ${NUMBER}.`);
    till.api.services.sequencer.wake();
    await settledLog(till.api.databaseUrl);
    await until('the merchant was told', async () =>
      merchant.received.some(({ body }) => body.includes(id)),
    );
    const stored = await dumpDatabase(till.api.databaseUrl);
    const logged = lines.join('');
    const sent = merchant.received.map(({ body }) => body).join('\n');
    const events = await till.run(
      '{ events(last: 100) { edges { node { type ... on PaymentCreatedEvent { payment { description metadata } } } } } }',
    );
    // What is no number of a card is found by the same search.
    expect(hasNumber(stored, CONTROL)).toBe(true);
    expect(hasNumber(logged, CONTROL)).toBe(true);
    expect(hasNumber(JSON.stringify(events), CONTROL)).toBe(true);
    expect(sent).toContain('payment.created');
    for (const text of [stored, logged, sent, JSON.stringify(events), answers.join('\n')]) {
      const [line] = text.split('\n').filter((each) => hasNumber(each, NUMBER));
      expect(line).toBeUndefined();
    }
  });
});
