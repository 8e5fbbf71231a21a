import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KEY, startApi, type TestApi } from '../support/api.ts';
import { startBrowser } from '../support/browser.ts';
import { type Visitor, visitorOf } from '../support/graphiql-visitor.ts';

// Two windows: in one a customer pays, in the other somebody watches the balance.

let api: TestApi;
let browser: Browser;
let watching: Visitor;
let customers: Page;
let walletId: string;
let loads = 0;

beforeAll(async () => {
  api = await startApi({ worker: true });
  browser = await startBrowser();
  const { data } = await api.ask(`mutation {
    createAsset(input: { code: "USD", scale: 2 }) { __typename }
    createCustomer(input: { externalId: "acme" }) { __typename }
    openWallet(input: { customer: { externalId: "acme" }, asset: "USD" }) {
      ... on OpenWalletPayload { wallet { id } } }
  }`);
  const window = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  await window.goto(`${api.url}/graphiql#key=${KEY}`);
  await window.waitForSelector('.graphiql-container .graphiql-tab');
  window.on('load', () => {
    loads += 1;
  });
  watching = visitorOf(window);
  walletId = data.openWallet.wallet.id;
  customers = await browser.newPage();
});
afterAll(async () => {
  await browser?.close();
  await api?.stop();
});

/** Opens the page of a payment of so many dollars. */
async function visit(amount: string): Promise<void> {
  const { data } = await api.ask(`mutation { createTopUp(input: { customer: { externalId: "acme" },
    asset: "USD", amount: "${amount}", description: "Acme credits" }) {
      ... on CreateTopUpPayload { payment { checkout { url } } } ... on Error { message } } }`);
  await customers.goto(data.createTopUp.payment.checkout.url);
}

async function choose(method: RegExp): Promise<void> {
  await customers.getByRole('radio', { name: method }).check();
  await customers.getByRole('button', { name: 'Pay' }).click();
}

it('a balance rises in one window when its customer pays in another', async () => {
  await watching.open('WatchBalance');
  await watching.setVariables({ walletId });
  await watching.play('"available": "0"');
  await visit('25');
  await choose(/^Pays The payment succeeds/);
  await customers.getByRole('heading', { name: 'Paid' }).waitFor();
  await watching.answerWith('"available": "25"');
  expect(loads).toBe(0);
});

it('a payment that is declined leaves it as it is, and can be made another way', async () => {
  await visit('10');
  await choose(/^Declined/);
  await customers
    .getByText(/declined/i)
    .first()
    .waitFor();
  expect(await watching.readAnswer()).toContain('"available": "25"');
  await choose(/^Pays The payment succeeds/);
  await watching.answerWith('"available": "35"');
});

it('a payment that its customer has to confirm is credited once he has', async () => {
  await visit('5');
  await choose(/^Needs confirmation/);
  await customers.getByRole('button', { name: 'Confirm' }).waitFor();
  expect(await watching.readAnswer()).toContain('"available": "35"');
  await customers.getByRole('button', { name: 'Confirm' }).click();
  await watching.answerWith('"available": "40"');
  expect(loads).toBe(0);
});
