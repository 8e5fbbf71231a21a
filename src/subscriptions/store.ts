import { Prisma } from '../../prisma/generated/client/client.ts';
import { inOrganization, type Viewer } from '../access/viewer.ts';
import type { Queryable, Statement, Tx } from '../infra/db.ts';
import { type Exact, plain } from '../kit/decimal.ts';
import { newId } from '../kit/ids.ts';
import type { Awaited } from './awaited.ts';
import type { Fee } from './fees.ts';
import { moveEnd } from './move-end.ts';
import type { Period } from './periods.ts';
import { movePeriodEnd, settleGuesses } from './settle-counters.ts';
import type { SubscriptionState } from './subscription.ts';

/** What a subscription is beside what decisions change. */
export interface SubscriptionDraft {
  readonly metadata: object;
}

const WITH_PLAN = {
  include: { plan: { select: { code: true, name: true, archivedAt: true } } },
} as const;

export async function readSubscription(tx: Tx, id: string, customerId: string) {
  const key = { id_customerId: { id, customerId } };
  const row = await tx.prisma.subscription.findUniqueOrThrow({ where: key });
  return { ...row, isInTrial: row.hasTrial && (await isTrial(tx, id, row)) };
}

async function isTrial(
  tx: Tx,
  subscriptionId: string,
  { customerId, periodStart: startsAt }: { customerId: string; periodStart: Date | null },
): Promise<boolean> {
  if (startsAt === null) return false;
  const period = await tx.prisma.subscriptionPeriod.findUniqueOrThrow({
    where: { subscriptionId_startsAt_customerId: { subscriptionId, startsAt, customerId } },
    select: { isTrial: true },
  });
  return period.isTrial;
}

export function readVersions(tx: Tx, ids: readonly string[]) {
  return tx.prisma.planVersion.findMany({ where: { id: { in: [...ids] } }, ...WITH_PLAN });
}

/** The clock that a customer goes by; null is the server's. */
export async function readTestClock(tx: Tx, customerId: string): Promise<string | null> {
  const { testClockId } = await tx.prisma.customer.findUniqueOrThrow({
    where: { id: customerId },
    select: { testClockId: true },
  });
  return testClockId;
}

/** The version that new subscribers get: the last that was published. */
export function findLatestVersion(tx: Tx, planId: string) {
  return tx.prisma.planVersion.findFirst({
    where: { planId, status: 'PUBLISHED' },
    orderBy: { number: 'desc' },
    ...WITH_PLAN,
  });
}

/** One that was published; nobody can be on a draft. */
export function findPublished(tx: Pick<Tx, 'prisma'>, viewer: Viewer, id: string) {
  return tx.prisma.planVersion.findFirst({
    where: { ...inOrganization(viewer), id, status: 'PUBLISHED' },
    ...WITH_PLAN,
  });
}

export function findPlan(tx: Tx, viewer: Viewer, name: { id: string } | { code: string }) {
  return tx.prisma.plan.findFirst({ where: { ...inOrganization(viewer), ...name } });
}

const SOLD = {
  id: true,
  code: true,
  scale: true,
  burnOrder: true,
  kind: true,
  minorUnits: true,
} as const;

export function readAssets(tx: Tx, organizationId: string, codes: readonly string[]) {
  return tx.prisma.asset.findMany({
    where: { organizationId, code: { in: [...new Set(codes)] } },
    select: SOLD,
  });
}

export function readAsset(tx: Tx, id: string) {
  return tx.prisma.asset.findUniqueOrThrow({ where: { id }, select: SOLD });
}

/** The subscription to a plan that a customer has now; null when there is none. */
const FIND_LIVE: Statement = {
  name: 'subscriptions.find_live',
  text: `SELECT s.id FROM subscriptions s WHERE s.customer_id = $1::uuid AND s.status <> 'CANCELED'
      AND s.id IS DISTINCT FROM $3::uuid
      AND (s.plan_id = $2::uuid OR EXISTS (SELECT FROM plan_versions v
        WHERE v.id = (s.scheduled ->> 'planVersionId')::uuid AND v.plan_id = $2::uuid))
    LIMIT 1`,
};

/** Whether the customer has a subscription to a plan, or one that will change to it, other than this one. */
export async function hasLive(
  tx: Queryable,
  customerId: string,
  planId: string,
  exceptId: string | null,
): Promise<boolean> {
  return (await tx.query(FIND_LIVE, [customerId, planId, exceptId])).length > 0;
}

