import type { Id } from '../../kit/ids.ts';
import { isRefusal, notFound } from '../../kit/refusal.ts';
import type { Candidate, Outcome, UsageEventInput } from '../event.ts';
import type { Operation } from '../operation.ts';
import type { AnyOutcome } from '../outcome.ts';
import type { Paths } from '../record.ts';
import type { HoldRefs } from './hold-refs.ts';

export function isOnHold({ holdId }: UsageEventInput): boolean {
  return holdId != null;
}

/**
 * Usage that names a hold is a capture of one event that leaves the hold open. Puts captures in the places of such
 * events, or why they cannot be: a hold of another customer is as good as none.
 */
export async function putOnHolds(
  refs: HoldRefs,
  organizationId: Id<'organization'>,
  inputs: readonly UsageEventInput[],
  gathered: (Operation | Outcome)[],
  paths: Paths,
): Promise<void> {
  const typeIds = inputs.map(({ holdId }) => holdId ?? '');
  const found = await refs.resolveMany(organizationId, typeIds);
  for (const [index, item] of gathered.entries()) {
    const typeId = typeIds[index];
    if (!typeId || isRefusal(item)) continue;
    const candidate = item as Candidate;
    const ref = found[index];
    const path = `${paths(index)}holdId`;
    if (ref?.customerId !== candidate.event.customerId) {
      gathered[index] = notFound(path, 'Hold', typeId);
      continue;
    }
    const event = { ...candidate.event, holdId: ref.holdId };
    gathered[index] = {
      ...ref,
      kind: 'CAPTURE',
      candidates: [{ ...candidate, event }],
      final: false,
      path,
    };
  }
}

/** What became of the one event of such a capture; any other outcome is the event's own already. */
export function eventOutcome(outcome: AnyOutcome): Outcome {
  return 'holdId' in outcome && !isRefusal(outcome)
    ? (outcome.events[0] as Outcome)
    : (outcome as Outcome);
}
