import type { Api } from './api.ts';

const CUSTOMER = { externalId: 'runaway' };
/** A dollar a second, at the price of the large model. */
const TOKENS = 100_000;
const RULE = {
  threshold: '10',
  amount: '20',
  period: 'DAY',
  maxAmount: '60',
  maxCount: 3,
  cooldownSeconds: 0,
};

const CREATE = `mutation Runaway($customer: CreateCustomerInput!, $topUp: CreateTopUpInput!) {
  createCustomer(input: $customer) { __typename }
  createTopUp(input: $topUp) { ... on CreateTopUpPayload { payment { status checkout { url } } } ... on Error { message } }
}`;
const LOOK = `query Runaway($ref: CustomerRef!) { customer(ref: $ref) {
  paymentMethods(first: 1) { edges { node { id } } }
  wallets { id balance { available } autoRecharge { status reason } }
} }`;
const SAVE_RULE = `mutation Rule($input: SaveAutoRechargeRuleInput!) {
  saveAutoRechargeRule(input: $input) { ... on Error { message } }
}`;

interface Created {
  readonly createTopUp: {
    readonly payment?: {
      readonly status: string;
      readonly checkout: { readonly url: string } | null;
    };
    readonly message?: string;
  };
}

interface Looked {
  readonly customer: {
    readonly paymentMethods: { readonly edges: readonly { readonly node: { id: string } }[] };
    readonly wallets: readonly {
      readonly id: string;
      readonly balance: { readonly available: string };
      readonly autoRecharge: { readonly status: string; readonly reason: string | null } | null;
    }[];
  };
}

const PAY_WITHIN_LOOKS = 60;
const LOOK_MS = 500;

/**
 * A customer whose agent has run away: it has paid once with a card that it let us keep, and spends a dollar a second. Its rule
 * recharges it three times a day, and then its cap stops it.
 */
export async function startRunaway(api: Api): Promise<void> {
  const topUp = { customer: CUSTOMER, asset: 'USD', amount: '25', saveMethod: true };
  const { createTopUp } = await api.send<Created>(CREATE, {
    customer: { ...CUSTOMER, name: 'An agent that has run away' },
    topUp: { ...topUp, idempotencyKey: 'demo-runaway' },
  });
  const { payment, message } = createTopUp;
  if (!payment) throw new Error(`The demo could not ask for a payment: ${message}`);
  if (payment.status === 'PENDING' && payment.checkout) await payOnPage(payment.checkout.url);
  const [wallet, method] = await paid(api);
  await api.send(SAVE_RULE, { input: { ...RULE, wallet, method } });
}

/** As somebody does who picks the first card of the sandbox's page, and has it kept. */
async function payOnPage(url: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ method: 'pays', action: 'pay', save: 'yes' }),
    headers: { origin: new URL(url).origin },
    redirect: 'manual',
  });
  if (response.status >= 400)
    throw new Error(`The page of the payment answered ${response.status}.`);
}

/** The wallet and the card, once the payment is credited. */
async function paid(api: Api): Promise<[wallet: string, method: string]> {
  for (let look = 0; look < PAY_WITHIN_LOOKS; look += 1) {
    const { customer } = await api.send<Looked>(LOOK, { ref: CUSTOMER });
    const [wallet] = customer.wallets;
    const [method] = customer.paymentMethods.edges;
    if (wallet && method) return [wallet.id, method.node.id];
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error('The payment of the demo was not credited.');
}

export const RUNAWAY_USAGE = {
  customer: CUSTOMER,
  type: 'demo.completion',
  properties: { model: 'large', tokens: TOKENS },
};

/** Says how its rule stands whenever that has changed. */
export function createRunawayWatch(api: Api, say: (line: string) => void) {
  let before = '';
  return async () => {
    const { customer } = await api.send<Looked>(LOOK, { ref: CUSTOMER });
    const [wallet] = customer.wallets;
    if (!wallet?.autoRecharge) return;
    const { status, reason } = wallet.autoRecharge;
    const now = reason === null ? status : `${status} (${reason})`;
    if (now !== before) say(`  runaway: ${wallet.balance.available} USD, recharge ${now}\n`);
    before = now;
  };
}