export async function insertSubscription(
  tx: Tx,
  state: SubscriptionState,
  draft: SubscriptionDraft,
): Promise<void> {
  const { id, organizationId, customerId, timeZone, testClockId } = state;
  const { prefundAmount, createdAt } = state;
  await tx.prisma.subscription.create({
    data: {
      ...changing(state),
      id,
      organizationId,
      customerId,
      timeZone,
      testClockId,
      prefundAmount: prefundAmount === null ? null : plain(prefundAmount),
      metadata: draft.metadata,
      createdAt,
      updatedAt: createdAt,
    },
  });
}

/** When a subscription is looked at next, which is written with it. */
export interface NextLook extends Awaited {
  readonly nextTransitionAt: Date | null;
}

export async function updateSubscription(
  tx: Tx,
  state: SubscriptionState,
  next: NextLook,
  now: Date,
): Promise<void> {
  const { id, customerId } = state;
  await tx.prisma.subscription.update({
    where: { id_customerId: { id, customerId } },
    data: { ...changing(state), ...next, updatedAt: now },
  });
}

/** Begins a period; the key of the table is what makes it begin once. */
export async function insertPeriod(
  tx: Tx,
  state: SubscriptionState,
  period: Period,
  isTrial: boolean,
  now: Date,
): Promise<void> {
  await tx.prisma.subscriptionPeriod.create({
    data: {
      ...ofSubscription(state),
      id: newId('subscription'),
      startsAt: period.start,
      endsAt: period.end,
      isTrial,
      createdAt: now,
    },
  });
  await settleGuesses(tx, state, period, now);
}

/** The same for one that may begin where the one before did: then that one has another end. */
export async function startPeriod(
  tx: Tx,
  state: SubscriptionState,
  period: Period,
  now: Date,
): Promise<void> {
  const { id: subscriptionId, customerId } = state;
  const { count } = await tx.prisma.subscriptionPeriod.updateMany({
    where: { subscriptionId, customerId, startsAt: period.start },
    data: { endsAt: period.end, closedAt: null },
  });
  if (count === 0) await insertPeriod(tx, state, period, false, now);
  else await movePeriodEnd(tx, state, { start: period.start, end: period.start }, period.end, now);
}

/** Ends the period of now, at its end or before. */
export function endPeriod(tx: Tx, state: SubscriptionState, at: Date, now: Date): Promise<void> {
  return moveEnd(tx, state, { endsAt: at, closedAt: now }, now);
}

/** A charge, not booked yet. */
export interface ChargeDraft extends Fee {
  readonly id: string;
  readonly walletId: string;
  readonly period: Period;
  readonly firstSequence: number;
  readonly entryCount: number;
}

export async function insertCharges(
  tx: Tx,
  state: SubscriptionState,
  charges: readonly ChargeDraft[],
  now: Date,
): Promise<void> {
  await tx.prisma.subscriptionCharge.createMany({
    data: charges.map(({ period, quantity, amount, missing, ...charge }) => ({
      ...ofSubscription(state),
      ...charge,
      ...(missing !== undefined && lookedAt(charge, missing)),
      quantity: plain(quantity),
      amount: plain(amount),
      periodStart: period.start,
      periodEnd: period.end,
      createdAt: now,
    })),
  });
}

/** A minimum looks for usage of its period behind its own entries: nothing is booked between what it saw and them. */
function lookedAt(
  { firstSequence, entryCount }: Pick<ChargeDraft, 'firstSequence' | 'entryCount'>,
  missing: Exact,
) {
  return { missing: plain(missing), lookedUntil: firstSequence + entryCount - 1 };
}

/** From an instant on it has these terms; null ends them. */
export async function writeTerms(
  tx: Tx,
  state: SubscriptionState,
  planVersionId: string | null,
  at: Date,
  now: Date,
): Promise<void> {
  const { subscriptionId, customerId } = ofSubscription(state);
  await tx.prisma.subscriptionTerms.updateMany({
    where: { subscriptionId, customerId, effectiveUntil: null },
    data: { effectiveUntil: at },
  });
  if (planVersionId === null) return;
  await tx.prisma.subscriptionTerms.create({
    data: {
      ...ofSubscription(state),
      id: newId('subscription'),
      planVersionId,
      overrideRateCardId: state.overrides.rateCardId ?? null,
      effectiveFrom: at,
      createdAt: now,
    },
  });
}

/** Whose row it is. */
export function ofSubscription({ id, organizationId, customerId }: SubscriptionState) {
  return { subscriptionId: id, organizationId, customerId };
}

function changing(state: SubscriptionState) {
  const { id, organizationId, customerId, timeZone, testClockId, createdAt, isInTrial, ...rest } =
    state;
  const { prefundAmount, overrides, scheduled, addOns, awaitsVersion, ...columns } = rest;
  return {
    ...columns,
    scheduled: scheduled === null ? Prisma.DbNull : { ...scheduled, addOns: [...scheduled.addOns] },
    addOns: [...addOns],
    overrides: overrides as object,
  };
}
