import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/kit/clock.ts';
import { until } from '../../support/until.ts';
import { openTill, type Till } from '../till.ts';

let till: Till;
let page: string;

beforeAll(async () => {
  till = await openTill({ worker: true, limited: true });
});
afterAll(async () => {
  await till?.stop();
});

/** Tries to pay at a page, from an address. */
async function pay(url: string, method: string, ip: string): Promise<number> {
  const form = new URLSearchParams({ action: 'pay', method });
  const { pathname: path } = new URL(url);
  const { pages } = till.api.services.payments;
  return (await pages['/sandbox/'].handle({ method: 'POST', path, form, ip })).status;
}

describe('Who pays on a page of ours', () => {
  it('is counted by the address that he comes from, and refused when it fails too often', async () => {
    for (const name of ['a1', 'a2', 'a3']) {
      const customer = await till.customer(name);
      const payment = await till.asked(customer, { asset: 'USD', amount: '10' });
      page = payment.checkout.url;
      expect(await pay(page, 'declined', '8.8.8.8')).toBe(303);
      await until('it has failed', async () => (await till.payment(payment.id)).failure !== null);
    }
    expect(await pay(page, 'pays', '8.8.8.8')).toBe(429);
    expect(await pay(page, 'pays', '::ffff:8.8.8.8')).toBe(429);
    // A proxy, and somebody else.
    expect(await pay(page, 'declined', '10.0.0.1')).toBe(303);
    expect(await pay(page, 'declined', '8.8.4.4')).toBe(303);
    till.clock.advance(HOUR_MS);
    expect(await pay(page, 'pays', '8.8.8.8')).toBe(303);
  });
});
