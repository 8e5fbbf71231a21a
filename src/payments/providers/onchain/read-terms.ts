import { ProviderError } from '../../provider.ts';
import type { ProviderConfig } from '../../provider-module.ts';

/** What is taken, and when it counts. */
export interface OnchainTerms {
  readonly chainId: number;
  /** The code of what is paid: `USDC`. */
  readonly asset: string;
  /** In lower case; null is the chain's own coin. */
  readonly token: string | null;
  /** A unit is 10^-decimals. */
  readonly decimals: number;
  /** Of the transfer's own block and those after it. */
  readonly confirmations: number;
}

const CONFIRMATIONS_DEFAULT = '12';
/** Those of the chain's own coin. */
const COIN_DECIMALS = '18';

/** Field by field the config has been checked. Empty is the same as left out. */
export function readTerms(config: ProviderConfig): OnchainTerms {
  const token = config.token || null;
  const decimals = config.tokenDecimals || (token === null ? COIN_DECIMALS : null);
  if (decimals === null) {
    throw new ProviderError('BAD_CONFIG', 'Say the decimals of the token: "tokenDecimals".', false);
  }
  return {
    chainId: Number(config.chainId),
    asset: config.asset ?? '',
    token: token?.toLowerCase() ?? null,
    decimals: Number(decimals),
    confirmations: Number(config.confirmations || CONFIRMATIONS_DEFAULT),
  };
}
