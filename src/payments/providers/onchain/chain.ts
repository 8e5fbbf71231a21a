import { ProviderError } from '../../provider.ts';
import { type JsonRpc, quantity, readQuantity } from './json-rpc.ts';
import type { OnchainTerms } from './read-terms.ts';
import { createFindTransfers, type Path, type Reach } from './transfers.ts';

/** What a node knows. */
export interface Chain {
  /** Makes sure, once, that it is the chain and the token that we think. */
  verify(): Promise<void>;
  /** The number of the newest block. */
  head(): Promise<number>;
  /** Of the chain's own coin, behind a block. */
  balance(address: string, block: number | 'latest'): Promise<bigint>;
  /** In blocks from one on, up to a last one or as far as one request reaches. */
  transfers(path: Path, from: number, last: number): Promise<Reach>;
}

/** `decimals()` */
const DECIMALS_CALL = '0x313ce567';

export function createChain(ask: JsonRpc, terms: OnchainTerms): Chain {
  let isVerified = false;

  async function verifyChain(): Promise<void> {
    const chainId = readQuantity(await ask('eth_chainId', []));
    if (chainId === BigInt(terms.chainId)) return;
    const message = `The node is one of chain ${chainId}, and not of ${terms.chainId}.`;
    throw new ProviderError('WRONG_CHAIN', message, false);
  }

  /** A wrong number of decimals would credit a multiple of what was paid. */
  async function verifyToken(token: string): Promise<void> {
    const answer = await ask('eth_call', [{ to: token, data: DECIMALS_CALL }, 'latest']);
    if (answer === '0x') {
      throw new ProviderError('WRONG_TOKEN', 'There is no token at its address.', false);
    }
    const decimals = readQuantity(answer);
    if (decimals === BigInt(terms.decimals)) return;
    const message = `The token has ${decimals} decimals, and not ${terms.decimals}.`;
    throw new ProviderError('WRONG_DECIMALS', message, false);
  }

  return {
    async verify() {
      if (isVerified) return;
      await verifyChain();
      if (terms.token !== null) await verifyToken(terms.token);
      isVerified = true;
    },
    head: async () => Number(readQuantity(await ask('eth_blockNumber', []))),
    async balance(address, block) {
      const tag = block === 'latest' ? block : quantity(block);
      return readQuantity(await ask('eth_getBalance', [address, tag]));
    },
    transfers: createFindTransfers(ask),
  };
}
