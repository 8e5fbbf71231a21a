import { inOrganization, type Viewer } from '../access/viewer.ts';
import type { ExchangeRateNotFound } from '../catalog/exchange/refusals.ts';
import { once } from '../infra/idempotency.ts';
import { createChecker } from '../kit/check.ts';
import { DAY_MS, fromEpochMs } from '../kit/clock.ts';
import { type Id, newId } from '../kit/ids.ts';
import { ipNetwork } from '../kit/ip-network.ts';
import { type CommonRefusal, isRefusal } from '../kit/refusal.ts';
import { DEFAULT_WALLET } from '../ledger/lock.ts';
import { writeOutbox } from '../live/outbox.ts';
import { beginCheckout } from './begin-payment.ts';
import type { PaymentsRoom } from './deps.ts';
import type { Attempt } from './limits/attempt.ts';
import { checkVelocity } from './limits/check-velocity.ts';
import { hashNetwork } from './limits/hash-network.ts';
import { readLimits } from './limits/limits.ts';
import { noteAsked } from './limits/note-attempt.ts';
import { tellLimited } from './limits/tell-limited.ts';
import { type MakeOffer, type OfferInput, offerNames } from './make-offer.ts';
import { firstLook } from './next-look.ts';
import type { Offer } from './offer.ts';
import type { ProviderRow } from './provider-store.ts';
import type { ProviderRefused, ProviderUnavailable, VelocityLimit } from './refusals.ts';
import { refuseCardNumbers } from './refuse-card-numbers.ts';
import { readSettings } from './settings.ts';
import { insertPayment, type PaymentDraft, readState } from './store.ts';
import { toldOfNewPayment } from './tell.ts';

