import type { Queryable } from '../infra/db.ts';
import { DAY_MS, fromEpochMs } from '../kit/clock.ts';
import { plain, ZERO } from '../kit/decimal.ts';
import { newId } from '../kit/ids.ts';
import type { GrantState, WalletState } from '../ledger/wallet-state.ts';
import type { Watched } from '../ledger/watch.ts';
import type { Rule } from './rule.ts';
import { READ_TOLD_GRANTS, type ToldGrantRow } from './sql/expiring-grants.ts';
import { type AlertDraft, insertAlerts, raisedFact } from './write-verdicts.ts';

/** A grant with something left, and with an end to come. */
type EndingGrant = GrantState & { readonly expiresAt: Date };

/** A grant that ends within the days of a rule. */
interface Expiring {
  readonly wallet: WalletState;
  readonly grant: EndingGrant;
  readonly ruleId: string;
}

/** What one transaction tells, which is read in one piece: the rest is found by `watchGrants`. */
const MOST = 500;

/**
 * Tells of grants that end within the days of a rule at once: when they are made, or when the rule is, the
 * soonest ends first. Two round trips; none where there is no such grant, which is all charges.
 */
export async function tellExpiring(
  tx: Queryable,
  watched: readonly Watched[],
  rulesOf: ReadonlyMap<string, readonly Rule[]>,
  now: Date,
): Promise<void> {
  const expiring = watched
    .flatMap((each) => expiringOf(each, rulesOf.get(each.wallet.id), now))
    .sort((a, b) => a.grant.expiresAt.getTime() - b.grant.expiresAt.getTime());
  if (expiring.length === 0) return;
  const grants = [...new Set(expiring.map(({ grant }) => grant))];
  const rows = await tx.query<ToldGrantRow>(READ_TOLD_GRANTS, [
    grants.map(({ id }) => id),
    grants.map(({ expiresAt }) => expiresAt),
  ]);
  const told = new Set(rows.map((row) => `${row.rule_id}/${row.grant_id}`));
  const raised = expiring
    .filter(({ ruleId, grant }) => !told.has(`${ruleId}/${grant.id}`))
    .slice(0, MOST)
    .map(({ wallet, grant, ruleId }) => raiseExpiring(wallet, grant, ruleId));
  await insertAlerts(tx, raised, now);
}

/** Those that `FIND_EXPIRING` would find, and those that were told already. */
function expiringOf(
  { wallet, grantsToJudge }: Watched,
  rules: readonly Rule[] = [],
  now: Date,
): Expiring[] {
  if (grantsToJudge.length === 0) return [];
  return rules.flatMap(({ id: ruleId, condition }) => {
    if (condition.kind !== 'GRANT_EXPIRING') return [];
    const until = fromEpochMs(now.getTime() + condition.days * DAY_MS);
    return grantsToJudge
      .filter((grant) => isEnding(grant, now))
      .filter(({ expiresAt }) => expiresAt <= until)
      .map((grant) => ({ wallet, grant, ruleId }));
  });
}

/** False when it was spent or has ended. */
export function isEnding(grant: GrantState, now: Date): grant is EndingGrant {
  return grant.remaining !== ZERO && grant.expiresAt !== null && grant.expiresAt > now;
}

/** Puts what there is to tell to the facts of the wallet; returns what has to be stored. */
export function raiseExpiring(
  { id: walletId, organizationId, customerId, facts }: WalletState,
  { id: grantId, expiresAt, remaining }: EndingGrant,
  ruleId: string,
): AlertDraft {
  const alert: AlertDraft = {
    id: newId('alert'),
    organizationId,
    customerId,
    walletId,
    ruleId,
    grantId,
    grantEndsAt: expiresAt,
    kind: 'GRANT_EXPIRING',
    told: true,
    threshold: null,
    observed: remaining,
    isMomentary: false,
  };
  const [amount, until] = [plain(remaining), expiresAt.toISOString()];
  facts.push(raisedFact(alert));
  facts.push({ type: 'grant.expiring', grantId, walletId, ruleId, amount, expiresAt: until });
  return alert;
}
