import { describe, expect, test } from 'vitest';
import { count, emptyTally } from '../../src/cli/tally.ts';
import { fileHash, readTrace, toEvent } from '../../src/cli/trace.ts';
import { plain } from '../../src/kit/decimal.ts';

const HEADING = 'TIMESTAMP,ContextTokens,GeneratedTokens';

describe('a trace', () => {
  test('is read with either line end, with and without one at the end', () => {
    const rows = [
      { row: 1, inputTokens: 374, outputTokens: 44 },
      { row: 2, inputTokens: 396, outputTokens: 109 },
    ];
    const lines = [
      HEADING,
      '2023-11-16 18:15:46.6805900,374,44',
      '2023-11-16 18:15:50.9951690,396,109',
    ];
    for (const end of ['\n', '\r\n']) {
      expect(readTrace(lines.join(end))).toEqual(rows);
      expect(readTrace(lines.join(end) + end)).toEqual(rows);
    }
    expect(readTrace(`\uFEFF${lines.join('\n')}`)).toEqual(rows);
  });

  test('has its columns where the heading says', () => {
    expect(readTrace('GeneratedTokens,ContextTokens\n5,7')).toEqual([
      { row: 1, inputTokens: 7, outputTokens: 5 },
    ]);
  });

  test('without rows is empty', () => {
    expect(readTrace(`${HEADING}\r\n`)).toEqual([]);
  });

  test.each([
    ['', 'The heading must name'],
    ['a,b,c\n1,2,3', 'The heading must name'],
    [`${HEADING}\nt,1`, 'Line 2: ""'],
    [`${HEADING}\nt,1,2\nt,-1,2`, 'Line 3: "-1"'],
    [`${HEADING}\nt,1.5,2`, 'Line 2: "1.5"'],
    [`${HEADING}\nt,1e3,2`, 'Line 2: "1e3"'],
    [`${HEADING}\nt,0x10,2`, 'Line 2: "0x10"'],
    [`${HEADING}\nt,NaN,2`, 'Line 2: "NaN"'],
    [`${HEADING}\nt,1111111111111111,2`, 'Line 2: "1111111111111111"'],
  ])('%j is refused as a whole', (text, message) => {
    expect(() => readTrace(text)).toThrow(message);
  });

  test('gives each row an event id made of the row and the content of the file', () => {
    const hash = fileHash(Buffer.from('abc'));
    expect(hash).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    const row = { row: 3, inputTokens: 10, outputTokens: 2 };
    expect(toEvent(row, { hash, model: 'gpt-4o', customer: 'acme' })).toEqual({
      customer: { externalId: 'acme' },
      eventId: 'trace-ba7816bf8f01cfea414140de5dae2223-3',
      type: 'llm.request',
      properties: { model: 'gpt-4o', input_tokens: 10, output_tokens: 2 },
    });
  });
});

describe('the tally of a replay', () => {
  const charge = (amount: string, code = 'USD') => ({ amount, asset: { code } });
  const recorded = (duplicate: boolean, ...charges: ReturnType<typeof charge>[]) =>
    ({ __typename: 'UsageRecorded', duplicate, charges }) as const;

  test('adds up what recorded and duplicate events cost in the one asset', () => {
    const tally = emptyTally();
    count(tally, recorded(false, charge('0.1'), charge('0.2'), charge('9', 'CREDIT')), 'USD');
    count(tally, recorded(true, charge('0.000000000001')), 'USD');
    expect(tally).toMatchObject({ recorded: 1, duplicates: 1, refused: 0 });
    expect(plain(tally.total)).toBe('0.300000000001');
  });

  test('keeps the first refusal', () => {
    const tally = emptyTally();
    for (const message of ['first', 'second']) {
      const __typename = 'InsufficientFundsError';
      count(tally, { __typename, message, retryable: false }, 'USD');
    }
    expect(tally).toMatchObject({ refused: 2, firstRefusal: 'first' });
  });
});
