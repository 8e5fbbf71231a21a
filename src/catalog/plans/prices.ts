import type { Checker } from '../../kit/check.ts';
import { readFields } from '../../kit/fields.ts';
import { readDimensions } from '../dimensions.ts';
import type { PriceDefinition } from './definition.ts';

export const PRICE_FIELDS = ['metric', 'asset', 'dimensions', 'unitAmount', 'packageSize'];

export function readPrice(check: Checker, path: string, raw: unknown): PriceDefinition {
  const fields = readFields(check, path, raw, PRICE_FIELDS);
  return {
    metric: fields.code('metric'),
    asset: fields.code('asset'),
    dimensions: readDimensions(check, fields.at('dimensions'), fields.raw('dimensions')),
    unitAmount: fields.nonNegative('unitAmount'),
    packageSize: fields.positive('packageSize', '1'),
  };
}
