import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { openTill, type Till } from '../till.ts';

let till: Till;

beforeAll(async () => {
  till = await openTill({ worker: true });
  await till.provider('wire', { manual: { instructions: 'IBAN DE00' } }, { isDefault: false });
});
afterAll(async () => {
  await till?.stop();
});

const LINK = `link { id url active uses maxUses amount minAmount maxAmount suggestedAmounts description expiresAt
  payments(first: 10) { edges { node { id status amount origin description } } } }`;

async function linkOf(externalId: string, input: object) {
  const customer = { externalId: await till.customer(externalId) };
  const all = { customer, description: 'Invoice 7', ...input };
  return (await till.given('createPaymentLink', all, LINK)).link;
}

async function read(id: string) {
  const document = `query ($id: ID!) { paymentLink(id: $id) { ${LINK.slice(LINK.indexOf('{') + 1)} }`;
  return (await till.run(document, { id })).paymentLink;
}

const headingOf = (html: string) => /<h1[^>]*>(.*?)<\/h1>/.exec(html)?.[1];

async function page(url: string) {
  const answer = await fetch(url);
  const body = await answer.text();
  const token = /name="token" value="([^"]+)"/.exec(body)?.[1] ?? '';
  return { status: answer.status, headers: answer.headers, body, token };
}

async function send(url: string, fields: Record<string, string>) {
  const body = new URLSearchParams(fields);
  const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' });
  return { status: answer.status, to: answer.headers.get('location'), body: await answer.text() };
}

