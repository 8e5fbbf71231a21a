import type { Checker } from '../../kit/check.ts';
import { readFields } from '../../kit/fields.ts';
import { FEE_KINDS, type FeeDefinition, type SeatsDefinition } from './definition.ts';

const FEE_FIELDS = ['code', 'name', 'amount', 'kind', 'perSeat'];
const SEATS_FIELDS = ['included', 'minimum', 'maximum', 'amount'];
const MAX_SEATS = 1_000_000;

export function readFee(check: Checker, path: string, raw: unknown): FeeDefinition {
  const fields = readFields(check, path, raw, FEE_FIELDS);
  const code = fields.code('code');
  return {
    code,
    name: fields.optionalText('name', 255) ?? code,
    amount: fields.positive('amount'),
    kind: fields.choice('kind', FEE_KINDS, 'RECURRING'),
    perSeat: fields.flag('perSeat', false),
  };
}

export function readSeats(check: Checker, path: string, raw: unknown): SeatsDefinition {
  const fields = readFields(check, path, raw, SEATS_FIELDS);
  const minimum = fields.integer('minimum', 1, MAX_SEATS, 1);
  const maximum = fields.optionalInteger('maximum', minimum, MAX_SEATS);
  return {
    included: fields.integer('included', 0, maximum ?? MAX_SEATS, 0),
    minimum,
    maximum,
    amount: fields.nonNegative('amount', '0'),
  };
}
