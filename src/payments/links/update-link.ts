import { inOrganization, type Viewer } from '../../access/viewer.ts';
import { once } from '../../infra/idempotency.ts';
import { createChecker } from '../../kit/check.ts';
import { type CommonRefusal, isRefusal, notFound } from '../../kit/refusal.ts';
import type { PaymentsRoom } from '../deps.ts';
import { refuseCardNumbers } from '../refuse-card-numbers.ts';
import { MAX_DESCRIPTION, MOST_USES, type PaymentLinkSaved, readExpiry } from './create-link.ts';
import { linkState } from './link.ts';
import { createLinkReads, type LinkChanges, updateLink } from './link-store.ts';

/** What is left out stays; null takes a bound away. */
export interface UpdatePaymentLinkInput {
  readonly link: string;
  readonly active?: boolean | null | undefined;
  readonly description?: string | null | undefined;
  readonly maxUses?: number | null | undefined;
  readonly expiresAt?: unknown;
  readonly metadata?: unknown;
  readonly idempotencyKey?: string | null | undefined;
}

/** Changes how a link is paid at from now on. Payments that were begun at it go on. */
export async function updatePaymentLink(
  room: PaymentsRoom,
  viewer: Viewer,
  input: UpdatePaymentLinkInput,
): Promise<PaymentLinkSaved | CommonRefusal> {
  const changes = readChanges(room, input);
  if (isRefusal(changes)) return changes;
  const row = await createLinkReads(room.db).findLinkByTypeId(viewer, input.link);
  if (!row) return notFound('link', 'PaymentLink', input.link);
  const link = linkState(row);
  const call = { ...inOrganization(viewer), operation: 'updatePaymentLink', input };
  return room.db.transaction((tx) =>
    once<PaymentLinkSaved>(tx, room.clock, call, async () => {
      await updateLink(tx, link, changes, room.clock.now());
      return { linkId: link.id };
    }),
  );
}

function readChanges({ clock }: PaymentsRoom, input: UpdatePaymentLinkInput) {
  const { active, description, maxUses, expiresAt, metadata } = input;
  const check = createChecker();
  const changes: LinkChanges = {
    ...(active != null && { isActive: active }),
    ...(description != null && {
      description: check.text('description', description, MAX_DESCRIPTION),
    }),
    ...(maxUses !== undefined && {
      maxUses: maxUses === null ? null : check.integer('maxUses', maxUses, 1, MOST_USES),
    }),
    ...(expiresAt !== undefined && { expiresAt: readExpiry(check, expiresAt, clock.now()) }),
    ...(metadata != null && { metadata: check.object('metadata', metadata) }),
  };
  const { idempotencyKey } = input;
  refuseCardNumbers(check, { description, metadata, idempotencyKey });
  return check.fault() ?? changes;
}
