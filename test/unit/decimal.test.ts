import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countOf,
  type Exact,
  exact,
  LIMIT,
  multiply,
  ONE,
  parseDecimal,
  plain,
  roundTo,
  stored,
} from '../../src/kit/decimal.ts';

function parsed(raw: unknown, scale?: number): string {
  const value = parseDecimal(raw, scale);
  return typeof value === 'string' ? value : plain(value);
}

const READ: readonly [raw: string, text: string][] = [
  ['0', '0'],
  ['0.000', '0'],
  ['1', '1'],
  ['-1.5', '-1.5'],
  ['96.791325', '96.791325'],
  ['10.50', '10.5'],
  ['0.000000000001', '0.000000000001'],
  ['99999999999999999999999999.999999999999', '99999999999999999999999999.999999999999'],
  ['-99999999999999999999999999.999999999999', '-99999999999999999999999999.999999999999'],
];

const REFUSED: readonly [raw: unknown, fault: string][] = [
  ['NaN', 'NOT_A_DECIMAL'],
  ['Infinity', 'NOT_A_DECIMAL'],
  ['1e400', 'NOT_A_DECIMAL'],
  ['1e2', 'NOT_A_DECIMAL'],
  ['0x10', 'NOT_A_DECIMAL'],
  ['0b1', 'NOT_A_DECIMAL'],
  [' 1', 'NOT_A_DECIMAL'],
  ['1 ', 'NOT_A_DECIMAL'],
  ['1\n', 'NOT_A_DECIMAL'],
  ['', 'NOT_A_DECIMAL'],
  ['-', 'NOT_A_DECIMAL'],
  ['+1', 'NOT_A_DECIMAL'],
  ['-0', 'NOT_A_DECIMAL'],
  ['-0.00', 'NOT_A_DECIMAL'],
  ['01', 'NOT_A_DECIMAL'],
  ['1.', 'NOT_A_DECIMAL'],
  ['.5', 'NOT_A_DECIMAL'],
  ['1,5', 'NOT_A_DECIMAL'],
  ['1_000', 'NOT_A_DECIMAL'],
  ['١', 'NOT_A_DECIMAL'],
  ['1\u0000', 'NOT_A_DECIMAL'],
  ['9'.repeat(65), 'NOT_A_DECIMAL'],
  [1, 'NOT_A_DECIMAL'],
  [-0, 'NOT_A_DECIMAL'],
  [Number.NaN, 'NOT_A_DECIMAL'],
  [10n, 'NOT_A_DECIMAL'],
  [true, 'NOT_A_DECIMAL'],
  [['1'], 'NOT_A_DECIMAL'],
  [{ toString: () => '1' }, 'NOT_A_DECIMAL'],
  [null, 'NOT_A_DECIMAL'],
  [undefined, 'NOT_A_DECIMAL'],
  ['0.0000000000001', 'SCALE_EXCEEDED'],
  ['1.0000000000000', 'SCALE_EXCEEDED'],
  ['100000000000000000000000000', 'OUT_OF_RANGE'],
  ['-100000000000000000000000000', 'OUT_OF_RANGE'],
  ['9'.repeat(39), 'OUT_OF_RANGE'],
];

describe('A decimal as it is sent', () => {
  for (const [raw, text] of READ) {
    it(`reads ${JSON.stringify(raw)} as ${text}`, () => expect(parsed(raw)).toBe(text));
  }

  for (const [raw, fault] of REFUSED) {
    it(`refuses ${typeof raw} ${String(raw).slice(0, 44)} as ${fault}`, () => {
      expect(parsed(raw)).toBe(fault);
    });
  }

  it('is refused, not rounded, when it has more places than the asset keeps', () => {
    expect(parsed('1.23', 2)).toBe('1.23');
    expect(parsed('1.230', 2)).toBe('SCALE_EXCEEDED');
    expect(parsed('1.234', 2)).toBe('SCALE_EXCEEDED');
    expect(parsed('7', 0)).toBe('7');
    expect(parsed('7.0', 0)).toBe('SCALE_EXCEEDED');
  });

  it('comes back as it was sent, less the trailing zeros', () => {
    const digits = fc.bigInt({ min: 0n, max: 10n ** 38n - 1n });
    fc.assert(
      fc.property(digits, fc.boolean(), fc.integer({ min: 0, max: 12 }), (units, minus, scale) => {
        const padded = units.toString().padStart(scale + 1, '0');
        const whole = padded.slice(0, padded.length - scale);
        fc.pre(whole.length <= 26 && !(minus && units === 0n));
        const places = scale > 0 ? `.${padded.slice(-scale)}` : '';
        const raw = `${minus ? '-' : ''}${whole}${places}`;
        const canonical = places ? raw.replace(/\.?0+$/, '') : raw;
        expect(parsed(raw, scale)).toBe(canonical);
      }),
    );
  });
});

