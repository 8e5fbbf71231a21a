import type { Viewer } from '../access/viewer.ts';
import { fromTypeId, type Id } from '../kit/ids.ts';
import { type CommonRefusal, notFound } from '../kit/refusal.ts';
import { changeRules, type RuleChanged } from './change-rules.ts';
import { findRuleWithAsset, markDeleted } from './store.ts';
import type { AlertDeps } from './sweep.ts';

export interface DeleteAlertRuleInput {
  readonly rule: string;
  readonly idempotencyKey?: string | null | undefined;
}

/** Ends a rule and the alerts of it that are active. Deleting twice is deleting once. */
export async function deleteRule(
  deps: AlertDeps,
  viewer: Viewer,
  input: DeleteAlertRuleInput,
): Promise<RuleChanged | CommonRefusal> {
  const ruleId = fromTypeId('alertRule', input.rule);
  const stored = ruleId && (await findRuleWithAsset(deps.db, viewer, ruleId));
  if (!stored) return notFound('rule', 'AlertRule', input.rule);
  const { kind } = stored;
  const call = { operation: 'deleteAlertRule', input };
  return changeRules(deps, { viewer, call, scope: stored, kind }, async (tx, now) => {
    await markDeleted(tx, stored.id, now);
    return { ruleId: stored.id as Id<'alertRule'> };
  });
}
