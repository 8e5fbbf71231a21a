import { nowOf } from '../clocks/now-of.ts';
import type { Db, Tx } from '../infra/db.ts';
import type { Clock } from '../kit/clock.ts';
import type { Exact } from '../kit/decimal.ts';
import type { LedgerAsset } from '../ledger/change-wallet.ts';
import { DEFAULT_WALLET } from '../ledger/lock.ts';
import { closePurse, openPurse, type Pocket, type Purse } from '../ledger/purse.ts';
import type { Watch } from '../ledger/watch.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import type { Fact } from '../live/event.ts';
import { writeOutbox } from '../live/outbox.ts';
import type { Announce, ChangedCustomer, PublishChanges } from '../live/publish.ts';
import { awaitedOf } from './awaited.ts';
import type { Fee } from './fees.ts';
import { type GivenGrant, readGiven } from './given-store.ts';
import { nextStep } from './next-step.ts';
import { assetCodesOf, assetNamed, type Offer, offerOf } from './offer.ts';
import { MOVE_TERMS } from './sql/lock-subscription.ts';
import { readAssets, readVersions, updateSubscription } from './store.ts';
import type { SubscriptionState } from './subscription.ts';
import type { UsageAhead } from './usage-read-ahead.ts';

export interface SubscriptionsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly announce: Announce;
  readonly publishChanges: PublishChanges;
  readonly watch: Watch;
}

/** What there is to tell of a subscription once it is committed. */
export interface Committed {
  readonly customer: ChangedCustomer;
  readonly updates: readonly BalanceUpdate[];
  /** Whether usage may be priced otherwise now, or there are other rights. */
  readonly hasNewTerms: boolean;
}

/** Tells what a subscription has moved, and that checks are to look at its customer anew when its terms are new. */
export function tellCommitted(
  { announce, publishChanges }: Pick<SubscriptionsDeps, 'announce' | 'publishChanges'>,
  { customer, updates, hasNewTerms }: Committed,
): void {
  announce(updates);
  if (hasNewTerms) publishChanges([customer]);
}

/** Something that was booked, for whoever asked what it would be. */
export type Line =
  | { readonly kind: 'CHARGED'; readonly fee: Fee; readonly assetId: string }
  | { readonly kind: 'GRANTED' | 'TAKEN_BACK'; readonly amount: Exact; readonly assetId: string };

/** Money is paid in whole minor units, also where its wallets keep more decimal places. */
export interface SoldAsset extends LedgerAsset {
  readonly kind: 'FIAT' | 'CUSTOM';
  readonly minorUnits: number;
}

/** A subscription in hand: its row and its customer's wallets are locked, and decisions change them. */
export interface Work {
  readonly tx: Tx;
  readonly now: Date;
  readonly state: SubscriptionState;
  /** Of each version that it has or is about to have. */
  readonly offers: ReadonlyMap<string, Offer>;
  readonly assets: readonly SoldAsset[];
  readonly purse: Purse;
  /** What terms were made of when it was taken in hand. */
  readonly termsBefore: string;
  /** Usage of the period that ends, as far as it was read before anything was locked. */
  readonly usageAhead: UsageAhead | null;
  /** What it has given that has something left. */
  given: GivenGrant[];
  readonly facts: Fact[];
  readonly lines: Line[];
}

/** When the next of what it has given ends of which something may go on; null when nothing does. */
export function nextEnd({ given }: Pick<Work, 'given'>): Date | null {
  return given
    .filter(({ rollsOver }) => rollsOver)
    .reduce<Date | null>((first, { endsAt }) => (first && first <= endsAt ? first : endsAt), null);
}

/** What it is on now. */
export function offerNow({ offers, state }: Work): Offer {
  return offerIn(offers, state.planVersionId);
}

export function offerIn(offers: Work['offers'], planVersionId: string): Offer {
  const offer = offers.get(planVersionId);
  if (!offer) throw new Error(`The version ${planVersionId} of a plan was not read.`);
  return offer;
}

/** Decimal places in which something is charged or given back in an asset. */
export function chargedScale({ assets }: Work, assetCode: string): number {
  return scaleCharged(assetNamed(assets, assetCode));
}

export function scaleCharged({ kind, minorUnits, scale }: SoldAsset): number {
  return kind === 'FIAT' ? minorUnits : scale;
}

/** The customer's wallet in an asset that its plan names. */
export function pocketOf({ purse, assets }: Work, assetCode: string): Pocket {
  const { id } = assetNamed(assets, assetCode);
  const pocket = purse.pockets.find(({ asset }) => asset.id === id);
  if (!pocket) throw new Error(`The wallet in ${assetCode} was not opened.`);
  return pocket;
}

export function tell(
  { state, facts }: Work,
  type: Extract<Fact['type'], `subscription.${string}`>,
): void {
  const { id: subscriptionId, status, planVersionId, periodStart, periodEnd } = state;
  facts.push({
    type,
    subscriptionId,
    planVersionId,
    status,
    periodStart: periodStart?.toISOString() ?? null,
    periodEnd: periodEnd?.toISOString() ?? null,
  });
}

/** Takes a subscription whose row is locked in hand, with the wallets that it and `others` may need. */
export async function openWork(
  tx: Tx,
  { clock }: Pick<SubscriptionsDeps, 'clock'>,
  state: SubscriptionState,
  others: readonly string[],
  usageAhead: UsageAhead | null = null,
): Promise<Work> {
  const { organizationId, customerId } = state;
  const ids = new Set([state.planVersionId, ...others]);
  if (state.scheduled) ids.add(state.scheduled.planVersionId);
  const offers = new Map(
    (await readVersions(tx, [...ids])).map((row) => [row.id, offerOf(row)] as const),
  );
  const assets = await readAssets(tx, organizationId, [...offers.values()].flatMap(assetCodesOf));
  const keys = { organizationId, customerId, walletName: DEFAULT_WALLET, assets };
  const purse = await openPurse(tx, keys, clock);
  // Behind the locks; also where there is no wallet to say it.
  const now = purse.pockets.length > 0 ? purse.now : await nowOf(tx, clock, state.testClockId);
  const given = await readGiven(tx, state);
  const termsBefore = termsOf(state);
  const read = { offers, assets, purse, given, usageAhead };
  return { tx, now, state, ...read, termsBefore, facts: [], lines: [] };
}

/** Writes what has become of it, with all that was booked. What was told is for after the commit. */
export async function closeWork(work: Work, watch: Watch): Promise<Committed> {
  const { tx, now, state, purse, facts } = work;
  const { organizationId, customerId } = state;
  const next = nextStep(state, offerNow(work).definition, nextEnd(work));
  const look = { ...awaitedOf(state, purse, now), nextTransitionAt: next?.at ?? null };
  await updateSubscription(tx, state, look, now);
  const closed = await closePurse(tx, purse, watch);
  const hasNewTerms = termsOf(state) !== work.termsBefore;
  if (hasNewTerms) await tx.query(MOVE_TERMS, [customerId]);
  const told = facts.map((fact) => ({ organizationId, customerId, fact }));
  await writeOutbox(tx, [...told, ...closed.told], purse.committedAt);
  return { customer: { organizationId, customerId }, updates: closed.updates, hasNewTerms };
}

/** What prices and rights are made of: with the same, nobody has to look again. */
function termsOf(state: SubscriptionState): string {
  const { status, planVersionId, seats, addOns, overrides, periodStart, periodEnd } = state;
  return JSON.stringify([status, planVersionId, seats, addOns, overrides, periodStart, periodEnd]);
}