export interface CreateTopUpInput extends OfferInput {
  readonly walletName?: string | null | undefined;
  readonly provider?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly saveMethod?: boolean | null | undefined;
  readonly returnUrl?: string | null | undefined;
  readonly expiresInSeconds?: number | null | undefined;
  readonly metadata?: unknown;
  /** From where the customer pays. Not a part of what is asked: the same call may come from elsewhere. */
  readonly ipAddress?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface TopUpMade {
  readonly paymentId: Id<'payment'>;
  readonly customerId: Id<'customer'>;
}

export type TopUpRefusal =
  | CommonRefusal
  | ExchangeRateNotFound
  | ProviderUnavailable
  | ProviderRefused
  | VelocityLimit;

/** A page of a provider is open for 24 hours at the most. */
const MOST_OPEN_S = DAY_MS / 1000;
const LEAST_OPEN_S = 1_800;

/**
 * Asks a customer for money: a payment, and the page of a provider where it is paid. Nothing is credited yet. Where the provider
 * does not answer the payment waits for it: the same call with its idempotency key goes on with it.
 */
export async function createTopUp(
  room: PaymentsRoom & { readonly makeOffer: MakeOffer },
  viewer: Viewer,
  customerId: Id<'customer'>,
  input: CreateTopUpInput,
): Promise<TopUpMade | TopUpRefusal> {
  const asked = readAsked(input);
  if (isRefusal(asked)) return asked;
  const offer = await room.makeOffer(viewer, input);
  if (isRefusal(offer)) return offer;
  const row = await room.providers.choose(viewer, input.provider ?? null);
  if (isRefusal(row)) return row;
  const made = await keepPayment(
    room,
    viewer,
    input,
    draftOf(room, { customerId, asked, offer, row }),
  );
  if (isRefusal(made)) return made;
  const payment = await readState(room.db, { id: made.paymentId, customerId: made.customerId });
  if (payment.ref === null && payment.status === 'PENDING') {
    const refusal = await beginCheckout(room, payment);
    if (refusal) return refusal;
  }
  return made;
}

type Asked = Exclude<ReturnType<typeof readAsked>, CommonRefusal>;

function readAsked(input: CreateTopUpInput) {
  const check = createChecker();
  const openS = input.expiresInSeconds ?? MOST_OPEN_S;
  const asked = {
    walletName: check.text('walletName', input.walletName ?? DEFAULT_WALLET, 64),
    description: check.optionalText('description', input.description, 255),
    returnUrl: input.returnUrl == null ? null : check.text('returnUrl', input.returnUrl, 2048),
    openS: check.integer('expiresInSeconds', openS, LEAST_OPEN_S, MOST_OPEN_S),
    metadata: check.object('metadata', input.metadata),
    saveMethod: input.saveMethod ?? false,
  };
  if (asked.returnUrl !== null && !isWebAddress(asked.returnUrl)) {
    check.note('returnUrl', 'BAD_FORMAT', 'Write an address such as https://app.example.com/paid.');
  }
  if (input.ipAddress != null && ipNetwork(input.ipAddress) === null) {
    check.note('ipAddress', 'BAD_FORMAT', 'Write an address such as 203.0.113.7 or 2001:db8::7.');
  }
  offerNames(check, input);
  // Amounts are no text, and are read as amounts.
  const { amount: _amount, bonus: _bonus, ...texts } = input;
  refuseCardNumbers(check, texts);
  return check.fault() ?? asked;
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

interface Wanted {
  readonly customerId: Id<'customer'>;
  readonly asked: Asked;
  readonly offer: Offer;
  readonly row: ProviderRow;
}

function draftOf({ clock }: PaymentsRoom, { customerId, asked, offer, row }: Wanted): PaymentDraft {
  const now = clock.now();
  return {
    id: newId('payment'),
    organizationId: row.organizationId as Id<'organization'>,
    customerId,
    providerId: row.id as Id<'paymentProvider'>,
    origin: 'TOP_UP',
    assetId: offer.asset.id as Id<'asset'>,
    amount: offer.amount,
    creditAssetId: offer.creditAsset.id as Id<'asset'>,
    walletName: asked.walletName,
    credit: offer.credit,
    bonus: offer.bonus,
    expiresAfterDays: offer.expiresAfterDays,
    exchangeRateId: offer.exchangeRateId,
    packId: offer.pack?.id ?? null,
    packQuantity: offer.pack?.quantity ?? null,
    methodId: null,
    savesMethod: asked.saveMethod,
    actionUrl: null,
    returnUrl: asked.returnUrl,
    failure: null,
    description: asked.description ?? offer.description,
    metadata: asked.metadata,
    expiresAt: fromEpochMs(now.getTime() + asked.openS * 1000),
    settledAt: null,
    looks: 0,
    lookAt: firstLook(row.kind, now),
    createdAt: now,
  };
}

async function keepPayment(
  room: PaymentsRoom,
  viewer: Viewer,
  { ipAddress, ...input }: CreateTopUpInput,
  draft: PaymentDraft,
) {
  const { db, clock, announce } = room;
  const { id: paymentId, customerId } = draft;
  const attempt = attemptOf(room, draft, ipAddress ?? null);
  const call = {
    ...inOrganization(viewer),
    operation: 'createTopUp',
    input: { ...input, customerId },
  };
  const made = await db.transaction((tx) =>
    once<TopUpMade | VelocityLimit>(tx, clock, call, async () => {
      const { limits } = await readSettings(tx, draft.organizationId);
      const refusal = await checkVelocity(tx, readLimits(limits), attempt, draft.createdAt);
      if (refusal) return refusal;
      await noteAsked(tx, attempt, draft.createdAt);
      await insertPayment(tx, draft);
      await writeOutbox(tx, toldOfNewPayment({ ...draft, status: 'PENDING' }), draft.createdAt);
      return { paymentId, customerId };
    }),
  );
  if ('refusal' in made && made.refusal === 'VelocityLimit') await tellLimited(room, attempt, made);
  announce([]);
  return made;
}

function attemptOf({ settings }: PaymentsRoom, draft: PaymentDraft, ip: string | null): Attempt {
  const { id: paymentId, organizationId, customerId, assetId, amount } = draft;
  const ipHash = hashNetwork(settings.cipher, organizationId, ip);
  const of = { paymentId, organizationId, customerId, assetId, amount, ipHash };
  return { ...of, byRule: false, fingerprintHash: null };
}
