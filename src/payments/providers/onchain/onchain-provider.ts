import type { Clock } from '../../../kit/clock.ts';
import { ZERO } from '../../../kit/decimal.ts';
import {
  type CheckoutRequest,
  type Provider,
  ProviderError,
  type ProviderMethod,
  type ProviderPayment,
  type ProviderRecords,
} from '../../provider.ts';
import { notSupported } from '../not-supported.ts';
import type { AddressOf } from './address-of.ts';
import type { Chain } from './chain.ts';
import { instructionsOf } from './instructions.ts';
import { keepSettled, look } from './look.ts';
import { type OnchainPayment, type Standing, standingOf } from './onchain-payment.ts';
import type { OnchainTerms } from './read-terms.ts';
import { unitsOf } from './units.ts';

export interface OnchainDeps {
  readonly terms: OnchainTerms;
  readonly chain: Chain;
  readonly records: ProviderRecords;
  readonly clock: Clock;
  readonly addressOf: AddressOf;
}

/** Payments to an address of their own; how they are counted is described with the module. A payment's ref is its id. */
export function createOnchainProvider(deps: OnchainDeps): Provider {
  const { terms, chain, records, clock } = deps;
  const { confirmations } = terms;
  return {
    async createCheckout(request) {
      const { paymentId } = request;
      if (request.currency.code !== terms.asset) {
        throw notSupported(`Only ${terms.asset} can be paid this way.`);
      }
      const known = await records.read(paymentId);
      // The first that is stored counts: whoever comes at the same time shows the same address.
      const payment = known ?? (await records.create(paymentId, await beginOf(deps, request)));
      const instructions = instructionsOf(payment as OnchainPayment);
      return { ref: paymentId, url: null, instructions };
    },

    async fetchPayment(ref) {
      const payment = (await records.read(ref)) as OnchainPayment | null;
      if (payment == null) return null;
      if (payment.chainId !== terms.chainId) throw otherChain(payment);
      await chain.verify();
      const sight = await look({ chain, records, confirmations }, ref, payment);
      const standing = standingOf(sight, clock.now());
      if (standing.status === 'SETTLED') await keepSettled({ records }, ref, sight.payment);
      return shown(ref, sight.payment, standing);
    },

    /** The address cannot be taken away, and what comes to it still counts. */
    async cancelPayment(ref) {
      await records.update(ref, (current) => {
        const payment = current as OnchainPayment;
        return { ...payment, canceledAt: payment.canceledAt ?? clock.now().toISOString() };
      });
    },

    async chargeMethod() {
      throw notSupported('A wallet cannot be charged without whoever holds it.');
    },

    async refund() {
      throw notSupported('What was paid to an address is sent back by hand: no key is here.');
    },

    // Nobody signs any: it is asked for.
    readWebhook: () => 'NO_SIGNATURE',
  };
}

async function beginOf(
  { terms, chain, records, addressOf }: OnchainDeps,
  { amount, expiresAt }: CheckoutRequest,
): Promise<OnchainPayment> {
  const { chainId, asset, token, decimals, confirmations } = terms;
  const asked = unitsOf(amount, decimals);
  if (asked === null) {
    throw notSupported(`${asset} has ${decimals} decimal places, and the amount has more.`);
  }
  await chain.verify();
  const head = await chain.head();
  const address = addressOf(await records.nextIndex());
  // The chain may still put another block in the place of the newest ones.
  const begun = Math.max(head - confirmations, -1);
  return {
    address,
    chainId,
    asset,
    token,
    decimals,
    asked: String(asked),
    expiresAt: expiresAt.toISOString(),
    canceledAt: null,
    isSettled: false,
    before: String(token === null ? await chain.balance(address, 'latest') : 0n),
    scannedTo: begun,
    countedTo: begun,
    counted: '0',
    recent: [],
    payer: null,
  };
}

function shown(
  ref: string,
  { asset, payer }: OnchainPayment,
  { status, paid }: Standing,
): ProviderPayment {
  return {
    ref,
    paymentId: ref,
    status,
    currency: asset,
    paid,
    tax: ZERO,
    refunds: [],
    disputes: [],
    method: payer === null ? null : methodOf(asset, payer),
    failure: null,
    actionUrl: null,
  };
}

function methodOf(asset: string, payer: string): ProviderMethod {
  const last4 = payer.slice(-4);
  return { token: null, brand: asset, last4, expMonth: null, expYear: null, fingerprint: payer };
}

function otherChain({ chainId }: OnchainPayment): ProviderError {
  const message = `It was to be paid on chain ${chainId}, which is configured no longer.`;
  return new ProviderError('WRONG_CHAIN', message, false);
}
