import { type Checker, createChecker } from '../../kit/check.ts';
import { readFields } from '../../kit/fields.ts';
import { checkWhole } from './check-whole.ts';
import { readCredits } from './credits.ts';
import {
  type AddOnDefinition,
  INTERVALS,
  type Interval,
  type PlanDefinition,
  type TrialDefinition,
} from './definition.ts';
import { readEntitlement } from './entitlements.ts';
import { readFee, readSeats } from './fees.ts';
import { readPrice } from './prices.ts';

const FIELDS = [
  'interval',
  'intervalCount',
  'asset',
  'fees',
  'minimum',
  'prices',
  'credits',
  'entitlements',
  'seats',
  'trial',
  'addOns',
];
const ADD_ON_FIELDS = ['code', 'name', 'fees', 'credits', 'entitlements'];

/** A period is three years at the most. */
const MAX_COUNT: Readonly<Record<Interval, number>> = { DAY: 1_096, WEEK: 156, MONTH: 36, YEAR: 3 };

const MAX_PRICES = 1_000;
const MAX_FEES = 50;
const MAX_CREDITS = 50;
const MAX_ENTITLEMENTS = 200;
const MAX_ADD_ONS = 50;
const MAX_TRIAL_DAYS = 366;

/** Reads what a plan says, wherever it comes from. What it names is looked up by `resolve-names.ts`. */
export function readDefinition(check: Checker, path: string, raw: unknown): PlanDefinition {
  const fields = readFields(check, path, raw, FIELDS);
  const interval = fields.choice('interval', INTERVALS, 'MONTH');
  const definition: PlanDefinition = {
    interval,
    intervalCount: fields.integer('intervalCount', 1, MAX_COUNT[interval], 1),
    asset: fields.optionalCode('asset'),
    fees: fields.list('fees', MAX_FEES, (at, item) => readFee(check, at, item)),
    minimum: fields.optionalPositive('minimum'),
    prices: fields.list('prices', MAX_PRICES, (at, item) => readPrice(check, at, item)),
    credits: fields.list('credits', MAX_CREDITS, (at, item) => readCredits(check, at, item)),
    entitlements: fields.list('entitlements', MAX_ENTITLEMENTS, (at, item) =>
      readEntitlement(check, at, item),
    ),
    seats: fields.optional('seats', (at, part) => readSeats(check, at, part)),
    trial: fields.optional('trial', (at, part) => readTrial(check, at, part)),
    addOns: fields.list('addOns', MAX_ADD_ONS, (at, item) => readAddOn(check, at, item)),
  };
  checkWhole(check, path, definition);
  return definition;
}

/** What is stored was read before it was stored, so that a fault in it is one of ours. */
export function storedDefinition(document: unknown): PlanDefinition {
  const check = createChecker();
  const definition = readDefinition(check, '', document);
  const fault = check.fault();
  if (fault) throw new Error(`A stored plan cannot be read: ${JSON.stringify(fault.issues)}`);
  return definition;
}

function readTrial(check: Checker, path: string, raw: unknown): TrialDefinition {
  const fields = readFields(check, path, raw, ['days', 'credits']);
  return {
    days: fields.integer('days', 1, MAX_TRIAL_DAYS),
    credits: fields.list('credits', MAX_CREDITS, (at, item) => readCredits(check, at, item)),
  };
}

function readAddOn(check: Checker, path: string, raw: unknown): AddOnDefinition {
  const fields = readFields(check, path, raw, ADD_ON_FIELDS);
  const code = fields.code('code');
  const addOn = {
    code,
    name: fields.optionalText('name', 255) ?? code,
    fees: fields.list('fees', MAX_FEES, (at, item) => readFee(check, at, item)),
    credits: fields.list('credits', MAX_CREDITS, (at, item) => readCredits(check, at, item)),
    entitlements: fields.list('entitlements', MAX_ENTITLEMENTS, (at, item) =>
      readEntitlement(check, at, item),
    ),
  };
  if (addOn.fees.length + addOn.credits.length + addOn.entitlements.length === 0) {
    check.note(path, 'TOO_FEW', 'Give it a fee, credits or an entitlement.');
  }
  return addOn;
}