/** An independent implementation: decimal.js with room for any product of two amounts. */
const Reference = Decimal.clone({ precision: 120, rounding: Decimal.ROUND_HALF_EVEN });
const reference = (value: Exact) => new Reference(value.toString()).div('1e12');

const anAmount = fc.oneof(
  fc.bigInt({ min: -(LIMIT - 1n), max: LIMIT - 1n }),
  // Few digits, so that ties are common.
  fc.bigInt({ min: -2_000n, max: 2_000n }).map((halves) => (halves * ONE) / 2n),
);
const aScale = fc.integer({ min: 0, max: 12 });

describe('Rounding', () => {
  const ROUNDED: readonly [value: string, scale: number, text: string][] = [
    ['0.5', 0, '0'],
    ['1.5', 0, '2'],
    ['2.5', 0, '2'],
    ['-0.5', 0, '0'],
    ['-1.5', 0, '-2'],
    ['-2.5', 0, '-2'],
    ['2.500000000001', 0, '3'],
    ['-2.500000000001', 0, '-3'],
    ['0.125', 2, '0.12'],
    ['0.135', 2, '0.14'],
    ['0.125000000001', 2, '0.13'],
    ['1.000000000001', 12, '1.000000000001'],
  ];

  for (const [value, scale, text] of ROUNDED) {
    it(`takes ${value} to ${text} at ${scale} places`, () => {
      expect(plain(roundTo(exact(value), scale))).toBe(text);
    });
  }

  it('goes to the nearest, and of two equally near to the even one', () => {
    fc.assert(
      fc.property(anAmount, aScale, (value, scale) => {
        const expected = reference(value).toDecimalPlaces(scale);
        expect(plain(roundTo(value, scale))).toBe(plain(exact(expected.plus(0))));
      }),
    );
  });
});

describe('A product', () => {
  it('is rounded once, whatever its length', () => {
    expect(plain(multiply(exact('0.000001'), exact('0.0000005'), 12))).toBe('0');
    expect(plain(multiply(exact('0.000001'), exact('0.0000015'), 12))).toBe('0.000000000002');
    expect(plain(multiply(exact('3'), exact('0.15'), 1))).toBe('0.4');
  });

  it('is what another implementation says, rounded half-even', () => {
    fc.assert(
      fc.property(anAmount, anAmount, aScale, (a, b, scale) => {
        const expected = reference(a).times(reference(b)).toDecimalPlaces(scale).plus(0);
        expect(plain(multiply(a, b, scale))).toBe(plain(exact(expected)));
      }),
    );
  });
});

describe('Packages', () => {
  it('are whole, and a begun one counts', () => {
    const counted = (quantity: string, size: string) =>
      plain(countOf(exact(quantity), exact(size)));
    expect(counted('0', '10')).toBe('0');
    expect(counted('10', '10')).toBe('1');
    expect(counted('10.000000000001', '10')).toBe('2');
    expect(counted('1', '0.3')).toBe('4');
    expect(counted('0.000000000001', '99999999999999999999999999')).toBe('1');
  });
});

describe('Text and steps', () => {
  it('come back to each other, also by way of what PostgreSQL is sent', () => {
    fc.assert(
      fc.property(anAmount, (value) => {
        expect(exact(plain(value))).toBe(value);
        expect(exact(new Reference(stored(value)))).toBe(value);
      }),
    );
  });

  it('are never made of more places than there are steps', () => {
    for (const text of ['0.0000000000001', 'a number', '', '0x10', '1e2', '1.', '.5', ' 1']) {
      expect(() => exact(text)).toThrow(RangeError);
    }
  });
});
