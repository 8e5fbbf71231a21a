import { readdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KEY, startApi, type TestApi } from '../support/api.ts';
import { startBrowser } from '../support/browser.ts';
import { type Visitor, visitorOf } from '../support/graphiql-visitor.ts';
import { settledLog } from '../support/settled-log.ts';

const FOLDER = new URL('../../schema/operations/', import.meta.url);
const published = readdirSync(FOLDER).filter((file) => /^\d.*\.graphql$/.test(file));

let api: TestApi;
let browser: Browser;
let page: Page;
let open: Visitor['open'];
let play: Visitor['play'];
let answerWith: Visitor['answerWith'];
let setVariables: Visitor['setVariables'];
const websockets: string[] = [];
const foreign: string[] = [];

beforeAll(async () => {
  api = await startApi();
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  page.on('websocket', (socket) => websockets.push(socket.url()));
  page.on('request', (request) => {
    if (!request.url().startsWith(api.url)) foreign.push(request.url());
  });
  await page.goto(`${api.url}/graphiql#key=${KEY}`);
  await page.waitForSelector('.graphiql-container .graphiql-tab');
  ({ open, play, answerWith, setVariables } = visitorOf(page));
});

afterAll(async () => {
  await browser?.close();
  await api?.stop();
});

it('walks the journey from a customer to a balance that falls live', async () => {
  const steps: [tab: string, expected: string][] = [
    ['CreateCustomer', '"created": true'],
    ['CreateAsset', '"code": "USD"'],
    ['GrantCredit', '"available": "10"'],
    ['CreateBillableMetric', '"code": "output_tokens"'],
    ['CreatePrice', '"unitAmount": "0.00001"'],
    ['RecordUsage', '"available": "9.9875"'],
    ['RecordUsageBatch', '"code": "PRICE_NOT_FOUND"'],
    ['CustomerWallets', '"settled": "9.9795"'],
    ['ExplainCharges', '"eventId": "request-2"'],
  ];
  for (const [tab, expected] of steps) {
    await open(tab);
    await play(expected);
  }

  const { data } = await api.ask('{ customer(ref: { externalId: "acme" }) { wallets { id } } }');
  await open('WatchBalance');
  await setVariables({ walletId: data.customer.wallets[0].id });
  await play('"available": "9.9795"');
  expect(websockets).toEqual([expect.stringMatching(/^ws:\/\/.*\/graphql$/)]);

  await api.ask(`mutation { recordUsage(input: { customer: { externalId: "acme" }, eventId: "live",
    type: "chat.completion", properties: { model: "gpt-4o", output_tokens: 50 } }) { __typename } }`);
  await answerWith('"available": "9.979"');
  await page.click('.graphiql-execute-button');

  await open('CreateAlertRule');
  await play('"name": "Less than ten dollars"');
  await settledLog(api.databaseUrl);
  await open('ReadEvents');
  await play('"kind": "BELOW_AMOUNT"');
  const { cursor } = (await api.ask('{ events(last: 2) { edges { cursor } } }')).data.events
    .edges[0];
  await open('FollowEvents');
  await setVariables({ after: cursor });
  await play('"type": "ALERT_RAISED"');
}, 60_000);

/** The tabs of which a visitor does not see all, or which something covers. */
function hiddenTabs(viewer: Page): Promise<(string | null)[]> {
  return viewer.evaluate(() => {
    const isShown = (tab: Element) => {
      const { left, right, top, bottom } = tab.getBoundingClientRect();
      const corners = [
        [left + 1, top + 1],
        [right - 1, bottom - 1],
      ] as const;
      return corners.every(([x, y]) =>
        tab.parentElement?.contains(document.elementFromPoint(x, y)),
      );
    };
    const tabs = [...document.querySelectorAll('.graphiql-tab-button')];
    return tabs.filter((tab) => !isShown(tab)).map((tab) => tab.textContent);
  });
}

it.each([
  [1600, 900],
  [1280, 720],
  [800, 700],
])('shows every tab in a window of %i by %i', async (width, height) => {
  const visitor = await browser.newPage({ viewport: { width, height } });
  await visitor.goto(`${api.url}/graphiql`);
  await visitor.waitForSelector('.graphiql-tab');
  expect(await visitor.locator('.graphiql-tab').count()).toBe(published.length);
  expect(await hiddenTabs(visitor)).toEqual([]);
  await visitor.close();
});

it('lets a small window scroll to the last tab', async () => {
  const visitor = await browser.newPage({ viewport: { width: 420, height: 700 } });
  await visitor.goto(`${api.url}/graphiql`);
  await visitor.waitForSelector('.graphiql-tab');
  expect(await hiddenTabs(visitor)).toContain('RunTestClock');
  await visitor.hover('.graphiql-tabs');
  await visitor.mouse.wheel(0, 2_000);
  await expect.poll(() => hiddenTabs(visitor)).not.toContain('RunTestClock');
  await visitor.close();
});

it.each(['/', '/graphql'])('is where a browser comes to from %s', async (path) => {
  const visitor = await browser.newPage();
  await visitor.goto(api.url + path);
  if (path === '/') await visitor.click('a:text-is("/graphiql")');
  await visitor.waitForSelector('.graphiql-tab');
  expect(visitor.url()).toBe(`${api.url}/graphiql`);
  await visitor.close();
});

it('asks no other host for anything', () => {
  expect(foreign).toEqual([]);
});
