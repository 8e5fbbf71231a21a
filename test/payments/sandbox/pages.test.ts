import { describe, expect, test } from 'vitest';
import { exact } from '../../../src/kit/decimal.ts';
import { createSandboxPages } from '../../../src/payments/providers/sandbox/pages.ts';
import { chargeOf, checkoutOf, openSandbox, PROVIDER_ID } from '../../support/sandbox.ts';

async function openPage(changes = {}, config: Record<string, string> = {}) {
  const opened = await openSandbox(config);
  const { sandbox } = opened;
  const { ref } = await sandbox.createCheckout(checkoutOf(changes));
  const pages = createSandboxPages({
    find: async (id) => (id === PROVIDER_ID ? sandbox : null),
  });
  const path = `/sandbox/checkout/${PROVIDER_ID}/${ref}`;
  const read = (at = path) => pages.handle({ method: 'GET', path: at, form: null });
  const post = (fields: Record<string, string>, at = path) =>
    pages.handle({ method: 'POST', path: at, form: new URLSearchParams(fields) });
  /** Sends the form, and reads where it leads to. */
  async function send(fields: Record<string, string>) {
    const { status, headers } = await post(fields);
    expect([status, headers.location]).toEqual([303, path]);
    return (await read()).body;
  }
  return { ...opened, ref, pages, path, read, post, send };
}

function headingOf(html: string): string | undefined {
  return /<h1[^>]*>(.*?)<\/h1>/.exec(html)?.[1];
}

describe('the page', () => {
  test('says what is paid for, how much, and what is given back', async () => {
    const { read } = await openPage({
      refundPolicy: 'Unused credits are refunded within 14 days.',
      returnUrl: 'https://app.example.com/billing?tab=1&back=2',
    });
    const { status, body } = await read();
    expect(status).toBe(200);
    expect(headingOf(body)).toBe('1,250.50 <small>USD</small>');
    expect(body).toContain('1,000 credits');
    expect(body).toContain('Unused credits are refunded within 14 days.');
    expect(body).toContain('href="https://app.example.com/billing?tab=1&amp;back=2"');
    expect(body.match(/type="radio"/g)).toHaveLength(8);
    expect(body).toContain('Pay 1,250.50 USD</button>');
  });

  test.each([
    ['1250.5', { code: 'USD', minorUnits: 2 }, '1,250.50 <small>USD</small>'],
    ['1234567', { code: 'JPY', minorUnits: 0 }, '1,234,567 <small>JPY</small>'],
    ['0.000001', { code: 'USDC', minorUnits: 6 }, '0.000001 <small>USDC</small>'],
    ['999', { code: 'KWD', minorUnits: 3 }, '999.000 <small>KWD</small>'],
  ])('writes %s as money', async (amount, currency, text) => {
    const { read } = await openPage({ amount: exact(amount), currency });
    expect(headingOf((await read()).body)).toBe(text);
  });

  test('of what is paid has buttons of the bank: it takes the money back, and decides who is right', async () => {
    const { sandbox, ref, send, post } = await openPage();
    const disputes = async () =>
      (await sandbox.fetchPayment(ref))?.disputes.map(({ status }) => status);
    expect((await post({ action: 'dispute' })).status).toBe(400);
    const paid = await send({ action: 'pay', method: 'declined_later' });
    expect(headingOf(paid)).toBe('Paid');
    const disputed = await send({ action: 'dispute' });
    expect(await disputes()).toEqual(['OPEN']);
    expect(disputed).toContain('value="win"');
    const won = await send({ action: 'win' });
    expect(await disputes()).toEqual(['WON']);
    expect(won).toContain('value="dispute"');
    await send({ action: 'dispute' });
    const lost = await send({ action: 'lose' });
    expect(await disputes()).toEqual(['WON', 'LOST']);
    expect(lost).not.toContain('value="dispute"');
  });

  test('has no script, loads nothing, and is in nobody else’s frame', async () => {
    const { headers, body } = await (await openPage()).read();
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'$/,
    );
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
    expect(body).not.toMatch(/<script|\son\w+=|\sstyle=|src=|url\(/i);
  });

  test('escapes what others wrote', async () => {
    const evil = `"><img src=x onerror='alert(1)'>&`;
    const { read } = await openPage({ description: evil, refundPolicy: evil });
    const { body } = await read();
    const escaped = '&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;';
    expect(body).not.toContain('<img');
    expect(body.split(escaped)).toHaveLength(3);
  });

  test.each(['javascript:alert(1)', 'data:text/html,hi', '//evil.example', 'not an address'])(
    'does not lead back to %s',
    async (returnUrl) => {
      const { body } = await (await openPage({ returnUrl })).read();
      expect(body).not.toContain('class="back"');
      expect(body).not.toContain(returnUrl);
    },
  );

  test('of another provider, another payment or another place is not found', async () => {
    const { read, post, ref, path } = await openPage();
    const other = `/sandbox/checkout/${PROVIDER_ID}/sbx_${'x'.repeat(32)}`;
    const places = [
      other,
      `/sandbox/checkout/payprov_x/${ref}`,
      `${path}/`,
      '/sandbox/',
      `${path}x`,
    ];
    for (const place of places) {
      expect((await read(place)).status).toBe(404);
      expect((await post({ action: 'pay', method: 'pays' }, place)).status).toBe(404);
    }
  });
});

