import type { Viewer } from '../access/viewer.ts';
import { createChecker } from '../kit/check.ts';
import { MAX_SCALE } from '../kit/decimal.ts';
import { fromTypeId, type Id } from '../kit/ids.ts';
import { type CommonRefusal, notFound } from '../kit/refusal.ts';
import { changeRules, type RuleChanged } from './change-rules.ts';
import { type ConditionInput, readCondition } from './read-condition.ts';
import { readEmails } from './read-emails.ts';
import { NAME_MAX, storedTerms } from './rule.ts';
import { changeStoredRule, findRuleWithAsset } from './store.ts';
import type { AlertDeps } from './sweep.ts';

export interface UpdateAlertRuleInput {
  readonly rule: string;
  readonly name?: string | null | undefined;
  readonly condition?: ConditionInput | null | undefined;
  readonly emails?: readonly string[] | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** Changes the name, the numbers or the addresses of a rule; its kind and whom it is for never change. */
export async function updateRule(
  deps: AlertDeps,
  viewer: Viewer,
  input: UpdateAlertRuleInput,
): Promise<RuleChanged | CommonRefusal> {
  const ruleId = fromTypeId('alertRule', input.rule);
  const stored = ruleId && (await findRuleWithAsset(deps.db, viewer, ruleId));
  if (!stored || stored.deletedAt !== null) return notFound('rule', 'AlertRule', input.rule);
  const { kind } = stored;
  const check = createChecker();
  const name =
    input.name === undefined ? undefined : check.optionalText('name', input.name, NAME_MAX);
  const scale = (stored.wallet?.asset ?? stored.asset)?.scale ?? MAX_SCALE;
  const condition = input.condition ? readCondition(check, input.condition, scale) : null;
  const emails = input.emails === undefined ? undefined : readEmails(check, input.emails);
  let fault = check.fault();
  if (!fault && condition && condition.kind !== kind) {
    check.note('condition', 'NOT_ALLOWED', `The rule is ${kind}; create another one.`);
    fault = check.fault();
  }
  if (fault) return fault;

  const call = { operation: 'updateAlertRule', input };
  return changeRules(deps, { viewer, call, scope: stored, kind }, async (tx, now) => {
    const terms = condition ? storedTerms(condition) : undefined;
    const changed = await changeStoredRule(tx, stored.id, { name, terms, emails }, now);
    if (!changed) return notFound('rule', 'AlertRule', input.rule);
    return { ruleId: stored.id as Id<'alertRule'> };
  });
}
