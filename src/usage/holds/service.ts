import type { Viewer } from '../../access/viewer.ts';
import type { CatalogueSnapshot } from '../../catalog/snapshot.ts';
import { readNow } from '../../clocks/now-of.ts';
import type { KnownCustomer } from '../../customers/store.ts';
import { createChecker } from '../../kit/check.ts';
import { type Invalid, invalid, isRefusal, type NotFound, notFound } from '../../kit/refusal.ts';
import { NO_TERMS } from '../../subscriptions/terms.ts';
import { toCandidate } from '../candidate.ts';
import type { Candidate, UsageEventInput, UsageRefusal } from '../event.ts';
import type { GroupCommit } from '../group-commit.ts';
import type { UsageDeps } from '../record.ts';
import type { HoldRefs } from './hold-refs.ts';
import type { HoldRef } from './operation.ts';
import type { HoldOutcome, HoldRefusal } from './outcome.ts';
import { type PlaceHoldInput, readPlace, readTtl } from './read-place.ts';

export interface CaptureHoldInput {
  readonly hold: string;
  readonly events: readonly Omit<UsageEventInput, 'customer' | 'holdId'>[];
  readonly final?: boolean | null | undefined;
}

export interface ExtendHoldInput {
  readonly hold: string;
  readonly ttlSeconds?: number | null | undefined;
  readonly amount?: unknown;
}

type Outcome = Promise<HoldOutcome | HoldRefusal>;

/** How many events one capture takes. */
export const MAX_CAPTURED = 100;

/** Value set aside before it is spent. Each operation waits for a batch, beside the usage of its customer. */
export function createHolds(deps: UsageDeps, together: GroupCommit, refs: HoldRefs) {
  const submit = async (operation: Parameters<GroupCommit['submit']>[0][number]) => {
    const [outcome] = await together.submit([operation]);
    return outcome as HoldOutcome | HoldRefusal;
  };

  async function refOf({ organizationId }: Viewer, typeId: string): Promise<HoldRef | NotFound> {
    const [ref] = await refs.resolveMany(organizationId, [typeId]);
    return ref ?? notFound('hold', 'Hold', typeId);
  }

  const timeOf = ({ testClockId }: Pick<HoldRef, 'testClockId'>) =>
    readNow(deps.db.direct, deps.clock, testClockId);

  /** By the catalogue in memory, unless it lacks something that the input names. */
  async function readLatest(viewer: Viewer, customer: KnownCustomer, input: PlaceHoldInput) {
    const { organizationId } = viewer;
    const { priceBooks } = deps;
    const now = await timeOf(customer);
    const [terms = NO_TERMS] = await deps.terms.of([customer]);
    const readBy = (catalogue: CatalogueSnapshot) =>
      readPlace(organizationId, customer, input, { catalogue, terms }, now);
    const read = readBy(await priceBooks.snapshot(organizationId));
    return isRefusal(read) ? readBy(await priceBooks.fresh(organizationId)) : read;
  }

  /** How exact the asset of a hold is; one that another process has made lately is not in memory. */
  async function scaleOf({ organizationId, assetId }: HoldRef) {
    const { assets } = await deps.priceBooks.snapshot(organizationId);
    const asset =
      assets.get(assetId) ?? (await deps.priceBooks.fresh(organizationId)).assets.get(assetId);
    return asset?.scale;
  }

  async function place(viewer: Viewer, input: PlaceHoldInput): Outcome {
    const { organizationId } = viewer;
    const [customer] = await deps.customers.resolveMany(organizationId, [input.customer]);
    if (!customer) {
      return notFound('customer', 'Customer', input.customer.id ?? input.customer.externalId ?? '');
    }
    const operation = await readLatest(viewer, customer, input);
    if (isRefusal(operation)) return operation;
    const outcome = await submit(operation);
    if (!isRefusal(outcome)) refs.keep({ ...operation, holdId: outcome.holdId });
    return outcome;
  }

  async function capture(viewer: Viewer, input: CaptureHoldInput): Outcome {
    const { events } = input;
    if (events.length === 0 || events.length > MAX_CAPTURED) return wrongSize(events.length);
    const ref = await refOf(viewer, input.hold);
    if (isRefusal(ref)) return ref;
    const catalogue = await deps.priceBooks.snapshot(viewer.organizationId);
    const { organizationId, customerId, testClockId, holdId } = ref;
    const [terms = NO_TERMS] = await deps.terms.of([{ id: customerId }]);
    const rules = { catalogue, terms };
    const now = await timeOf(ref);
    const customer = { id: customerId, testClockId };
    const read = events.map((event, index) => {
      const whole = { ...event, customer: { id: customerId } };
      const path = `events.${index}.`;
      return toCandidate(organizationId, whole, customer, path, rules, now, holdId);
    });
    const refusals = read.filter(isRefusal) as UsageRefusal[];
    if (refusals.length > 0) return mergedOf(refusals);
    const candidates = read as Candidate[];
    return submit({
      ...ref,
      kind: 'CAPTURE',
      candidates,
      final: input.final ?? true,
      path: 'hold',
    });
  }

  async function extend(viewer: Viewer, input: ExtendHoldInput): Outcome {
    const ref = await refOf(viewer, input.hold);
    if (isRefusal(ref)) return ref;
    const scale = await scaleOf(ref);
    const check = createChecker();
    const { ttlSeconds, amount } = input;
    if (ttlSeconds == null && amount == null) {
      check.note('ttlSeconds', 'REQUIRED', 'Say for how much longer, or how much to set aside.');
    }
    const operation = {
      ...ref,
      kind: 'EXTEND' as const,
      ttlMs: ttlSeconds == null ? null : readTtl(check, ttlSeconds),
      amount: amount == null ? null : check.positive('amount', amount, scale),
    };
    return check.fault() ?? submit(operation);
  }

  async function release(viewer: Viewer, input: { readonly hold: string }): Outcome {
    const ref = await refOf(viewer, input.hold);
    return isRefusal(ref) ? ref : submit({ ...ref, kind: 'RELEASE' });
  }

  return { place, capture, extend, release };
}

/** Everything that is wrong with the form of events, or what else there is to say of the first. */
function mergedOf(refusals: readonly UsageRefusal[]): UsageRefusal {
  const issues = refusals.flatMap((it) => (it.refusal === 'Invalid' ? it.issues : []));
  return issues.length > 0 ? invalid(...issues) : (refusals[0] as UsageRefusal);
}

function wrongSize(count: number): Invalid {
  return invalid({
    path: 'events',
    code: count === 0 ? 'TOO_FEW' : 'TOO_MANY',
    message: `Send 1 to ${MAX_CAPTURED} events; these are ${count}.`,
  });
}