describe('who pays with the form', () => {
  test('has paid, and is led back', async () => {
    const { send, sandbox, ref } = await openPage({ returnUrl: 'https://app.example.com/' });
    const body = await send({ action: 'pay', method: 'pays', save: 'yes' });
    expect(headingOf(body)).toBe('Paid');
    expect(body).toContain('Visa ending in 4242');
    expect(body).toContain('href="https://app.example.com/"');
    expect(body).not.toContain('name="method"');
    expect(await sandbox.fetchPayment(ref)).toMatchObject({
      status: 'SETTLED',
      method: { token: 'sbm_pays' },
    });
  });

  test('without the box has no method kept, though the box was set for him', async () => {
    const { send, read, sandbox, ref } = await openPage({ saveMethod: true });
    expect((await read()).body).toMatch(/name="save" value="yes" checked/);
    await send({ action: 'pay', method: 'pays' });
    expect(await sandbox.fetchPayment(ref)).toMatchObject({ method: { token: null } });
  });

  test('slowly sees that it is being processed, once more when it is done', async () => {
    const { send, read, clock } = await openPage();
    const body = await send({ action: 'pay', method: 'slow' });
    expect(headingOf(body)).toBe('Being processed');
    expect(body).toContain('<meta http-equiv="refresh" content="3">');
    clock.advance(3000);
    const { body: after } = await read();
    expect(headingOf(after)).toBe('Paid');
    expect(after).not.toContain('http-equiv="refresh"');
  });

  test('and is declined is told why, and may try again', async () => {
    const { send } = await openPage();
    const body = await send({ action: 'pay', method: 'insufficient_funds', save: 'yes' });
    expect(body).toMatch(/role="alert">.*not enough money on the account.*try again/);
    expect(body).toMatch(/value="insufficient_funds" required checked/);
    expect(body).toMatch(/name="save" value="yes" checked/);
    expect(headingOf(await send({ action: 'pay', method: 'pays' }))).toBe('Paid');
  });

  test('and is asked whether it is him confirms it', async () => {
    const { send } = await openPage();
    const asked = await send({ action: 'pay', method: 'needs_confirmation' });
    expect(headingOf(asked)).toBe('Confirm it is you');
    expect(asked).toContain('1,250.50');
    expect(headingOf(await send({ action: 'confirm' }))).toBe('Confirmed and paid');
  });

  test('and says that it is not him is back where he was', async () => {
    const { send } = await openPage();
    await send({ action: 'pay', method: 'needs_confirmation' });
    const body = await send({ action: 'refuse' });
    expect(body).toMatch(/role="alert">.*not confirmed/);
    expect(body).toContain('type="radio"');
  });

  test('too late, or what was canceled, has nothing to choose from', async () => {
    const { send } = await openPage();
    expect(headingOf(await send({ action: 'pay', method: 'expires' }))).toBe('Expired');
    expect(headingOf(await send({ action: 'pay', method: 'pays' }))).toBe('Expired');
    const { sandbox, ref, read } = await openPage();
    await sandbox.cancelPayment(ref);
    const { body } = await read();
    expect(headingOf(body)).toBe('Canceled');
    expect(body).not.toContain('<form');
  });

  test('where he was charged without being there, is asked, and refuses, has not paid', async () => {
    const { sandbox, pages } = await openPage();
    const { ref } = await sandbox.chargeMethod(chargeOf('needs_confirmation'));
    const path = `/sandbox/checkout/${PROVIDER_ID}/${ref}`;
    const at = (method: string, form: URLSearchParams | null) =>
      pages.handle({ method, path, form });
    expect(headingOf((await at('GET', null)).body)).toBe('Confirm it is you');
    await at('POST', new URLSearchParams({ action: 'refuse' }));
    const { body } = await at('GET', null);
    expect(headingOf(body)).toBe('Not paid');
    expect(body).not.toContain('<form');
  });
});

describe('a form that is not the page’s changes nothing', () => {
  test.each([
    [{}],
    [{ action: 'pay' }],
    [{ action: 'pay', method: 'everything' }],
    [{ action: 'pay', method: '__proto__' }],
    [{ action: 'settle', method: 'pays' }],
  ])('%j', async (fields) => {
    const { post, read, told } = await openPage();
    told();
    expect((await post(fields)).status).toBe(400);
    expect((await read()).body).toContain('type="radio"');
    expect(told()).toEqual([]);
  });

  test.each([
    [{ action: 'pay', method: 'pays', card: '4242 4242 4242 4242' }],
    [{ action: 'pay', method: '5555-5555-5555-4444' }],
    [{ action: 'pay', method: 'pays', note: 'my card: 378282246310005!' }],
    [{ action: 'pay', method: 'pays', '4242424242424242': '' }],
  ])('with a card number it is refused, and the number is not answered: %j', async (fields) => {
    const { post, sandbox, ref, told } = await openPage();
    told();
    const { status, body } = await post(fields);
    expect(status).toBe(400);
    expect(headingOf(body)).toBe('No card numbers');
    expect(body).not.toMatch(/4242|4444|0005/);
    expect(await sandbox.fetchPayment(ref)).toMatchObject({ status: 'PENDING', method: null });
    expect(told()).toEqual([]);
  });

  test('with nothing in it, or by another verb', async () => {
    const { pages, path } = await openPage();
    expect((await pages.handle({ method: 'POST', path, form: null })).status).toBe(400);
    const answer = await pages.handle({ method: 'DELETE', path, form: null });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
    expect((await pages.handle({ method: 'HEAD', path, form: null })).status).toBe(200);
  });
});
