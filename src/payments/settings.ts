import { inOrganization, type Viewer } from '../access/viewer.ts';
import type { Catalog } from '../catalog/service.ts';
import type { Db, Tx } from '../infra/db.ts';
import { once } from '../infra/idempotency.ts';
import { createChecker } from '../kit/check.ts';
import { type Clock, DAY_MS, SECOND_MS } from '../kit/clock.ts';
import type { Id } from '../kit/ids.ts';
import {
  type IdempotencyMismatch,
  type Invalid,
  isRefusal,
  type NotFound,
} from '../kit/refusal.ts';
import type { StoredLimits } from './limits/limits.ts';
import { type PaymentLimitsInput, readLimitsInput } from './limits/read-limits-input.ts';
import { refuseCardNumbers } from './refuse-card-numbers.ts';
import { MERGE_LIMITS } from './sql/merge-limits.ts';

/**
 * What becomes of credit that was spent already when what was paid for it is given back: the wallet owes it
 * (NEGATIVE_BALANCE), or the organization bears it (WRITE_OFF).
 */
export type SpentCreditPolicy = 'NEGATIVE_BALANCE' | 'WRITE_OFF';

/** How payments of an organization behave, as far as it may choose. */
export interface OrganizationSettings {
  /** What checkouts say about refunds; null: nothing. */
  readonly refundPolicy: string | null;
  readonly spentCreditPolicy: SpentCreditPolicy;
  /** From the confirmation of a withdrawal until it is paid out. */
  readonly withdrawalHoldSeconds: number;
  /** Against fraud, as it was said: what is not named is as it is by itself. */
  readonly limits: StoredLimits;
}

const DEFAULTS: OrganizationSettings = {
  refundPolicy: null,
  spentCreditPolicy: 'NEGATIVE_BALANCE',
  withdrawalHoldSeconds: DAY_MS / SECOND_MS,
  limits: {},
};

const REFUND_POLICY_MAX = 2_000;
const WITHDRAWAL_HOLD_MAX_S = (30 * DAY_MS) / SECOND_MS;

/** What an organization has said, and what is so by itself. */
export async function readSettings(
  { prisma }: Pick<Db, 'prisma'> | Tx,
  organizationId: string,
): Promise<OrganizationSettings> {
  const row = await prisma.paymentSettings.findUnique({ where: { organizationId } });
  if (!row) return DEFAULTS;
  const { refundPolicy, spentCreditPolicy, withdrawalHoldSeconds, limits } = row;
  return {
    refundPolicy,
    spentCreditPolicy,
    withdrawalHoldSeconds,
    limits: limits as StoredLimits,
  };
}

export interface UpdatePaymentSettingsInput {
  /** Null takes it away. */
  readonly refundPolicy?: string | null | undefined;
  readonly spentCreditPolicy?: SpentCreditPolicy | null | undefined;
  readonly withdrawalHoldSeconds?: number | null | undefined;
  readonly limits?: PaymentLimitsInput | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface PaymentSettingsUpdated {
  readonly organizationId: Id<'organization'>;
}

/** Changes what is said; the rest stays. Counts for what is decided from now on. */
export async function updatePaymentSettings(
  {
    db,
    clock,
    catalog,
  }: {
    readonly db: Db;
    readonly clock: Clock;
    readonly catalog: Pick<Catalog, 'resolveAsset'>;
  },
  viewer: Viewer,
  input: UpdatePaymentSettingsInput,
): Promise<PaymentSettingsUpdated | Invalid | NotFound | IdempotencyMismatch> {
  const check = createChecker();
  const { refundPolicy, spentCreditPolicy, withdrawalHoldSeconds } = input;
  check.optionalText('refundPolicy', refundPolicy, REFUND_POLICY_MAX);
  if (withdrawalHoldSeconds != null) {
    check.integer('withdrawalHoldSeconds', withdrawalHoldSeconds, 0, WITHDRAWAL_HOLD_MAX_S);
  }
  refuseCardNumbers(check, { refundPolicy, idempotencyKey: input.idempotencyKey });
  const limits = await readLimitsInput(catalog, viewer, check, input.limits ?? {});
  if (isRefusal(limits)) return limits;
  const fault = check.fault();
  if (fault) return fault;
  const { organizationId } = viewer;
  const call = { ...inOrganization(viewer), operation: 'updatePaymentSettings', input };
  return db.transaction((tx) =>
    once(tx, clock, call, async () => {
      await write(tx, organizationId, clock.now(), {
        ...(refundPolicy !== undefined && { refundPolicy }),
        ...(spentCreditPolicy != null && { spentCreditPolicy }),
        ...(withdrawalHoldSeconds != null && { withdrawalHoldSeconds }),
      });
      if (Object.keys(limits).length > 0) {
        await tx.query(MERGE_LIMITS, [organizationId, JSON.stringify(limits)]);
      }
      return { organizationId };
    }),
  );
}

/** Keeps what has changed, in one statement, so that two changes at once are both kept. */
async function write(
  { prisma }: Tx,
  organizationId: string,
  updatedAt: Date,
  changes: Partial<Omit<OrganizationSettings, 'limits'>>,
): Promise<void> {
  const { limits: _none, ...defaults } = DEFAULTS;
  await prisma.paymentSettings.upsert({
    where: { organizationId },
    create: { ...defaults, ...changes, organizationId, updatedAt },
    update: { ...changes, updatedAt },
  });
}
