import { describe, expect, it } from 'vitest';
import { withoutIbans } from '../../src/kit/iban.ts';

describe('Account numbers', () => {
  it.each([
    ['IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFF', 'IBAN BIC COBADEFF'],
    ['GB29NWBK60161331926819', ''],
    ['NO93 8601 1117 947, 5 days', ', 5 days'],
    // The check digits are wrong.
    ['DE88 3704 0044 0532 0130 00', 'DE88 3704 0044 0532 0130 00'],
    ['4000 0566 5566 5556', '4000 0566 5566 5556'],
  ])('are taken out of %j', (text, expected) => {
    expect(withoutIbans(text)).toBe(expected);
  });
});
