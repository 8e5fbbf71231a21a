import { arrayLiteral } from '../infra/array-literal.ts';
import { columns } from '../infra/columns.ts';
import type { Queryable } from '../infra/db.ts';
import { fromEpochMs } from '../kit/clock.ts';
import { exact, MAX_AMOUNT, min, stored, ZERO } from '../kit/decimal.ts';
import { groupBy } from '../kit/group-by.ts';
import { timeOf } from '../ledger/wallet-time.ts';
import type { Watched } from '../ledger/watch.ts';
import { judge, type Standing, type Verdict } from './judge.ts';
import { conditionOf, isAboutSpend, type Rule } from './rule.ts';
import { bucketStart, HORIZON_MS, type Spend } from './spend.ts';
import { READ_STANDING, type StandingRow } from './sql/read-standing.ts';
import { ADD_SPEND, READ_SPEND, type SpendRow } from './sql/spend.ts';
import { awaitRules } from './store.ts';
import { tellExpiring } from './tell-expiring.ts';
import { type Judged, writeVerdicts } from './write-verdicts.ts';

/**
 * Evaluates the rules of wallets that the transaction holds: raises what was crossed, ends what has
 * recovered, and leaves in each wallet what the next charge is compared with. One round trip to read and one
 * to write; one more where spend is measured, two where a grant is told to end soon, and one where a wallet is
 * opened. `now` is the server's; wallets of customers with a test clock are evaluated apart, by its time.
 */
export async function evaluate(
  tx: Queryable,
  watched: readonly Watched[],
  now: Date,
): Promise<void> {
  if (watched.length === 0) return;
  await awaitRulesFor(tx, watched);
  const byTime = groupBy(watched, ({ wallet }) => timeOf(wallet, now).getTime());
  for (const [atMs, together] of byTime) await evaluateAt(tx, together, fromEpochMs(atMs));
}

async function evaluateAt(tx: Queryable, watched: readonly Watched[], now: Date): Promise<void> {
  const [rows] = await Promise.all([
    tx.query<StandingRow>(READ_STANDING, [
      columns.uuid(watched, ({ wallet }) => wallet.id),
      columns.uuid(watched, ({ wallet }) => wallet.customerId),
    ]),
    addSpend(tx, watched, now),
  ]);
  const rowOf = new Map(rows.map((row) => [row.wallet_id, row]));
  const rulesOf = new Map(rows.map((row) => [row.wallet_id, rulesIn(row)]));
  const spendOf = await readSpend(tx, rulesOf, now);
  const judged = watched.map((each): Judged => {
    const row = rowOf.get(each.wallet.id);
    if (!row) throw new Error(`A wallet that was written is gone: ${each.wallet.id}.`);
    const rules = rulesOf.get(row.wallet_id) ?? [];
    const spend = spendOf.get(row.wallet_id) ?? NOTHING_SPENT;
    const verdict = judge(standingOf(each, row, { rules, spend, now }));
    return { ...each, row, verdict, hasChanged: adopt(each, row, verdict) };
  });
  // What is raised about balances is told first: its facts are put before anything is awaited.
  await Promise.all([writeVerdicts(tx, judged, now), tellExpiring(tx, watched, rulesOf, now)]);
}

/**
 * A rule that is being made cannot see a wallet that this transaction opens, nor this one the rule. Once it is
 * open it is charged without a look at the rules, so there is no later for it.
 */
async function awaitRulesFor(tx: Queryable, watched: readonly Watched[]): Promise<void> {
  for (const { wallet } of watched.filter(({ isOpened }) => isOpened)) await awaitRules(tx, wallet);
}

const NOTHING_SPENT: Spend = { buckets: [], sinceMs: null };

function standingOf(
  { settled, isCredit }: Watched,
  row: StandingRow,
  known: Pick<Standing, 'rules' | 'spend' | 'now'>,
): Standing {
  return {
    ...known,
    settled,
    isCredit,
    active: (row.active ?? []).map(([id, ruleId, kind, told]) => ({ id, ruleId, kind, told })),
    base: row.base === null ? null : exact(row.base),
    wasDepleted: row.depleted,
  };
}

function rulesIn(row: StandingRow): Rule[] {
  return (row.rules ?? []).map(([id, kind, terms]) => ({
    id,
    condition: conditionOf(kind, terms),
  }));
}

/** Leaves the verdict in the wallet in memory; true when its row has to be written. */
function adopt({ wallet, isOpened }: Watched, row: StandingRow, verdict: Verdict): boolean {
  const alertVersion = isOpened ? 0 : row.alert_version;
  const hasChanged =
    wallet.alertBelow !== verdict.below ||
    wallet.tracksSpend !== verdict.tracksSpend ||
    wallet.alertVersion !== alertVersion ||
    row.depleted !== verdict.isDepleted ||
    (row.base === null ? null : exact(row.base)) !== verdict.base;
  wallet.alertBelow = verdict.below;
  wallet.tracksSpend = verdict.tracksSpend;
  wallet.alertVersion = alertVersion;
  return hasChanged;
}

/** What usage took in this transaction counts now, whenever it occurred. */
async function addSpend(tx: Queryable, watched: readonly Watched[], now: Date): Promise<void> {
  const spending = watched.flatMap(({ wallet }) => {
    const amount = wallet.tracksSpend ? spentIn(wallet) : ZERO;
    return amount === ZERO ? [] : { wallet, amount };
  });
  if (spending.length === 0) return;
  await tx.query(ADD_SPEND, [
    columns.uuid(spending, ({ wallet }) => wallet.organizationId),
    columns.uuid(spending, ({ wallet }) => wallet.customerId),
    columns.uuid(spending, ({ wallet }) => wallet.id),
    arrayLiteral(spending, ({ amount }) => stored(amount)),
    fromEpochMs(bucketStart(now.getTime())),
  ]);
}

function spentIn({ postings }: Watched['wallet']) {
  const spent = postings.reduce(
    (sum, { cause, amount }) => (cause.kind === 'USAGE' ? sum + amount : sum),
    ZERO,
  );
  return min(spent, MAX_AMOUNT);
}

/** The spend of those wallets that have a rule about it. */
async function readSpend(
  tx: Queryable,
  rulesOf: ReadonlyMap<string, readonly Rule[]>,
  now: Date,
): Promise<Map<string, Spend>> {
  const walletIds = [...rulesOf].filter(([, rules]) => rules.some(isAboutSpend)).map(([id]) => id);
  if (walletIds.length === 0) return new Map();
  const since = fromEpochMs(now.getTime() - HORIZON_MS);
  const rows = await tx.query<SpendRow>(READ_SPEND, [columns.uuid(walletIds, (id) => id), since]);
  return new Map(rows.map((row) => [row.wallet_id, spendIn(row)]));
}

function spendIn({ since_ms: sinceMs, buckets }: SpendRow): Spend {
  return {
    sinceMs,
    buckets: (buckets ?? []).map(([startMs, amount]) => ({ startMs, amount: exact(amount) })),
  };
}
