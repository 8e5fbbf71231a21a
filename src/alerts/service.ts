import type { Viewer } from '../access/viewer.ts';
import { coolDown, createCoolDown, forgetSpend } from './cool-down.ts';
import { type CreateAlertRuleInput, createRule, type RuleTarget } from './create-rule.ts';
import { type DeleteAlertRuleInput, deleteRule } from './delete-rule.ts';
import { createGrantWatch, watchGrants, watchRecentGrants } from './expiring.ts';
import * as store from './store.ts';
import { type AlertDeps, sweep } from './sweep.ts';
import { type UpdateAlertRuleInput, updateRule } from './update-rule.ts';

export type Alerts = ReturnType<typeof createAlerts>;

/** A side room: rules about wallets, and what crossed them. Changes of wallets call `evaluate`. */
export function createAlerts(deps: AlertDeps) {
  const { db } = deps;
  return {
    createRule: (viewer: Viewer, target: RuleTarget, input: CreateAlertRuleInput) =>
      createRule(deps, viewer, target, input),
    updateRule: (viewer: Viewer, input: UpdateAlertRuleInput) => updateRule(deps, viewer, input),
    deleteRule: (viewer: Viewer, input: DeleteAlertRuleInput) => deleteRule(deps, viewer, input),
    findRule: (viewer: Viewer, id: string, query?: object) => store.findRule(db, viewer, id, query),
    listRules: (viewer: Viewer, filter: store.RuleFilter, query: object) =>
      store.listRules(db, viewer, filter, query),
    findAlert: (viewer: Viewer, id: string, query?: object) =>
      store.findAlert(db, viewer, id, query),
    /** Goes on looking at wallets whose rules changed; true when more may be left. */
    sweep: () => sweep(deps, null),
    /** Tells of all grants that are about to end, and of those that have; true when more may be due. */
    watchGrants: () => watchGrants(deps, { organizationId: null }),
    /** What time alone raises and ends. */
    timedWork: [createGrantWatch(deps), createCoolDown(deps)],
    /** Tells of grants that are about to end from now on; true when more may be due. */
    watchRecentGrants: () => watchRecentGrants(deps),
    /** Ends alerts about spending too fast that are over by time alone. */
    coolDown: () => coolDown(deps, null),
    forgetSpend: () => forgetSpend(deps),
  };
}
