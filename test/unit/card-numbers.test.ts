import { describe, expect, test } from 'vitest';
import { hasCardNumber, redactCardNumbers } from '../../src/kit/card-numbers.ts';

describe('a card number is found', () => {
  test.each([
    ['4242424242424242'],
    ['4242 4242 4242 4242'],
    ['4242-4242-4242-4242'],
    ['4242–4242–4242–4242'],
    ['4242\u00a04242\u00a04242\u00a04242'],
    ['4242  4242  4242  4242'],
    ['4242\u30004242\u200b4242\u00ad4242'],
    ['4242_4242\u22124242   4242'],
    ['4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2'],
    ['3782 822463 10005'],
    ['5555555555554444'],
    ['6011111111111117'],
    ['4222222222222'],
    ['6304000000000000000'],
  ])('%s', (text) => {
    expect(hasCardNumber(text)).toBe(true);
    expect(redactCardNumbers(text)).toBe('[card number]');
  });

  test.each([
    ['my card is 4242 4242 4242 4242, thanks', 'my card is [card number], thanks'],
    ['{"card":"4242424242424242"}', '{"card":"[card number]"}'],
    ['pm_4242424242424242_x', 'pm_[card number]_x'],
    ['4242 4242 4242 4242 12/34 123', '[card number] 12/34 123'],
    ['3 4242424242424242', '3 [card number]'],
    ['4242424242424242 5555555555554444', '[card number] [card number]'],
    ['4242424242424242\n5555-5555-5555-4444\n', '[card number]\n[card number]\n'],
  ])('in %j', (text, redacted) => {
    expect(hasCardNumber(text)).toBe(true);
    expect(redactCardNumbers(text)).toBe(redacted);
  });
});

test('a card number in digits of another width is found', () => {
  expect(hasCardNumber('４２４２４２４２４２４２４２４２')).toBe(true);
});

describe('what is no card number stays', () => {
  test.each([
    ['', 'nothing'],
    ['4242424242424241', 'a wrong check digit'],
    ['42424242424', 'too few digits'],
    ['42424242424242424242', 'a longer number, of which a part would be one'],
    ['0000000000000000', 'zeros'],
    ['1700000000009', 'a time in milliseconds'],
    ['4242.4242.4242.4242', 'something with points in it'],
    ['2026-01-31T12:00:00.000Z', 'a time'],
    ['42424242\n42424242', 'numbers on two lines'],
    ['42424242-4242-4242-8242-424242424242', 'a UUID of digits alone'],
    ['payment_01h455vb4pex5vsknk084sn02q', 'an id of ours'],
    ['1000000.000000000000', 'an amount'],
  ])('%j: %s', (text) => {
    expect(hasCardNumber(text)).toBe(false);
    expect(redactCardNumbers(text)).toBe(text);
  });

  test('a text of many digits takes no longer than it is long', () => {
    const text = '1 '.repeat(200_000);
    expect(redactCardNumbers(text)).toBe(text);
  });
});
