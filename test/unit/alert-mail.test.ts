import { describe, expect, test } from 'vitest';
import type { AlertKind } from '../../src/live/event.ts';
import { type AlertMailFacts, alertMail } from '../../src/mail/alert-mail.ts';
import { oneLine } from '../../src/mail/plain-words.ts';

const FACTS: AlertMailFacts = {
  kind: 'BELOW_AMOUNT',
  threshold: '5',
  observed: '4.25',
  raisedAt: new Date('2026-03-01T12:00:00Z'),
  ruleName: 'Running low',
  terms: { amount: '5' },
  customer: { externalId: 'acme', name: 'Acme Inc.' },
  walletName: 'default',
  asset: 'USD',
  expiresAt: null,
  organization: { name: 'Cloudy', mode: 'LIVE' },
};

const of = (change: Partial<AlertMailFacts>) => alertMail({ ...FACTS, ...change });

test('a mail says what happened, where, when, and who sends it', () => {
  const { subject, text, html } = of({});
  expect(subject).toBe('Acme Inc. (acme): less than 5 USD left');
  expect(text).toBe(
    [
      'The balance is 4.25 USD, which is less than 5 USD.',
      '',
      'Customer: Acme Inc. (acme)',
      'Wallet: default (USD)',
      'Rule: Running low',
      'Time: 2026-03-01T12:00:00.000Z',
      '',
      'Sent by Cloudy, whose alert rule asks for it.',
      '',
    ].join('\n'),
  );
  for (const line of ['4.25 USD', 'Acme Inc. (acme)', 'Running low', 'Cloudy']) {
    expect(html).toContain(line);
  }
});

test('what has no name is left out', () => {
  const { subject, text } = of({ ruleName: null, customer: { externalId: 'acme', name: null } });
  expect(subject).toBe('acme: less than 5 USD left');
  expect(text).toContain('Customer: acme\n');
  expect(text).not.toContain('Rule:');
});

test('a mail of a TEST organization is marked', () => {
  const { subject } = of({ organization: { name: 'Cloudy', mode: 'TEST' } });
  expect(subject).toBe('[TEST] Acme Inc. (acme): less than 5 USD left');
});

describe('each kind of alert has its own words', () => {
  const cases: Record<AlertKind, [Partial<AlertMailFacts>, string, string]> = {
    BELOW_AMOUNT: [{}, 'less than 5 USD left', 'The balance is 4.25 USD'],
    BELOW_PERCENT: [
      { terms: { percent: '20' } },
      'less than 20 % left',
      'less than 20 % of what there was after the last credit (5 USD).',
    ],
    DEPLETED: [{ observed: '-1.5' }, 'nothing left', 'the balance is -1.5 USD'],
    RECOVERED: [{}, 'something left again', 'the balance is 4.25 USD'],
    BURN_RATE: [
      { terms: { windowMinutes: 60 }, observed: '90', threshold: '50' },
      'spending faster than usual',
      'In the last 60 minutes 90 USD were spent, more than the 50 USD that the rule allows.',
    ],
    PROJECTED_EMPTY: [
      { terms: { hours: 48 } },
      'nothing left within 48 hours',
      'At the rate of the last day nothing is left within 48 hours.',
    ],
    GRANT_EXPIRING: [
      { threshold: null, expiresAt: new Date('2026-03-08T00:00:00Z') },
      'credit about to expire',
      '4.25 USD of a credit expire at 2026-03-08T00:00:00.000Z.',
    ],
  };
  test.each(Object.entries(cases))('%s', (kind, [change, short, long]) => {
    const { subject, text, html } = of({ ...change, kind: kind as AlertKind });
    expect(subject).toBe(`Acme Inc. (acme): ${short}`);
    expect(text.split('\n')[0]).toContain(long);
    expect(html).toContain(long);
    expect(`${subject}${text}`).not.toMatch(/undefined|null/);
  });
});

test('names cannot add lines, nor elements', () => {
  const name = 'Eve\r\nTo: all@example.com\u2028<script>alert("1")</script>&\'';
  const { subject, text, html } = of({
    customer: { externalId: 'e\nve', name },
    ruleName: name,
    walletName: name,
    asset: 'USD',
    organization: { name, mode: 'LIVE' },
  });
  expect(subject).not.toMatch(/[\r\n\u2028]/);
  expect(text.split('\n')).toHaveLength(of({}).text.split('\n').length);
  expect(text).not.toContain('\r');
  expect(html).not.toContain('<script>');
  expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;');
});

test('a long name is cut, never within a character', () => {
  expect(oneLine('😀'.repeat(10), 4)).toBe('😀😀😀…');
  expect(oneLine('abcd', 4)).toBe('abcd');
  const { subject } = of({ customer: { externalId: 'x'.repeat(255), name: 'y'.repeat(255) } });
  expect(subject.length).toBeLessThan(120);
});
