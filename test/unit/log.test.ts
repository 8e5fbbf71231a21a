import { describe, expect, it } from 'vitest';
import { createLog, type LogLevel } from '../../src/infra/log.ts';

function createTestLog(level: LogLevel = 'info') {
  const lines: string[] = [];
  const log = createLog({ level, destination: { write: (line) => void lines.push(line) } });
  return { log, lines };
}

describe('createLog', () => {
  it('writes one JSON object a line, with the facts of its parents', () => {
    const { log, lines } = createTestLog();
    log.child({ requestId: 'r1' }).info({ wallets: 3 }, 'Wallets were charged.');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith('\n')).toBe(true);
    expect(JSON.parse(lines[0] as string)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.+Z$/),
      requestId: 'r1',
      wallets: 3,
      msg: 'Wallets were charged.',
    });
  });

  it('keeps silent below its level', () => {
    const { log, lines } = createTestLog('warn');
    log.info({}, 'Not worth a line.');
    log.debug({}, 'Even less.');
    expect(lines).toEqual([]);
  });

  it('writes what an error was', () => {
    const { log, lines } = createTestLog();
    log.error({ error: new Error('The disk is full.') }, 'A write failed.');
    expect(JSON.parse(lines[0] as string).error).toMatchObject({
      type: 'Error',
      message: 'The disk is full.',
    });
  });

  it.each([
    ['a header', { headers: { authorization: 'Bearer "sk_live_hunter22' } }],
    ['a header by another spelling', { Authorization: 'Basic hunter22' }],
    ['a key in a message', { error: new Error('Unknown key sk_test_hunter22hunter22.') }],
    ['a restricted key', { key: 'rk_live_hunter22' }],
    ['a customer token', { token: 'eyJhbGciOi.eyJzdWIiOi_hunter22.c2lnbmF0dXJl-hunter22' }],
    ['a password in an address', { url: 'postgresql://drawdown:hunter22@db/billing' }],
    ['a password without a user', { url: 'redis://:hunter22@cache' }],
  ])('never shows %s, and the line stays JSON', (_, facts) => {
    const { log, lines } = createTestLog();
    log.info(facts, 'Something happened.');
    expect(lines[0]).not.toContain('hunter22');
    expect(lines[0]).toContain('[redacted]');
    expect(JSON.parse(lines[0] as string).msg).toBe('Something happened.');
  });

  it('shows no number of a card, wherever in a line it stands, and the line stays JSON', () => {
    const { log, lines } = createTestLog();
    const number = '4242424242424242';
    const spaced = '4242\t4242 4242-4242';
    log.warn(
      { card: Number(number), [spaced]: [{ deep: `of ${number}.` }], error: new Error(spaced) },
      `Paid with ${spaced}.`,
    );
    expect(lines[0]).not.toMatch(/4242/);
    expect(lines[0]?.endsWith('\n')).toBe(true);
    expect(JSON.parse(lines[0] as string)).toMatchObject({
      card: '[redacted]',
      '[card number]': [{ deep: 'of [card number].' }],
      msg: 'Paid with [card number].',
    });
    // The same number of digits that is none stays as it is.
    log.warn({ id: '4242424242424243' }, 'No card.');
    expect(JSON.parse(lines[1] as string)).toMatchObject({ id: '4242424242424243' });
  });
});
