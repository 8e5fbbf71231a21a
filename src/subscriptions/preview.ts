import type { Viewer } from '../access/viewer.ts';
import { type CommonRefusal, isRefusal, type Refusal } from '../kit/refusal.ts';
import type { InsufficientFunds } from '../ledger/refusals.ts';
import { type ChangePlanInput, changePlan } from './change-plan.ts';
import { type Fee, recurringFees } from './fees.ts';
import { assetNamed } from './offer.ts';
import { roundedFees } from './pay.ts';
import { feeBasis } from './subscription.ts';
import { type Line, offerIn, type SubscriptionsDeps, type Work } from './work.ts';

/** What a change would do. */
export interface ChangePreview {
  /** What would be booked at once. */
  readonly lines: readonly Line[];
  /** What the next period would cost. */
  readonly nextFees: readonly Fee[];
  /** When it would begin; null when none would. */
  readonly nextAt: Date | null;
  /** What the fees would be in; null for a plan that has none. */
  readonly assetId: string | null;
}

/** Makes the transaction roll back, with what it would have done. */
interface Rehearsed extends Refusal<'Rehearsed'> {
  readonly preview: ChangePreview;
}

/** Makes the change, says what it did, and undoes it: nothing is written. */
export async function previewChange(
  deps: SubscriptionsDeps,
  viewer: Viewer,
  input: Omit<ChangePlanInput, 'idempotencyKey'>,
): Promise<ChangePreview | CommonRefusal | InsufficientFunds> {
  const rehearse = (work: Work): Rehearsed => ({ refusal: 'Rehearsed', preview: previewOf(work) });
  const outcome = await changePlan(deps, viewer, 'previewSubscriptionChange', input, {
    rehearse,
  });
  if (!isRefusal(outcome)) throw new Error('A change was made that was only to be rehearsed.');
  return outcome.refusal === 'Rehearsed' ? outcome.preview : outcome;
}

function previewOf(work: Work): ChangePreview {
  const { state, offers, lines, assets } = work;
  const { planVersionId, seats, addOns } = state.scheduled ?? state;
  const { definition } = offerIn(offers, planVersionId);
  const { asset } = definition;
  return {
    lines,
    nextFees: roundedFees(work, asset, recurringFees(feeBasis(definition, { seats, addOns }))),
    nextAt: state.cancelAt === null ? state.periodEnd : null,
    assetId: asset === null ? null : assetNamed(assets, asset).id,
  };
}
