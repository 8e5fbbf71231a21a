import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CheckoutRequest } from '../../src/payments/provider.ts';
import { startBrowser } from '../support/browser.ts';
import { chargeOf, checkoutOf } from '../support/sandbox.ts';
import { startSandbox } from '../support/sandbox-server.ts';

let server: Awaited<ReturnType<typeof startSandbox>>;
let browser: Browser;
let page: Page;
let complaints: string[];
let count = 0;

beforeAll(async () => {
  server = await startSandbox();
  browser = await startBrowser();
});

beforeEach(async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  page = await context.newPage();
  complaints = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(server.url) && !url.startsWith('data:')) complaints.push(url);
  });
  return async () => {
    await context.close();
    expect(complaints).toEqual([]);
  };
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function visit(changes: Partial<CheckoutRequest> = {}): Promise<string> {
  count += 1;
  const paymentId = `payment_${count}`;
  const { ref, url } = await server.sandbox.createCheckout(checkoutOf({ paymentId, ...changes }));
  await page.goto(url ?? '');
  return ref;
}

async function pay(method: string): Promise<void> {
  await page.getByRole('radio', { name: method }).check();
  await page.getByRole('button', { name: 'Pay' }).click();
}

test('a customer pays and keeps the method', async () => {
  const ref = await visit({
    refundPolicy: 'Unused credits are refunded within 14 days.',
    returnUrl: `${server.url}/`,
  });
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('1,250.50 USD');
  await page.getByLabel('Save this method').check();
  await pay('Pays The payment succeeds');
  await page.getByRole('heading', { name: 'Paid' }).waitFor();
  expect(await server.sandbox.fetchPayment(ref)).toMatchObject({
    status: 'SETTLED',
    method: { token: 'sbm_pays' },
  });
  // Nobody who loads it again pays again.
  await page.reload();
  await page.getByRole('heading', { name: 'Paid' }).waitFor();
  await page.getByRole('link', { name: 'Go back' }).click();
  expect(page.url()).toBe(`${server.url}/`);
});

test('with the keyboard alone', async () => {
  await visit();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  expect(await page.getByRole('radio', { name: 'Pays slowly' }).isChecked()).toBe(true);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Paid' }).waitFor();
});

test('who is declined is told so, and pays with another method', async () => {
  await visit();
  await pay('Declined The bank says no');
  const alert = page.getByRole('alert');
  await alert.waitFor();
  expect(await alert.textContent()).toContain('The bank declined the payment.');
  await pay('Pays The payment succeeds');
  await page.getByRole('heading', { name: 'Paid' }).waitFor();
});

test('who has to confirm it refuses, and then confirms', async () => {
  const ref = await visit();
  await pay('Needs confirmation');
  await page.getByRole('button', { name: 'Refuse' }).click();
  await page.getByRole('alert').waitFor();
  await pay('Needs confirmation');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('heading', { name: 'Confirmed and paid' }).waitFor();
  expect(await server.sandbox.fetchPayment(ref)).toMatchObject({ status: 'SETTLED' });
});

test('a charge without the customer is confirmed at its address', async () => {
  const charge = chargeOf('needs_confirmation', { paymentId: 'payment_charge' });
  const { actionUrl } = await server.sandbox.chargeMethod(charge);
  await page.goto(actionUrl ?? '');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('heading', { name: 'Confirmed and paid' }).waitFor();
});

test('what is being processed is looked at again by itself', async () => {
  await visit();
  await pay('Pays slowly');
  await page.getByRole('heading', { name: 'Being processed' }).waitFor();
  server.clock.advance(3000);
  await page.getByRole('heading', { name: 'Paid' }).waitFor();
});

test('a page that has expired says so', async () => {
  await visit();
  await pay('Expires');
  await page.getByRole('heading', { name: 'Expired' }).waitFor();
});

test('its style is applied, and fits a small telephone', async () => {
  await visit({ description: 'x'.repeat(200), refundPolicy: 'y'.repeat(300) });
  await page.setViewportSize({ width: 320, height: 640 });
  const button = await page.getByRole('button', { name: 'Pay' }).boundingBox();
  expect(button?.height).toBeGreaterThan(40);
  expect(button?.width).toBeGreaterThan(200);
  expect((button?.x ?? 0) + (button?.width ?? 999)).toBeLessThanOrEqual(320);
});