describe('A payment link', () => {
  it('of a fixed amount leads to the page of the provider, and what is paid there is credited', async () => {
    const link = await linkOf('ada', { asset: 'USD', amount: '25', metadata: { invoice: 'in_7' } });
    expect(link.url).toMatch(new RegExp(`^${till.api.url}/pay/[A-Za-z0-9_-]{22}$`));
    const { body, token } = await page(link.url);
    expect(headingOf(body)).toBe('25.00 <small>USD</small>');
    expect(body).toContain('Invoice 7');
    const sent = await send(link.url, { token });
    expect(sent.status).toBe(303);
    expect(sent.to).toContain('/sandbox/checkout/');
    await send(sent.to ?? '', { action: 'pay', method: 'pays' });
    const { payments } = await read(link.id);
    const [{ node: payment }] = payments.edges;
    expect(payment).toMatchObject({
      amount: '25',
      origin: 'PAYMENT_LINK',
      description: 'Invoice 7',
    });
    await until('it is credited', async () => (await till.balance('ada', 'USD')) === '25');
    const status = await page(`${link.url}/${payment.id}`);
    expect(headingOf(status.body)).toBe('Paid');
    expect(await till.brokenLaw()).toBeNull();
  });

  it('lets whoever pays choose within its bounds, and tells what is not within them', async () => {
    const bounds = { minAmount: '5', maxAmount: '500', suggestedAmounts: ['10', '20.5'] };
    const link = await linkOf('bob', { asset: 'USD', ...bounds });
    const { body, token } = await page(link.url);
    expect(body).toContain('From 5.00 USD to 500.00 USD.');
    expect(body).toContain('name="suggested" value="20.50"');
    for (const [amount, words] of [
      ['4.99', 'From 5 to 500 USD.'],
      ['501', 'From 5 to 500 USD.'],
      ['5.001', 'More decimal places than the asset keeps'],
      ['-7', 'Must be above zero.'],
      ['"><script>', 'digits only'],
      ['', 'digits only'],
    ] as const) {
      const refused = await send(link.url, { token, amount });
      expect([amount, refused.status]).toEqual([amount, 422]);
      expect(refused.body).toContain(words);
      expect(refused.body).not.toContain('<script');
    }
    expect((await read(link.id)).uses).toBe(0);
    expect((await send(link.url, { token, amount: ' 7.5 ' })).status).toBe(303);
    expect((await send(link.url, { token, amount: '', suggested: '20.50' })).status).toBe(303);
    const { payments } = await read(link.id);
    const amounts = payments.edges.map(({ node }: { node: { amount: string } }) => node.amount);
    expect(amounts).toEqual(['20.5', '7.5']);
  });

  it('makes one payment of one form, however often that is sent', async () => {
    const link = await linkOf('cy', { asset: 'USD', minAmount: '1', maxAmount: '9' });
    const { token } = await page(link.url);
    const all = await Promise.all(
      Array.from({ length: 5 }, () => send(link.url, { token, amount: '3' })),
    );
    expect(new Set(all.map(({ status, to }) => `${status} ${to}`)).size).toBe(1);
    expect((await read(link.id)).uses).toBe(1);
    const again = await page(link.url);
    await send(link.url, { token: again.token, amount: '3' });
    expect((await read(link.id)).uses).toBe(2);
  });

  it('that may be used once is used once by many at once, and leads to what was begun', async () => {
    const link = await linkOf('dee', { asset: 'USD', amount: '3', maxUses: 1 });
    const forms = await Promise.all(Array.from({ length: 4 }, () => page(link.url)));
    const all = await Promise.all(forms.map(({ token }) => send(link.url, { token })));
    expect(all.map(({ status }) => status).sort()).toEqual([303, 410, 410, 410]);
    const { status, body } = await page(link.url);
    expect(status).toBe(410);
    expect(headingOf(body)).toBe('Nothing to pay');
    const [{ node: payment }] = (await read(link.id)).payments.edges;
    expect(body).toContain(`href="${link.url}/${payment.id}"`);
    await till.given('cancelPayment', { payment: payment.id });
    expect((await page(link.url)).status).toBe(200);
  });

  it('is closed when its time is over, and when somebody closes it, until it is opened again', async () => {
    const expiresAt = new Date(till.clock.now().getTime() + 60_000).toISOString();
    const link = await linkOf('eve', { asset: 'USD', amount: '3', expiresAt });
    const { token } = await page(link.url);
    till.clock.advance(60_000);
    const late = await page(link.url);
    expect([late.status, late.body.includes('The time to pay at this link is over')]).toEqual([
      410,
      true,
    ]);
    expect((await send(link.url, { token })).status).toBe(410);
    const open = { link: link.id, expiresAt: null };
    await till.given('updatePaymentLink', open, LINK);
    expect((await page(link.url)).status).toBe(200);
    await till.given('updatePaymentLink', { link: link.id, active: false }, LINK);
    expect((await page(link.url)).body).toContain('not in use any more');
    expect((await read(link.id)).uses).toBe(0);
  });

  it('of a provider without a page says how to pay, and that it is paid', async () => {
    await till.given(
      'saveCreditPack',
      { code: 'big', asset: 'CREDIT', amount: '1000', priceAsset: 'USD', price: '10' },
      'pack { id }',
    );
    const link = await linkOf('fay', { pack: 'big', quantity: 2, provider: 'wire' });
    const { body, token } = await page(link.url);
    expect(headingOf(body)).toBe('20.00 <small>USD</small>');
    expect(body).toContain('For 2,000 CREDIT');
    const { status, to } = await send(link.url, { token });
    expect(status).toBe(303);
    const [{ node: payment }] = (await read(link.id)).payments.edges;
    expect(to).toBe(`${link.url}/${payment.id}`);
    const waiting = await page(to ?? '');
    expect(waiting.body).toContain('IBAN DE00');
    expect(waiting.body).toContain(`DD-${payment.id.slice(-26).toUpperCase()}`);
    await till.confirm(payment.id, 'bank 7');
    expect(headingOf((await page(to ?? '')).body)).toBe('Paid');
    expect(await till.balance('fay', 'CREDIT')).toBe('2000');
  });

  it('says nothing where there is none, and of no payment that was made elsewhere', async () => {
    const link = await linkOf('gus', { asset: 'USD', amount: '3' });
    const other = await till.asked('gus', { asset: 'USD', amount: '3' });
    for (const url of [
      `${till.api.url}/pay/`,
      `${till.api.url}/pay/${'x'.repeat(22)}`,
      `${link.url}x`,
      `${link.url}/${other.id}`,
      `${link.url}/nothing`,
      `${link.url}/${other.id}/more`,
    ]) {
      expect([url, (await page(url)).status]).toEqual([url, 404]);
    }
  });

  it('has no script, loads nothing, and escapes what others wrote', async () => {
    const evil = '"><img src=x onerror=alert(1)>';
    const said = `mutation ($input: UpdatePaymentSettingsInput!) {
      updatePaymentSettings(input: $input) { __typename } }`;
    await till.run(said, { input: { refundPolicy: evil } });
    const link = await linkOf('hal', { asset: 'USD', amount: '3', description: evil });
    const { headers, body } = await page(link.url);
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:; base-uri 'none'; form-action 'self' https:; frame-ancestors 'none'$/,
    );
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).not.toMatch(/<script|<img|\sstyle=/);
    expect(body.split('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;')).toHaveLength(3);
  });

  it.each([
    [{}, 400],
    [{ token: 'short' }, 400],
    [{ token: 'x'.repeat(22), amount: '4242 4242 4242 4242' }, 400],
  ])('does not take the form %j', async (fields, status) => {
    const link = await linkOf(`ian ${JSON.stringify(fields)}`, { asset: 'USD', amount: '3' });
    const sent = await send(link.url, fields as Record<string, string>);
    expect(sent.status).toBe(status);
    expect(sent.body).not.toContain('4242');
    expect((await read(link.id)).uses).toBe(0);
  });

  it.each([
    [{}, ['asset REQUIRED', 'amount REQUIRED']],
    [{ asset: 'USD', minAmount: '1' }, ['maxAmount REQUIRED']],
    [{ asset: 'USD', minAmount: '2', maxAmount: '1' }, ['maxAmount OUT_OF_RANGE']],
    [{ asset: 'USD', minAmount: '0.001', maxAmount: '1' }, ['minAmount SCALE_EXCEEDED']],
    [{ asset: 'USD', amount: '1', maxAmount: '2' }, ['maxAmount NOT_ALLOWED']],
    [
      { asset: 'USD', minAmount: '1', maxAmount: '2', suggestedAmounts: ['3'] },
      ['suggestedAmounts.0 OUT_OF_RANGE'],
    ],
    [{ pack: 'big', amount: '1' }, ['amount NOT_ALLOWED']],
    [{ asset: 'USD', amount: '1', maxUses: 0 }, ['maxUses OUT_OF_RANGE']],
    [{ asset: 'USD', amount: '1', expiresAt: '2020-01-01T00:00:00Z' }, ['expiresAt OUT_OF_RANGE']],
    [{ asset: 'USD', amount: '1', description: '' }, ['description TOO_SHORT']],
  ])('of %j is refused at %j', async (input, expected) => {
    const customer = { externalId: 'ada' };
    const { issues } = await till.mutate(
      'createPaymentLink',
      { customer, description: 'Invoice', ...input },
      LINK,
    );
    expect(issues.map(({ path, code }: Record<string, string>) => `${path} ${code}`)).toEqual(
      expected,
    );
  });
});
