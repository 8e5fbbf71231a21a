import type { ProviderField, ProviderModule } from '../../provider-module.ts';
import { createCallJson, PATIENCE, type Patience } from '../json-api.ts';
import { readProviderUrl, urlProblem } from '../provider-url.ts';
import { createAddressOf } from './address-of.ts';
import { createChain } from './chain.ts';
import { createJsonRpc } from './json-rpc.ts';
import { createOnchainProvider } from './onchain-provider.ts';
import { readTerms } from './read-terms.ts';

/** A thousand blocks of transfers to one address, with room for those that somebody sends to fill it. */
const ANSWER_MAX_BYTES = 4 * 1024 * 1024;

const FIELDS: readonly ProviderField[] = [
  // May hold the key of whoever runs the node, in its path.
  { name: 'rpcUrl', isSecret: true, isRequired: true, problemOf: urlProblem },
  { name: 'chainId', isSecret: false, isRequired: true, problemOf: chainIdProblem },
  { name: 'xpub', isSecret: false, isRequired: true, problemOf: xpubProblem },
  { name: 'asset', isSecret: false, isRequired: true, problemOf: assetProblem },
  // Without it the chain's own coin is taken.
  { name: 'token', isSecret: false, isRequired: false, problemOf: tokenProblem },
  { name: 'tokenDecimals', isSecret: false, isRequired: false, problemOf: decimalsProblem },
  { name: 'confirmations', isSecret: false, isRequired: false, problemOf: confirmationsProblem },
];

/**
 * Payments straight to an address of the merchant's, on a chain of Ethereum's kind. Each payment gets an address of its
 * own, made of an extended public key (`0/<index>` below it): what can spend the money is never here.
 *
 * **The key** is that of an account, such as `m/44'/60'/0'`, of which nothing else is taken and which no other
 * provider, here or elsewhere, is given: two that count from 0 would take the same payment twice. Payments that
 * nobody makes leave addresses unused, so a wallet that looks for the money has to look past gaps.
 *
 * **What is credited.** A payment is looked at whenever it is asked for: nobody tells us anything. A transfer counts
 * when it has as many confirmations as were asked for (its own block is the first); until then it makes the payment
 * AUTHORIZED. It is SETTLED as soon as all of it is there, with all that is there: more than was asked for is credited
 * too. Less stays open until the page expires, and is then SETTLED with what there is; EXPIRED is a payment to which nothing
 * came. What comes later still counts, for whoever asks again.
 *
 * **Dust.** The sum of all transfers is kept in the token's own units, and told to 12 decimal places, cut off: what is
 * below that (of a token with 18) is the merchant's, and counts as soon as other dust makes it a whole step.
 *
 * **The chain's own coin** has no list of transfers, so the balance of the address is looked at, and what counts is the most
 * that it was. Whoever moves it away before the payment is settled has the rest of it go uncounted. Tokens can be moved at any time.
 */
export function createOnchainModule(patience: Patience): ProviderModule {
  return {
    kind: 'ONCHAIN',
    fields: FIELDS,
    async open(config, { clock, records, allowPrivate }) {
      const terms = readTerms(config);
      const url = readProviderUrl(config.rpcUrl ?? '', allowPrivate);
      const maxBytes = ANSWER_MAX_BYTES;
      const call = createCallJson({ headers: {}, allowPrivate, maxBytes, patience });
      const addressOf = await createAddressOf(config.xpub ?? '');
      const chain = createChain(createJsonRpc(url, call), terms);
      return createOnchainProvider({ terms, chain, records, clock, addressOf });
    },
  };
}

export const onchainModule: ProviderModule = createOnchainModule(PATIENCE);

function chainIdProblem(value: string): string | null {
  return /^[1-9]\d{0,14}$/.test(value) ? null : 'Must be the number of a chain, such as 8453.';
}

function xpubProblem(value: string): string | null {
  if (/^[xyzt]prv/i.test(value.trim())) {
    return 'This is a private key, and none belongs here: take the public one, which begins with "xpub".';
  }
  if (/^xpub[1-9A-HJ-NP-Za-km-z]{107}$/.test(value)) return null;
  return 'Must be an extended public key: "xpub" and 107 more characters.';
}

function assetProblem(value: string): string | null {
  if (/^[A-Za-z][A-Za-z0-9_.:-]{0,63}$/.test(value)) return null;
  return 'Must be the code of an asset, such as USDC.';
}

function tokenProblem(value: string): string | null {
  if (value === '' || /^0x[0-9a-fA-F]{40}$/.test(value)) return null;
  return 'Must be the address of a token: "0x" and 40 hexadecimal digits.';
}

function decimalsProblem(value: string): string | null {
  return value === '' || isWholeTo(value, 0, 36) ? null : 'Must be a whole number from 0 to 36.';
}

/** More would ask for balances that most nodes have forgotten: they keep those of 128 blocks. */
function confirmationsProblem(value: string): string | null {
  return value === '' || isWholeTo(value, 1, 100) ? null : 'Must be a whole number from 1 to 100.';
}

function isWholeTo(value: string, from: number, to: number): boolean {
  return /^\d{1,3}$/.test(value) && Number(value) >= from && Number(value) <= to;
}
