import type { Viewer } from '../access/viewer.ts';
import { createChecker } from '../kit/check.ts';
import { SECOND_MS } from '../kit/clock.ts';
import { ipNetwork } from '../kit/ip-network.ts';
import { isRefusal } from '../kit/refusal.ts';
import type { MissingFunds, PaidChange } from '../subscriptions/read-missing.ts';
import type { Subscriptions } from '../subscriptions/service.ts';
import type { AskFor } from './ask-for.ts';
import {
  beginTopUp,
  type OfferRefusal,
  type TopUpMade,
  type TopUpRefusal,
} from './begin-top-up.ts';
import type { PaymentsRoom } from './deps.ts';
import { draftPayment } from './payment-draft.ts';
import { readTerms, type TermsInput } from './payment-terms.ts';
import { refuseCardNumbers } from './refuse-card-numbers.ts';
import type { PaymentDraft } from './store.ts';

export interface PayForSubscriptionInput extends Omit<TermsInput, 'walletName'> {
  readonly subscription: string;
  /** Left out: for what it waits for. */
  readonly change?: PaidChange | null | undefined;
  readonly currency?: string | null | undefined;
  /** From where the customer pays. */
  readonly ipAddress?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** What subscriptions are asked for. */
export interface SubscriptionRoom extends PaymentsRoom {
  readonly askFor: AskFor;
  readonly subscriptions: Pick<Subscriptions, 'readMissing' | 'changePlan'>;
}

/**
 * Asks a customer for what a subscription lacks: to begin, for the period that it could not pay, or for a change, which is made
 * once all is paid. What is paid is credit like any other: what waits for it begins and renews by itself.
 */
export async function payForSubscription(
  room: SubscriptionRoom,
  viewer: Viewer,
  { ipAddress, ...input }: PayForSubscriptionInput,
): Promise<TopUpMade | TopUpRefusal> {
  const check = createChecker();
  const terms = readTerms(check, input);
  if (ipAddress != null && ipNetwork(ipAddress) === null) {
    check.note('ipAddress', 'BAD_FORMAT', 'Write an address such as 203.0.113.7 or 2001:db8::7.');
  }
  refuseCardNumbers(check, { ...input, ipAddress });
  const fault = check.fault();
  if (fault) return fault;
  const { subscription, currency } = input;
  const openMs = terms.openS * SECOND_MS;
  return beginTopUp(room, {
    viewer,
    ip: ipAddress ?? null,
    operation: 'payForSubscription',
    input: { ...input },
    async draft(): Promise<PaymentDraft | OfferRefusal> {
      const wanted = { subscription, change: input.change ?? null, openMs };
      const missing = inChange(await room.subscriptions.readMissing(viewer, wanted), wanted.change);
      if (isRefusal(missing)) return missing;
      const { customerId, subscriptionId, assetId, amount: credit, change } = missing;
      const offer = await room.askFor(viewer, { assetId, credit, currency });
      if (isRefusal(offer)) return offer;
      const row = await room.providers.choose(viewer, input.provider ?? null);
      if (isRefusal(row)) return row;
      const said = { ...terms, description: terms.description ?? missing.description };
      const draft = draftPayment(room, {
        customerId,
        origin: 'SUBSCRIPTION',
        terms: said,
        offer,
        row,
      });
      return { ...draft, subscriptionId, change };
    },
  });
}

const OF_CHANGE = /^(?:plan|seats|addOns|credits)\b/;

/** What is wrong with the change is told where it was said. */
function inChange(
  outcome: MissingFunds | OfferRefusal,
  change: PaidChange | null,
): MissingFunds | OfferRefusal {
  if (change === null || !isRefusal(outcome)) return outcome;
  const below = <T extends { readonly path: string }>(it: T): T =>
    OF_CHANGE.test(it.path) ? { ...it, path: `change.${it.path}` } : it;
  if (outcome.refusal === 'Invalid') return { ...outcome, issues: outcome.issues.map(below) };
  return 'path' in outcome ? below(outcome) : outcome;
}
