import { arrayLiteral } from '../infra/array-literal.ts';
import { columns } from '../infra/columns.ts';
import type { Queryable } from '../infra/db.ts';
import { type Exact, plain, stored } from '../kit/decimal.ts';
import { type Id, newId } from '../kit/ids.ts';
import type { Watched } from '../ledger/watch.ts';
import type { AlertKind } from '../live/event.ts';
import type { ActiveAlert, Raising, Verdict } from './judge.ts';
import type { StandingRow } from './sql/read-standing.ts';
import { INSERT_ALERTS, RECOVER_ALERTS, STORE_THRESHOLDS } from './sql/write-alerts.ts';

/** A wallet and what was found about it. */
export interface Judged extends Watched {
  readonly row: StandingRow;
  readonly verdict: Verdict;
  /** Whether what it is compared with is another. */
  readonly hasChanged: boolean;
}

/** An alert that is about to be stored. */
export interface AlertDraft {
  readonly id: Id<'alert'>;
  readonly organizationId: string;
  readonly customerId: string;
  readonly walletId: string;
  readonly ruleId: string;
  readonly grantId: string | null;
  /** Of that grant. */
  readonly grantEndsAt: Date | null;
  readonly kind: AlertKind;
  readonly told: boolean;
  readonly threshold: Exact | null;
  readonly observed: Exact;
  readonly isMomentary: boolean;
}

/** Writes what was found, and puts what there is to tell to the facts of each wallet: recoveries first. */
export async function writeVerdicts(
  tx: Queryable,
  judged: readonly Judged[],
  now: Date,
): Promise<void> {
  const recovered = judged.flatMap(recoveredOf);
  const raised = judged.flatMap(raisedOf);
  await Promise.all([
    recoverAlerts(tx, recovered, now),
    insertAlerts(tx, raised, now),
    storeThresholds(
      tx,
      judged.filter(({ hasChanged }) => hasChanged),
    ),
  ]);
}

function recoveredOf({ wallet, verdict }: Judged) {
  return verdict.recovered.map((alert) => {
    if (alert.told) wallet.facts.push(recoveryOf(wallet.id, alert));
    return { id: alert.id, customerId: wallet.customerId };
  });
}

function recoveryOf(walletId: string, { id: alertId, ruleId, kind }: ActiveAlert) {
  return { type: 'alert.recovered' as const, alertId, ruleId, kind, walletId, grantId: null };
}

function raisedOf({ wallet, verdict }: Judged): AlertDraft[] {
  return verdict.raised.map((raising) => {
    const alert = draftOf(wallet, raising);
    if (alert.told) wallet.facts.push(raisedFact(alert));
    return alert;
  });
}

function draftOf(wallet: Judged['wallet'], raising: Raising): AlertDraft {
  const { rule, threshold, observed, told, isMomentary } = raising;
  const { id: walletId, organizationId, customerId } = wallet;
  const { id: ruleId, condition } = rule;
  const { kind } = condition;
  return {
    id: newId('alert'),
    organizationId,
    customerId,
    walletId,
    ruleId,
    grantId: null,
    grantEndsAt: null,
    kind,
    told,
    threshold,
    observed,
    isMomentary,
  };
}

/** What is told of an alert. */
export function raisedFact(alert: AlertDraft) {
  const { id: alertId, ruleId, kind, walletId, grantId, threshold, observed } = alert;
  return {
    type: 'alert.raised' as const,
    alertId,
    ruleId,
    kind,
    walletId,
    grantId,
    threshold: threshold === null ? null : plain(threshold),
    observed: plain(observed),
  };
}

export async function insertAlerts(
  tx: Queryable,
  alerts: readonly AlertDraft[],
  now: Date,
): Promise<void> {
  if (alerts.length === 0) return;
  await tx.query(INSERT_ALERTS, [
    columns.uuid(alerts, (alert) => alert.id),
    columns.uuid(alerts, (alert) => alert.organizationId),
    columns.uuid(alerts, (alert) => alert.customerId),
    columns.uuid(alerts, (alert) => alert.walletId),
    columns.uuid(alerts, (alert) => alert.ruleId),
    columns.uuid(alerts, (alert) => alert.grantId),
    arrayLiteral(alerts, (alert) => alert.kind),
    arrayLiteral(alerts, (alert) => alert.told),
    arrayLiteral(alerts, (alert) => textOf(alert.threshold)),
    arrayLiteral(alerts, (alert) => stored(alert.observed)),
    arrayLiteral(alerts, (alert) => alert.isMomentary),
    now,
    alerts.map((alert) => alert.grantEndsAt),
  ]);
}

export async function recoverAlerts(
  tx: Queryable,
  alerts: readonly { readonly id: string; readonly customerId: string }[],
  now: Date,
): Promise<void> {
  if (alerts.length === 0) return;
  await tx.query(RECOVER_ALERTS, [
    columns.uuid(alerts, ({ id }) => id),
    columns.uuid(alerts, ({ customerId }) => customerId),
    now,
  ]);
}

async function storeThresholds(tx: Queryable, judged: readonly Judged[]): Promise<void> {
  if (judged.length === 0) return;
  await tx.query(STORE_THRESHOLDS, [
    columns.uuid(judged, ({ wallet }) => wallet.id),
    columns.uuid(judged, ({ wallet }) => wallet.customerId),
    arrayLiteral(judged, ({ wallet }) => textOf(wallet.alertBelow)),
    arrayLiteral(judged, ({ verdict }) => textOf(verdict.base)),
    arrayLiteral(judged, ({ verdict }) => verdict.isDepleted),
    arrayLiteral(judged, ({ wallet }) => wallet.tracksSpend),
    arrayLiteral(judged, ({ wallet }) => wallet.alertVersion),
  ]);
}

function textOf(amount: Exact | null): string | null {
  return amount === null ? null : stored(amount);
}
