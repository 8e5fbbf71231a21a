import { inOrganization, type Viewer } from '../../access/viewer.ts';
import type { Queryable, Tx } from '../../infra/db.ts';
import { isStorable } from '../../kit/check.ts';
import { type Exact, exact, plain } from '../../kit/decimal.ts';
import { newId } from '../../kit/ids.ts';
import { type Models, named } from '../store.ts';
import type { ExchangeTerms } from './definition.ts';
import type { ExchangePurpose } from './quote.ts';
import { FIND_IN_FORCE, type InForceRow } from './sql/find-in-force.ts';
import { FIND_STANDING, type StandingRow } from './sql/find-standing.ts';

// Every query of exchange rates.

/** `query` is what the graph selected and which page of it; it never widens `where`. */
type Selection = object;

export interface ExchangeRateFilter {
  /** Codes or TypeIDs; one that names nothing matches no rate. */
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
}

/** What the graph reads of exchange rates. Lists begin with the one that begins last. */
export function createExchangeReads({ prisma }: Models) {
  return {
    readExchangeRate: (viewer: Viewer, id: string, query: Selection = {}) =>
      prisma.exchangeRate.findFirst({ ...query, where: { ...inOrganization(viewer), id } }),
    async listExchangeRates(viewer: Viewer, filter: ExchangeRateFilter, query: Selection = {}) {
      const where = rateFilter(viewer, filter);
      if (!where) return [];
      return prisma.exchangeRate.findMany({
        orderBy: [{ effectiveAt: 'desc' }, { id: 'desc' }],
        ...query,
        where,
      });
    },
    async countExchangeRates(viewer: Viewer, filter: ExchangeRateFilter) {
      const where = rateFilter(viewer, filter);
      return where ? prisma.exchangeRate.count({ where }) : 0;
    },
  };
}

/** Null when no text in the database can match. */
function rateFilter(viewer: Viewer, { from, to }: ExchangeRateFilter) {
  if (!isStorable(from ?? '') || !isStorable(to ?? '')) return null;
  return {
    ...inOrganization(viewer),
    ...(from == null ? {} : { from: named('asset', viewer, from) }),
    ...(to == null ? {} : { to: named('asset', viewer, to) }),
  };
}

/** One direction between two assets, by their stored ids. */
export interface ExchangePair {
  readonly fromAssetId: string;
  readonly toAssetId: string;
}

export interface ExchangeMoment extends ExchangePair {
  readonly purpose: ExchangePurpose;
  readonly at: Date;
}

export interface ExchangeInForce {
  readonly id: string;
  /** What 1 is worth for the purpose. */
  readonly rate: Exact;
  readonly effectiveAt: Date;
  /** When the next one for the purpose that is known begins; null when none is. */
  readonly validUntil: Date | null;
}

/** The rates in force, in the order of the moments that were asked for; null where there is none. */
export async function findInForce(
  db: Queryable,
  viewer: Viewer,
  moments: readonly ExchangeMoment[],
): Promise<(ExchangeInForce | null)[]> {
  const rows = await db.query<InForceRow>(FIND_IN_FORCE, [
    viewer.organizationId,
    moments.map(({ fromAssetId }) => fromAssetId),
    moments.map(({ toAssetId }) => toAssetId),
    moments.map(({ purpose }) => purpose),
    moments.map(({ at }) => at.toISOString()),
  ]);
  const byPlace = new Map(rows.map(({ n, rate, ...row }) => [n, { ...row, rate: exact(rate) }]));
  return moments.map((_, index) => byPlace.get(index + 1) ?? null);
}

/** The rate of a pair that begins exactly then. */
export async function findBeginning(
  { prisma }: Models,
  viewer: Viewer,
  pair: ExchangePair,
  effectiveAt: Date,
): Promise<(ExchangeTerms & { readonly id: string }) | null> {
  const where = { ...inOrganization(viewer), ...pair, effectiveAt };
  const row = await prisma.exchangeRate.findFirst({ where });
  return row && { id: row.id, ...termsOf(row) };
}

export interface TermsColumns {
  readonly spendRate: { toFixed(): string } | null;
  readonly topUpRate: { toFixed(): string } | null;
}

export function termsOf({ spendRate, topUpRate }: TermsColumns): ExchangeTerms {
  return {
    spendRate: spendRate && exact(spendRate),
    topUpRate: topUpRate && exact(topUpRate),
  };
}

/** How people tell one rate from the others: by the codes of its assets and when it begins. */
export interface DatedPair {
  readonly from: string;
  readonly to: string;
  readonly effectiveAt: Date;
}

/** In the order of creation. */
export async function findPairsOf(
  { prisma }: Models,
  viewer: Viewer,
  ids: readonly string[],
): Promise<DatedPair[]> {
  const code = { select: { code: true } };
  const rows = await prisma.exchangeRate.findMany({
    where: { ...inOrganization(viewer), id: { in: [...ids] } },
    select: { from: code, to: code, effectiveAt: true },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ from, to, effectiveAt }) => ({ from: from.code, to: to.code, effectiveAt }));
}

/** Those in force at an instant for either purpose, and those that begin later, in the order of their instants. */
export function findStanding(db: Queryable, viewer: Viewer, at: Date): Promise<StandingRow[]> {
  return db.query<StandingRow>(FIND_STANDING, [viewer.organizationId, at.toISOString()]);
}

export interface ExchangeRateRow extends ExchangePair, ExchangeTerms {
  readonly effectiveAt: Date;
}

/** Answers the id. */
export async function insertExchangeRate(
  { prisma }: Tx,
  viewer: Viewer,
  { spendRate, topUpRate, ...row }: ExchangeRateRow,
  createdAt: Date,
): Promise<string> {
  const id = newId('exchangeRate');
  const rates = {
    spendRate: spendRate === null ? null : plain(spendRate),
    topUpRate: topUpRate === null ? null : plain(topUpRate),
  };
  const data = { id, ...inOrganization(viewer), ...row, ...rates, createdAt };
  await prisma.exchangeRate.create({ data });
  return id;
}
