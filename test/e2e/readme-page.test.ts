import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setUpCalls, startApi, type TestApi } from '../support/api.ts';
import { startBrowser } from '../support/browser.ts';

let api: TestApi;
let browser: Browser;
let site: Server;
let page = '';

beforeAll(async () => {
  site = createServer((_, response) => response.setHeader('content-type', 'text/html').end(page));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const environment = { DRAWDOWN_ALLOWED_ORIGINS: siteUrl() };
  api = await startApi({ environment });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  site.close();
  await api?.stop();
});

function siteUrl(): string {
  return `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
}

function snippetOfReadme(): string {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  return /```html\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
}

it("the README's page shows the balance, and every change, in a browser of another origin", async () => {
  const { walletId } = await setUpCalls(api.ask);
  const { data } = await api.ask(
    `mutation { createCustomerToken(input: { customer: { externalId: "acme" } }) {
      ... on CreateCustomerTokenPayload { token }
    } }`,
  );
  page = snippetOfReadme()
    .replace('ws://127.0.0.1:4000', api.url.replace('http', 'ws'))
    .replace('eyJ...', data.createCustomerToken.token)
    .replace('wallet_...', walletId);
  const tab = await browser.newPage();
  await tab.goto(siteUrl());
  const shown = () => tab.textContent('#balance');
  await expect.poll(shown, { timeout: 15_000 }).toBe('10');
  await api.ask(
    `mutation { recordUsage(input: { customer: { externalId: "acme" }, eventId: "1", type: "api.call" }) { __typename } }`,
  );
  await expect.poll(shown, { timeout: 15_000 }).toBe('9');
});
