import type { Viewer } from '../../access/viewer.ts';
import type { Queryable } from '../../infra/db.ts';
import { exact, plain } from '../../kit/decimal.ts';
import { below } from '../../kit/fields.ts';
import { type CommonRefusal, type Issue, invalid, isRefusal } from '../../kit/refusal.ts';
import { createExchangeRate, type ExchangeRateCreated } from '../exchange/create.ts';
import type { CreateExchangeRateInput } from '../exchange/definition.ts';
import { type DatedPair, findPairsOf, findStanding } from '../exchange/store.ts';
import type { Whereabouts } from './apply-items.ts';
import type { CatalogChange, CatalogName } from './change.ts';
import { movePaths } from './move-paths.ts';

type Listed = readonly CreateExchangeRateInput[] | null | undefined;

export interface ExchangeRatesApplied {
  readonly changes: readonly CatalogChange[];
  /** In force or yet to begin, but not named. */
  readonly missing: readonly CatalogName[];
}

/** Creates the rates that are not there. Each has a date, so that applying them again changes nothing. */
export async function applyExchangeRates(
  where: Whereabouts,
  rates: Listed,
  now: Date,
): Promise<ExchangeRatesApplied | CommonRefusal> {
  if (!rates) return { changes: [], missing: [] };
  const outcomes: ExchangeRateCreated[] = [];
  const issues: Issue[] = [];
  for (const [index, rate] of rates.entries()) {
    const outcome = await createExchangeRate(where.room, where.viewer, rate);
    if (!isRefusal(outcome)) {
      outcomes.push(outcome);
      continue;
    }
    const moved = movePaths(outcome, (path) => below(`exchangeRates.${index}`, path));
    if (moved.refusal !== 'Invalid') return issues.length > 0 ? invalid(...issues) : moved;
    issues.push(...moved.issues);
  }
  if (issues.length > 0) return invalid(...issues);
  return tellOf(where, outcomes, now);
}

async function tellOf(
  { tx, viewer }: Whereabouts,
  outcomes: readonly ExchangeRateCreated[],
  now: Date,
): Promise<ExchangeRatesApplied> {
  const created = outcomes.filter((outcome) => outcome.created);
  const named = new Set(outcomes.map(({ exchangeRateId }) => exchangeRateId));
  const standing = await findStanding(tx, viewer, now);
  const rows = await findPairsOf(
    tx,
    viewer,
    created.map(({ exchangeRateId }) => exchangeRateId),
  );
  return {
    changes: rows.map((row) => ({ ...nameOf(row), action: 'CREATE', differences: [] })),
    missing: standing.filter(({ id }) => !named.has(id)).map(nameOf),
  };
}

function nameOf({ from, to, effectiveAt }: DatedPair): CatalogName {
  return { noun: 'EXCHANGE_RATE', name: `${from} ${to} ${effectiveAt.toISOString()}` };
}

/** As a file writes those that are in force or yet to begin: with the dates that make them what they are. */
export async function exchangeRateDocuments(db: Queryable, viewer: Viewer, now: Date) {
  const standing = await findStanding(db, viewer, now);
  return standing.map(({ from, to, spendRate, topUpRate, effectiveAt }) => ({
    from,
    to,
    spendRate: spendRate && plain(exact(spendRate)),
    topUpRate: topUpRate && plain(exact(topUpRate)),
    effectiveAt: effectiveAt.toISOString(),
  }));
}
