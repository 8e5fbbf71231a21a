import { type Exact, exact, min, plain, ZERO } from '../kit/decimal.ts';
import { type Id, newId } from '../kit/ids.ts';
import { bookGrant, DEFAULT_PRIORITY, type GrantDraft } from '../ledger/grant.ts';
import type { Pocket } from '../ledger/purse.ts';
import {
  type Drawn,
  openDrawnGrants,
  returnDraws,
  scheduleReturned,
} from '../ledger/return-draws.ts';
import { insertGrant } from '../ledger/store.ts';
import {
  ADD_RETURNED,
  READ_RETURNABLE,
  READ_RUNS,
  type ReturnableRow,
  type RunEntryRow,
} from './sql/read-fee-draws.ts';
import { pocketOf, type Work } from './work.ts';

/** A charge, or what is left of it, that something of goes back. */
interface Source {
  readonly charge: ReturnableRow;
  readonly part: Exact;
}

/** Charges that are looked at for where an amount came from. */
const MOST_CHARGES = 1_000;

/**
 * Gives back what was paid for and is not had: to the grants that the fees drew, the last first, so that it ends when
 * what was paid with would have. What finds no place there, for it had made a debt that is repaid, becomes a grant.
 */
export async function giveBack(
  work: Work,
  assetCode: string | null,
  amount: Exact,
  description: string,
): Promise<void> {
  if (amount === ZERO) return;
  if (assetCode === null) throw new Error('A plan without an asset cannot have cost anything.');
  const { tx, now, state, lines, given } = work;
  const pocket = pocketOf(work, assetCode);
  const { wallet } = pocket;
  const sources = await sourcesOf(work, pocket, amount);
  const draws = await drawsOf(work, pocket, sources);
  const grants = await openDrawnGrants(tx, wallet, draws);
  const drawn = sources.reduce((sum, { part }) => sum + part, ZERO);
  const id = newId('adjustment');
  const cause = { kind: 'ADJUSTMENT' as const, id, chargeOrdinal: null };
  const unplaced = returnDraws(wallet, drawn, draws, grants, cause, now);
  // What goes on at its end is looked after by the subscription.
  const rolling = new Set(given.filter((each) => each.rollsOver).map(({ grantId }) => grantId));
  const scheduled = new Map([...grants].filter(([grantId]) => !rolling.has(grantId)));
  await scheduleReturned(tx, wallet, scheduled, now);
  const rest = amount - drawn + unplaced;
  const grantId = rest > ZERO ? await grantRest(work, pocket, rest, { id, description }) : null;
  await tx.prisma.adjustment.create({
    data: {
      id,
      organizationId: state.organizationId,
      customerId: state.customerId,
      walletId: wallet.id,
      amount: plain(amount),
      reason: 'CORRECTION',
      description,
      grantId: rest === amount ? grantId : null,
      createdAt: now,
    },
  });
  const ids = sources.map(({ charge }) => charge.id);
  const parts = sources.map(({ part }) => plain(part));
  await tx.query(ADD_RETURNED, [ids, parts, state.customerId]);
  lines.push({ kind: 'GRANTED', amount, assetId: pocket.asset.id });
}

/** The last charges that come to the amount, or as many as there are. */
async function sourcesOf(
  { tx, state }: Work,
  { wallet }: Pocket,
  amount: Exact,
): Promise<Source[]> {
  const of = [state.id, state.customerId, wallet.id, MOST_CHARGES];
  const sources: Source[] = [];
  let rest = amount;
  for (const charge of await tx.query<ReturnableRow>(READ_RETURNABLE, of)) {
    if (rest === ZERO) break;
    const part = min(rest, exact(charge.amount) - exact(charge.returned));
    sources.push({ charge, part });
    rest -= part;
  }
  return sources;
}

/** What these charges drew, the last first, without what went back of them before. */
async function drawsOf(
  { tx }: Work,
  { wallet }: Pocket,
  sources: readonly Source[],
): Promise<Drawn[]> {
  const charges = sources.map(({ charge }) => charge);
  const rows = await tx.query<RunEntryRow>(READ_RUNS, [
    wallet.id,
    charges.map((charge) => charge.first_sequence),
    charges.map((charge) => charge.entry_count),
  ]);
  // Also those of this transaction, which are not written yet.
  const unwritten = wallet.postings.map(({ sequence, grant, amount }) => ({
    sequence,
    grantId: grant?.id ?? null,
    amount,
  }));
  const entries = rows.map(({ sequence, grant_id: grantId, amount }) => ({
    sequence,
    grantId,
    amount: exact(amount),
  }));
  const all = [...entries, ...unwritten].sort((a, b) => b.sequence - a.sequence);
  return sources.flatMap(({ charge, part }) => {
    const first = charge.first_sequence;
    const own = all.filter(
      ({ sequence }) => sequence >= first && sequence < first + charge.entry_count,
    );
    return between(own, exact(charge.returned), part);
  });
}

/** So much of draws, after so much of them. */
function between(draws: readonly Drawn[], before: Exact, amount: Exact): Drawn[] {
  const parts: Drawn[] = [];
  let [passed, rest] = [before, amount];
  for (const { grantId, amount: drawn } of draws) {
    const skipped = min(passed, drawn);
    const part = min(drawn - skipped, rest);
    passed -= skipped;
    rest -= part;
    if (part > ZERO) parts.push({ grantId, amount: part });
  }
  return parts;
}

async function grantRest(
  { tx, now, state }: Work,
  { wallet, asset }: Pocket,
  amount: Exact,
  { id, description }: { readonly id: Id<'adjustment'>; readonly description: string },
): Promise<Id<'grant'>> {
  const grant: GrantDraft = {
    id: newId('grant'),
    organizationId: state.organizationId,
    customerId: state.customerId,
    walletId: wallet.id,
    testClockId: wallet.testClockId,
    amount,
    sourceAccount: 'REVENUE',
    purpose: 'PAID',
    priority: DEFAULT_PRIORITY,
    costBasis: null,
    effectiveAt: null,
    expiresAt: null,
    scopeMetrics: [],
    description,
    metadata: {},
    nextTransitionAt: null,
    createdAt: now,
  };
  await insertGrant(tx, grant);
  bookGrant(wallet, grant, asset.burnOrder, { kind: 'ADJUSTMENT', id });
  return grant.id;
}
