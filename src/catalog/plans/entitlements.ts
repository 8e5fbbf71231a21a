import type { Checker } from '../../kit/check.ts';
import { readFields } from '../../kit/fields.ts';
import {
  type EntitlementDefinition,
  EXCEEDED,
  RESETS,
  RHYTHMS,
  type SpendCapDefinition,
  WINDOWS,
  type WindowDefinition,
} from './definition.ts';
import { checkUnique } from './unique.ts';

const FIELDS = [
  'feature',
  'enabled',
  'limit',
  'perSeat',
  'reset',
  'whenExceeded',
  'windows',
  'perSubject',
  'spendCap',
];

export function readEntitlement(check: Checker, path: string, raw: unknown): EntitlementDefinition {
  const fields = readFields(check, path, raw, FIELDS);
  const windows = fields.list('windows', WINDOWS.length, (at, item) => readWindow(check, at, item));
  checkUnique(check, fields.at('windows'), windows, (window) => window.per);
  return {
    feature: fields.code('feature'),
    enabled: fields.flag('enabled', true),
    limit: fields.optionalNonNegative('limit'),
    perSeat: fields.flag('perSeat', false),
    reset: fields.choice('reset', RESETS, 'PERIOD'),
    whenExceeded: fields.choice('whenExceeded', EXCEEDED, 'DENY'),
    windows,
    perSubject: fields.optionalNonNegative('perSubject'),
    spendCap: fields.optional('spendCap', (at, part) => readSpendCap(check, at, part)),
  };
}

function readWindow(check: Checker, path: string, raw: unknown): WindowDefinition {
  const fields = readFields(check, path, raw, ['per', 'limit']);
  return { per: fields.choice('per', WINDOWS), limit: fields.nonNegative('limit') };
}

function readSpendCap(check: Checker, path: string, raw: unknown): SpendCapDefinition {
  const fields = readFields(check, path, raw, ['asset', 'amount', 'per']);
  return {
    asset: fields.code('asset'),
    amount: fields.nonNegative('amount'),
    per: fields.choice('per', RHYTHMS, 'PERIOD'),
  };
}
