import { type Checker, createChecker } from '../../kit/check.ts';
import { type Exact, exact, LIMIT, plain } from '../../kit/decimal.ts';
import { type Fields, readFields } from '../../kit/fields.ts';

/** Credits that are sold at once, by the piece. Assets are named by code. */
export interface PackDefinition {
  /** What is bought, and how much of it one pack has. */
  readonly asset: string;
  readonly amount: Exact;
  /** What it is paid in, and what one pack costs. */
  readonly priceAsset: string;
  readonly price: Exact;
  /** The most that is sold at once. */
  readonly maxQuantity: number;
  /** Ascending; the last one that the quantity reaches takes its percent off all of it. */
  readonly discounts: readonly PackStep[];
  /** Ascending; the last one that the quantity reaches adds its percent of credits to all of it. */
  readonly bonuses: readonly PackStep[];
  /** So many days after they were bought; null is never. */
  readonly expiresAfterDays: number | null;
}

export interface PackStep {
  /** From so many packs on. */
  readonly quantity: number;
  readonly percent: Exact;
}

const PACK_FIELDS = [
  'asset',
  'amount',
  'priceAsset',
  'price',
  'maxQuantity',
  'discounts',
  'bonuses',
  'expiresAfterDays',
];
const MAX_QUANTITY = 10_000;
const DEFAULT_MAX_QUANTITY = 100;
const MAX_STEPS = 20;
const MAX_DAYS = 3_650;
const MAX_BONUS = 1_000;
/** A hundredth of it must be exact. */
const PERCENT_SCALE = 10;

export function readPack(check: Checker, path: string, raw: unknown): PackDefinition {
  const fields = readFields(check, path, raw, PACK_FIELDS);
  const maxQuantity = fields.integer('maxQuantity', 1, MAX_QUANTITY, DEFAULT_MAX_QUANTITY);
  const pack = {
    asset: fields.code('asset'),
    amount: fields.positive('amount'),
    priceAsset: fields.code('priceAsset'),
    price: fields.positive('price'),
    maxQuantity,
    // What takes all of the price is a gift, which is granted and not sold.
    discounts: readSteps(check, fields, 'discounts', { maxQuantity, below: exact(100) }),
    bonuses: readSteps(check, fields, 'bonuses', { maxQuantity, below: exact(MAX_BONUS + 1) }),
    expiresAfterDays: fields.optionalInteger('expiresAfterDays', 1, MAX_DAYS),
  };
  checkSize(check, fields, pack);
  return pack;
}

/** What is stored was read before it was stored, so that a fault in it is one of ours. */
export function storedPack(document: unknown): PackDefinition {
  const check = createChecker();
  const pack = readPack(check, '', document);
  const fault = check.fault();
  if (fault) throw new Error(`A stored pack cannot be read: ${JSON.stringify(fault.issues)}`);
  return pack;
}

export type PackDocument = ReturnType<typeof packDocument>;

/** A pack as a column or a file keeps it: amounts as text. */
export function packDocument(pack: PackDefinition) {
  const steps = (given: readonly PackStep[]) =>
    given.map(({ quantity, percent }) => ({ quantity, percent: plain(percent) }));
  return {
    ...pack,
    amount: plain(pack.amount),
    price: plain(pack.price),
    discounts: steps(pack.discounts),
    bonuses: steps(pack.bonuses),
  };
}

interface Bounds {
  readonly maxQuantity: number;
  readonly below: Exact;
}

function readSteps(
  check: Checker,
  fields: Fields,
  name: 'discounts' | 'bonuses',
  bounds: Bounds,
): readonly PackStep[] {
  const steps = fields.list(name, MAX_STEPS, (at, raw) => readStep(check, at, raw, bounds));
  for (const [index, { quantity }] of steps.entries()) {
    if (index === 0 || quantity > (steps[index - 1]?.quantity ?? 0)) continue;
    const message = 'Steps ascend: more packs than in the one before.';
    check.note(`${fields.at(name)}.${index}.quantity`, 'OUT_OF_RANGE', message);
  }
  return steps;
}

function readStep(check: Checker, path: string, raw: unknown, bounds: Bounds): PackStep {
  const fields = readFields(check, path, raw, ['quantity', 'percent']);
  const step = {
    quantity: fields.integer('quantity', 1, bounds.maxQuantity),
    percent: check.positive(fields.at('percent'), fields.raw('percent'), PERCENT_SCALE),
  };
  if (step.percent >= bounds.below) {
    check.note(fields.at('percent'), 'OUT_OF_RANGE', `Below ${plain(bounds.below)}.`);
  }
  return step;
}

/** The most that can be bought at once must be a number that can be kept. */
function checkSize(check: Checker, fields: Fields, pack: PackDefinition): void {
  const most = BigInt(Math.max(Number(pack.maxQuantity) || 1, 1)) * BigInt(MAX_BONUS / 100 + 1);
  for (const name of ['amount', 'price'] as const) {
    if (pack[name] * most < LIMIT) continue;
    check.note(fields.at(name), 'OUT_OF_RANGE', 'Too much for `maxQuantity` of them.');
  }
}
