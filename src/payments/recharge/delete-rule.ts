import { ofVisibleCustomers, type Viewer } from '../../access/viewer.ts';
import { fromTypeId } from '../../kit/ids.ts';
import { type CommonRefusal, notFound } from '../../kit/refusal.ts';
import type { PaymentsRoom } from '../deps.ts';
import { cardNumberFault } from '../refuse-card-numbers.ts';
import { changeRule, type RuleSaved } from './change-rule.ts';

export interface DeleteRechargeRuleInput {
  readonly rule: string;
  readonly idempotencyKey?: string | null | undefined;
}

/** Ends a rule. What it has started is credited all the same. Deleting twice is deleting once. */
export async function deleteRechargeRule(
  room: PaymentsRoom,
  viewer: Viewer,
  input: DeleteRechargeRuleInput,
): Promise<RuleSaved | CommonRefusal> {
  const fault = cardNumberFault({ idempotencyKey: input.idempotencyKey });
  if (fault) return fault;
  const ruleId = fromTypeId('autoRechargeRule', input.rule);
  const where = ruleId && { ...ofVisibleCustomers(viewer), id: ruleId };
  const include = { wallet: true } as const;
  const rule = where && (await room.db.prisma.autoRechargeRule.findFirst({ where, include }));
  if (!ruleId || !rule) return notFound('rule', 'AutoRechargeRule', input.rule);
  const call = { operation: 'deleteAutoRechargeRule', input };
  return changeRule(room, viewer, { call, wallet: rule.wallet }, async ({ prisma }, now) => {
    await prisma.autoRechargeRule.updateMany({
      where: { id: ruleId, deletedAt: null },
      data: { deletedAt: now, status: 'DISABLED', reason: null, dueAt: null },
    });
    return { ruleId };
  });
}
