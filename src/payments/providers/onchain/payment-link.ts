import type { Units } from './units.ts';

/** What a wallet is asked for. */
export interface PaymentLink {
  readonly chainId: number;
  /** Null for the chain's own coin. */
  readonly token: string | null;
  readonly address: string;
  readonly units: Units;
}

/** The link that wallets open and scan, as EIP-681 writes it. */
export function paymentLink({ chainId, token, address, units }: PaymentLink): string {
  if (token === null) return `ethereum:${address}@${chainId}?value=${units}`;
  return `ethereum:${token}@${chainId}/transfer?address=${address}&uint256=${units}`;
}
