import { renderSVG } from 'uqr';
import { plain } from '../../../kit/decimal.ts';
import type { OnchainPayment } from './onchain-payment.ts';
import { paymentLink } from './payment-link.ts';
import { amountOf } from './units.ts';

/** What whoever pays has to know: as text, as a link, and as a picture of the link. */
export function instructionsOf(payment: OnchainPayment): Readonly<Record<string, string>> {
  const { address, asset, chainId, token, decimals, expiresAt } = payment;
  const units = BigInt(payment.asked);
  const uri = paymentLink({ chainId, token, address, units });
  return {
    address,
    amount: plain(amountOf(units, decimals)),
    asset,
    chainId: String(chainId),
    ...(token !== null && { token }),
    uri,
    qrSvg: renderSVG(uri),
    expiresAt,
  };
}
