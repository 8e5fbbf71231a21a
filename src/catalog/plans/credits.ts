import type { Checker } from '../../kit/check.ts';
import { exact, ZERO } from '../../kit/decimal.ts';
import { type Fields, readFields } from '../../kit/fields.ts';
import {
  CREDIT_EXPIRIES,
  CREDIT_RHYTHMS,
  type CreditsDefinition,
  type RolloverDefinition,
} from './definition.ts';

const FIELDS = [
  'code',
  'asset',
  'amount',
  'perSeat',
  'every',
  'expires',
  'expiresAfterDays',
  'rollover',
  'refill',
  'priority',
  'scope',
];
const ROLLOVER_FIELDS = ['percent', 'minimum', 'maximum', 'periods'];
const MAX_DAYS = 3_650;
const MAX_PERIODS = 120;
const MAX_METRICS = 100;
const DEFAULT_PRIORITY = 50;

export function readCredits(check: Checker, path: string, raw: unknown): CreditsDefinition {
  const fields = readFields(check, path, raw, FIELDS);
  const credits: CreditsDefinition = {
    code: fields.code('code'),
    asset: fields.code('asset'),
    amount: fields.positive('amount'),
    perSeat: fields.flag('perSeat', false),
    every: fields.choice('every', CREDIT_RHYTHMS, 'PERIOD'),
    expires: fields.choice('expires', CREDIT_EXPIRIES, 'END_OF_PERIOD'),
    expiresAfterDays: fields.optionalInteger('expiresAfterDays', 1, MAX_DAYS),
    rollover: fields.optional('rollover', (at, part) => readRollover(check, at, part)),
    refill: fields.flag('refill', false),
    priority: fields.integer('priority', 0, 100, DEFAULT_PRIORITY),
    scope: fields.codes('scope', MAX_METRICS),
  };
  checkExpiry(check, fields, credits);
  checkRefill(check, fields, credits);
  return credits;
}

function readRollover(check: Checker, path: string, raw: unknown): RolloverDefinition {
  const fields = readFields(check, path, raw, ROLLOVER_FIELDS);
  const rollover = {
    percent: fields.positive('percent', '100'),
    minimum: fields.nonNegative('minimum', '0'),
    maximum: fields.optionalPositive('maximum'),
    periods: fields.optionalInteger('periods', 1, MAX_PERIODS),
  };
  if (rollover.percent > exact(100)) {
    check.note(fields.at('percent'), 'OUT_OF_RANGE', 'At most 100.');
  }
  if (rollover.maximum !== null && rollover.maximum < (rollover.minimum ?? ZERO)) {
    check.note(fields.at('maximum'), 'OUT_OF_RANGE', 'Not below the minimum.');
  }
  return rollover;
}

function checkExpiry(check: Checker, fields: Fields, credits: CreditsDefinition): void {
  const { expires, expiresAfterDays, rollover } = credits;
  if (expires === 'AFTER_DAYS' && !fields.has('expiresAfterDays')) {
    check.note(fields.at('expiresAfterDays'), 'REQUIRED', 'AFTER_DAYS needs a number of days.');
  }
  if (expires !== 'AFTER_DAYS' && expiresAfterDays !== null) {
    check.note(fields.at('expiresAfterDays'), 'NOT_ALLOWED', 'Only with "expires: AFTER_DAYS".');
  }
  if (rollover && expires !== 'END_OF_PERIOD') {
    const message = 'Only what expires with its period, END_OF_PERIOD, can go on to the next.';
    check.note(fields.at('rollover'), 'NOT_ALLOWED', message);
  }
}

/** What is topped up again has no rest that could go on, and what comes once is not topped up. */
function checkRefill(check: Checker, fields: Fields, credits: CreditsDefinition): void {
  if (!credits.refill) return;
  if (credits.every === 'ONCE') {
    check.note(fields.at('refill'), 'NOT_ALLOWED', 'What is granted once is never topped up.');
  }
  if (credits.rollover) {
    check.note(fields.at('refill'), 'NOT_ALLOWED', 'Either a refill or a rollover, not both.');
  }
}
