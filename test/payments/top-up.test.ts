import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTill, type Till } from './till.ts';

let till: Till;

beforeAll(async () => {
  till = await openTill();
  await till.provider('wire', { manual: { instructions: 'IBAN DE00' } });
});
afterAll(async () => {
  await till?.stop();
});

describe('A top-up', () => {
  it('is credited once its money is there, and not before', async () => {
    const ada = await till.customer('ada');
    const payment = await till.asked(ada, { asset: 'USD', amount: '25' });
    expect(payment).toMatchObject({
      status: 'PENDING',
      amount: '25',
      paid: '0',
      credit: '25',
      description: '25 USD',
      checkout: { url: null, instructions: { instructions: 'IBAN DE00' } },
    });
    expect(await till.balance(ada, 'USD')).toBeNull();

    const { payment: settled } = await till.confirm(payment.id, 'bank 1');
    expect(settled).toMatchObject({ status: 'SETTLED', paid: '25' });
    expect(await till.balance(ada, 'USD')).toBe('25');
    expect(await till.ledger(ada, 'USD')).toEqual(['TOP_UP 25 CASH>WALLET']);
    expect(await till.brokenLaw()).toBeNull();
  });

  it('is credited once for each receipt, however often that is told', async () => {
    const bob = await till.customer('bob');
    const payment = await till.asked(bob, { asset: 'USD', amount: '10' });
    await Promise.all(Array.from({ length: 10 }, () => till.confirm(payment.id, 'same')));
    expect(await till.balance(bob, 'USD')).toBe('10');
    expect(await till.brokenLaw()).toBeNull();
  });

  it('is credited in proportion where another amount comes, which is noted', async () => {
    const cy = await till.customer('cy');
    await till.given(
      'saveCreditPack',
      {
        code: 'big',
        asset: 'CREDIT',
        amount: '1000',
        priceAsset: 'USD',
        price: '10',
        bonuses: [{ quantity: 1, percent: '10' }],
        expiresAfterDays: 30,
      },
      'pack { id }',
    );
    const payment = await till.asked(cy, { pack: 'big', quantity: 2 });
    expect(payment).toMatchObject({ amount: '20', credit: '2000', bonus: '200' });
    await till.confirm(payment.id, 'half', { amount: '10' });
    expect(await till.balance(cy, 'CREDIT')).toBe('1100');
    expect(await till.mismatches()).toEqual(['AMOUNT | 20 USD | 10 USD']);
    await till.confirm(payment.id, 'rest', { amount: '10' });
    expect(await till.mismatches()).toEqual([]);
    expect(await till.ledger(cy, 'CREDIT')).toEqual([
      'TOP_UP 1000 CASH>WALLET',
      'TOP_UP 100 PROMOTIONAL>WALLET',
      'TOP_UP 1000 CASH>WALLET',
      'TOP_UP 100 PROMOTIONAL>WALLET',
    ]);
    expect(await till.brokenLaw()).toBeNull();
  });

  it('has a reference once, with one amount', async () => {
    const eva = await till.customer('eva');
    const { id: payment } = await till.asked(eva, { asset: 'USD', amount: '3', provider: 'wire' });
    await till.confirm(payment, 'once', { amount: '1' });
    const again = { payment, reference: 'once' };
    expect(await till.mutate('confirmPayment', { ...again, amount: '2' }, '__typename')).toEqual({
      __typename: 'ConflictError',
      ...{ code: 'CONFLICT', path: 'reference', retryable: false },
      message: 'reference: 1 USD was confirmed with it before.',
    });
    await till.confirm(payment, 'once', { amount: '1' });
    expect(await till.balance(eva, 'USD')).toBe('1');
  });

  it('of which people have seen that too little came is not listed again for that, and is for more', async () => {
    const gus = await till.customer('gus');
    const { id: payment } = await till.asked(gus, { asset: 'USD', amount: '9', provider: 'wire' });
    await till.confirm(payment, 'a part', { amount: '1' });
    const read = async () =>
      (await till.run('{ paymentMismatches(first: 1) { edges { node { id found } } } }'))
        .paymentMismatches.edges[0].node;
    const { id: mismatch, found } = await read();
    expect(found).toBe('1 USD');
    await till.confirm(payment, 'another', { amount: '2' });
    expect(await read()).toEqual({ id: mismatch, found: '3 USD' });
    const resolution = { mismatch, resolution: 'He pays the rest in spring.' };
    await till.given('resolvePaymentMismatch', resolution, 'mismatch { id }');
    await till.confirm(payment, 'another', { amount: '2' });
    const listed = async () => (await till.mismatches()).filter((line) => line.includes('9 USD'));
    expect(await listed()).toEqual([]);
    await till.confirm(payment, 'a third', { amount: '3' });
    expect(await listed()).toEqual(['AMOUNT | 9 USD | 6 USD']);
  });

  it('is converted by the rate for top-ups that is in force', async () => {
    const dee = await till.customer('dee');
    const input = { asset: 'CREDIT', amount: '5', currency: 'USD' };
    expect(await till.topUp(dee, input)).toMatchObject({ code: 'EXCHANGE_RATE_NOT_FOUND' });
    await till.given(
      'createExchangeRate',
      { from: 'USD', to: 'CREDIT', topUpRate: '90' },
      'exchangeRate { id }',
    );
    const payment = await till.asked(dee, input);
    expect(payment).toMatchObject({ amount: '5', credit: '450' });
    await till.confirm(payment.id, 'x');
    expect(await till.balance(dee, 'CREDIT')).toBe('450');
  });

  it('is one for one idempotency key', async () => {
    const eve = await till.customer('eve');
    const input = { asset: 'USD', amount: '3', idempotencyKey: 'k' };
    const [first, second] = await Promise.all([till.asked(eve, input), till.asked(eve, input)]);
    expect(second.id).toBe(first.id);
    expect(await till.topUp(eve, { ...input, amount: '4' })).toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
    });
  });

  it('that is canceled is credited all the same when its money comes', async () => {
    const fay = await till.customer('fay');
    const payment = await till.asked(fay, { asset: 'USD', amount: '3' });
    const { payment: canceled } = await till.given('cancelPayment', { payment: payment.id });
    expect(canceled.status).toBe('CANCELED');
    await till.confirm(payment.id, 'late');
    expect(await till.payment(payment.id)).toMatchObject({ status: 'SETTLED' });
    expect(await till.balance(fay, 'USD')).toBe('3');
    expect(await till.brokenLaw()).toBeNull();
  });

  it.each([
    [{}, ['asset REQUIRED', 'amount REQUIRED']],
    [{ asset: 'USD', amount: '0' }, ['amount NOT_POSITIVE']],
    [{ asset: 'USD', amount: '1.005' }, ['amount SCALE_EXCEEDED']],
    [{ pack: 'big', amount: '1' }, ['amount NOT_ALLOWED']],
    [{ asset: 'USD', amount: '1', returnUrl: 'javascript:alert(1)' }, ['returnUrl BAD_FORMAT']],
    [{ asset: 'USD', amount: '1', expiresInSeconds: 1 }, ['expiresInSeconds OUT_OF_RANGE']],
  ])('of %j is refused at %j', async (input, expected) => {
    const { issues } = await till.topUp('ada', input);
    expect(issues.map(({ path, code }: Record<string, string>) => `${path} ${code}`)).toEqual(
      expected,
    );
  });
});
