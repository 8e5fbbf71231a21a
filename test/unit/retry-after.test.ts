import { describe, expect, test } from 'vitest';
import { retryAfterMs } from '../../src/sdk/retry-after.ts';

const DATE = 'Wed, 21 Oct 2026 07:28:00 GMT';

const askedBy = (retryAfter: string, date = DATE) =>
  retryAfterMs(new Headers({ 'retry-after': retryAfter, date }));

describe('what an answer asks for', () => {
  test.each([
    ['seconds', '2', 2_000],
    ['nothing', '0', 0],
    ['a date, by the clock of whoever answers', 'Wed, 21 Oct 2026 07:28:05 GMT', 5_000],
    ['a date that is over', 'Wed, 21 Oct 2026 07:27:00 GMT', 0],
    ['a day is a minute', '86400', 60_000],
    ['more than a number holds is a minute', '9'.repeat(400), 60_000],
    ['a date that is years ahead is a minute', 'Thu, 21 Oct 2038 07:28:00 GMT', 60_000],
    ...['soon', '', '-5', '1e9', '0x10', 'Infinity', '1.5', 'NaN', '2026-10-21T07:28:00Z'].map(
      (text): [string, string, number] => ['nonsense is nothing', text, 0],
    ),
  ])('%s: %j', (_what, text, expected) => {
    expect(askedBy(text)).toBe(expected);
  });

  test('by the clock here when the answer has no date', () => {
    expect(retryAfterMs(new Headers({ 'retry-after': 'Thu, 21 Oct 2038 07:28:00 GMT' }))).toBe(
      60_000,
    );
    expect(retryAfterMs(new Headers({ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }))).toBe(0);
    expect(retryAfterMs(new Headers())).toBe(0);
  });
});
