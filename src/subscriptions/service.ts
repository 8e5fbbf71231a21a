import type { Viewer } from '../access/viewer.ts';
import { fromTypeId, type Id } from '../kit/ids.ts';
import { type CancelSubscriptionInput, cancelSubscription } from './cancel.ts';
import { type ChangeHooks, type ChangePlanInput, changePlan } from './change-plan.ts';
import { type CreateSubscriptionInput, createSubscription } from './create.ts';
import { type ExtendTrialInput, extendTrial } from './extend-trial.ts';
import { createLateUsage } from './late-usage.ts';
import { type MigrateInput, migrateSubscriptions } from './migrate.ts';
import { type OverrideInput, overrideSubscription } from './overrides.ts';
import { type PauseInput, pauseSubscription, resumeSubscription } from './pause.ts';
import { previewChange } from './preview.ts';
import { type MissingInput, readMissing } from './read-missing.ts';
import { createSubscriptionReads } from './read-store.ts';
import { createRenewals } from './renewals.ts';
import { type UndoScheduledInput, undoScheduledChange } from './undo-scheduled.ts';
import type { SubscriptionsDeps } from './work.ts';

export type Subscriptions = ReturnType<typeof createSubscriptions>;

/** Who has which plan, and what that brings with it: fees, credits, prices and rights, over time. */
export function createSubscriptions(deps: SubscriptionsDeps) {
  const reads = createSubscriptionReads(deps.db);
  return {
    ...reads,
    /** What time brings about for them. */
    renewals: createRenewals(deps),
    lateUsage: createLateUsage(deps),
    createSubscription: (
      viewer: Viewer,
      customerId: Id<'customer'>,
      input: CreateSubscriptionInput,
    ) => createSubscription(deps, viewer, customerId, input),
    cancelSubscription: (viewer: Viewer, input: CancelSubscriptionInput) =>
      cancelSubscription(deps, viewer, input),
    /** Plan, seats and add-ons, any of them. `operation` is the mutation that asks. */
    changePlan: (
      viewer: Viewer,
      operation: string,
      input: ChangePlanInput,
      hooks?: Pick<ChangeHooks, 'lockFirst'>,
    ) => changePlan(deps, viewer, operation, input, hooks),
    /** What has to be paid into the wallet so that it goes on, or changes. */
    readMissing: (viewer: Viewer, input: MissingInput) => readMissing(deps, viewer, input),
    previewChange: (viewer: Viewer, input: Parameters<typeof previewChange>[2]) =>
      previewChange(deps, viewer, input),
    pauseSubscription: (viewer: Viewer, input: PauseInput) =>
      pauseSubscription(deps, viewer, input),
    resumeSubscription: (viewer: Viewer, input: PauseInput) =>
      resumeSubscription(deps, viewer, input),
    extendTrial: (viewer: Viewer, input: ExtendTrialInput) => extendTrial(deps, viewer, input),
    undoScheduledChange: (viewer: Viewer, input: UndoScheduledInput) =>
      undoScheduledChange(deps, viewer, input),
    overrideSubscription: (viewer: Viewer, input: OverrideInput) =>
      overrideSubscription(deps, viewer, input),
    migrateSubscriptions: (viewer: Viewer, input: MigrateInput) =>
      migrateSubscriptions(deps, viewer, input),
    findSubscriptionByTypeId: async (viewer: Viewer, typeId: string, query?: object) => {
      const id = fromTypeId('subscription', typeId);
      return id && reads.findSubscription(viewer, id, query);
    },
  };
}
