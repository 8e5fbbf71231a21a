import type { Viewer } from '../../access/viewer.ts';
import type { Tx } from '../../infra/db.ts';
import { createChecker } from '../../kit/check.ts';
import { below } from '../../kit/fields.ts';
import {
  type CommonRefusal,
  type Invalid,
  type Issue,
  invalid,
  isRefusal,
  type Refusal,
} from '../../kit/refusal.ts';
import type { CreateAssetInput } from '../asset.ts';
import { type CatalogRoom, changeCatalogue } from '../change.ts';
import type { CreateExchangeRateInput } from '../exchange/definition.ts';
import type { CreateFeatureInput } from '../feature.ts';
import type { CreateBillableMetricInput } from '../metric.ts';
import type { SaveCreditPackInput } from '../packs/save.ts';
import type { SavePlanDraftInput } from '../plans/save-draft.ts';
import { checkUnique } from '../plans/unique.ts';
import { MAX_IMPORTED_RATES } from '../rate-import.ts';
import {
  applyAsset,
  applyFeature,
  applyMetric,
  applyPack,
  applyPlan,
  type Whereabouts,
} from './apply-items.ts';
import { applyPrices, type CatalogPriceInput, type PricesApplied } from './apply-prices.ts';
import type { CatalogChange, CatalogName } from './change.ts';
import { applyExchangeRates } from './exchange-rates.ts';
import { findUnnamed } from './find-unnamed.ts';
import { movePaths } from './move-paths.ts';

type Listed<Item> = readonly Item[] | null | undefined;

export interface ApplyCatalogInput {
  readonly assets?: Listed<CreateAssetInput>;
  readonly exchangeRates?: Listed<CreateExchangeRateInput>;
  readonly metrics?: Listed<CreateBillableMetricInput>;
  readonly features?: Listed<CreateFeatureInput>;
  readonly prices?: Listed<CatalogPriceInput>;
  readonly packs?: Listed<SaveCreditPackInput>;
  readonly plans?: Listed<SavePlanDraftInput>;
  readonly publish?: boolean | null | undefined;
  readonly dryRun?: boolean | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface CatalogApplied {
  readonly changes: readonly CatalogChange[];
  /** What is there and was not named, of each kind that was. */
  readonly missing: readonly CatalogName[];
  /** False for a dry run, and when there was nothing to do. */
  readonly written: boolean;
}

/** What is taken at once, so that the transaction stays a short one. */
const MAX_ITEMS = {
  assets: 100,
  exchangeRates: 300,
  metrics: 300,
  features: 300,
  prices: MAX_IMPORTED_RATES,
  packs: 100,
  plans: 100,
};

/** A dry run does everything, and then what a refusal does: takes it all back. */
interface DryRun extends Refusal<'DryRun'> {
  readonly applied: CatalogApplied;
}

/** Makes a catalogue what a document says, in one transaction: all of it, or nothing. */
export async function applyCatalog(room: CatalogRoom, viewer: Viewer, input: ApplyCatalogInput) {
  const fault = checkForm(input);
  if (fault) return fault;
  const { dryRun, ...document } = input;
  // A dry run writes nothing, so there is nothing that an idempotency key could protect.
  const idempotencyKey = dryRun ? null : input.idempotencyKey;
  const call = { operation: 'applyCatalog', input: { ...document, idempotencyKey } };
  const outcome = await changeCatalogue(
    room,
    viewer,
    call,
    async (tx, now): Promise<CatalogApplied | CommonRefusal | DryRun> => {
      const applied = await apply(within(room, tx, viewer), document, now);
      if (isRefusal(applied)) return applied;
      return dryRun ? { refusal: 'DryRun', applied: { ...applied, written: false } } : applied;
    },
  );
  return 'applied' in outcome ? outcome.applied : outcome;
}

/** Verbs that are done inside of this transaction, and not in one of their own each. */
function within(room: CatalogRoom, tx: Tx, viewer: Viewer): Whereabouts {
  return { tx, viewer, room: { ...room, db: { ...room.db, transaction: (work) => work(tx) } } };
}

function checkForm(input: ApplyCatalogInput): Invalid | null {
  const check = createChecker();
  for (const [section, max] of Object.entries(MAX_ITEMS)) {
    const items = input[section as keyof typeof MAX_ITEMS] ?? [];
    if (items.length > max) check.note(section, 'TOO_MANY', `At most ${max} at once.`);
    // Rates are told apart where they are imported.
    const coded = items.flatMap((item) => ('code' in item ? [item] : []));
    checkUnique(check, section, coded, ({ code }) => code);
    for (const [index, item] of items.entries()) {
      if (!('idempotencyKey' in item) || item.idempotencyKey == null) continue;
      const message = 'One key is for the whole call.';
      check.note(`${section}.${index}.idempotencyKey`, 'NOT_ALLOWED', message);
    }
  }
  return check.fault();
}

type Step = () => Promise<Partial<PricesApplied> | CommonRefusal>;

/** In the order in which one thing may name another. */
function stepsOf(where: Whereabouts, input: ApplyCatalogInput, now: Date): Step[] {
  const { assets, exchangeRates, metrics, features, packs, plans, prices } = input;
  const each = <Item>(
    section: string,
    items: Listed<Item>,
    work: (where: Whereabouts, item: Item) => Promise<readonly CatalogChange[] | CommonRefusal>,
  ) =>
    (items ?? []).map(
      (item, index): Step =>
        async () => {
          const changes = await work(where, item);
          if (!isRefusal(changes)) return { changes };
          return movePaths(changes, (path) => below(`${section}.${index}`, path));
        },
    );
  return [
    ...each('assets', assets, applyAsset),
    () => applyExchangeRates(where, exchangeRates, now),
    ...each('metrics', metrics, applyMetric),
    ...each('features', features, applyFeature),
    () => applyPrices(where, prices ?? []),
    ...each('packs', packs, applyPack),
    ...each('plans', plans, (at, plan) => applyPlan(at, plan, input.publish ?? false)),
  ];
}

async function apply(
  where: Whereabouts,
  input: ApplyCatalogInput,
  now: Date,
): Promise<CatalogApplied | CommonRefusal> {
  const changes: CatalogChange[] = [];
  const missing: CatalogName[] = [];
  const issues: Issue[] = [];
  for (const step of stepsOf(where, input, now)) {
    const outcome = await step();
    if (!isRefusal(outcome)) {
      changes.push(...(outcome.changes ?? []));
      missing.push(...(outcome.missing ?? []));
    } else if (outcome.refusal === 'Invalid') {
      // What is wrong with one item is told together with what is wrong with the others.
      issues.push(...outcome.issues);
    } else {
      return issues.length > 0 ? invalid(...issues) : outcome;
    }
  }
  if (issues.length > 0) return invalid(...issues);
  missing.unshift(...(await findUnnamed(where.tx, where.viewer, input)));
  return { changes, missing, written: changes.length > 0 };
}
