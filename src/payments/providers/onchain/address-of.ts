import { ECDH } from 'node:crypto';
import { ProviderError } from '../../provider.ts';

/** The address at `0/<index>` below an extended public key, with the checksum in its letters. */
export type AddressOf = (index: number) => string;

/** The library is large and most servers never need it, so it is loaded by the first who does. */
export async function createAddressOf(xpub: string): Promise<AddressOf> {
  const { HDKey, publicKeyToAddress } = await import('viem/accounts');
  const external = externalOf(() => HDKey.fromExtendedKey(xpub));
  return (index) => {
    const { publicKey } = external.deriveChild(index);
    if (publicKey === null) throw new Error('A public key has children without one.');
    const hex = ECDH.convertKey(publicKey, 'secp256k1', undefined, 'hex', 'uncompressed');
    return publicKeyToAddress(`0x${hex}`);
  };
}

interface Key {
  readonly publicKey: Uint8Array | null;
  readonly privateKey: Uint8Array | null;
  deriveChild(index: number): Key;
}

/** Chain 0, which wallets give addresses out of; 1 is for their change. */
function externalOf(read: () => Key): Key {
  let key: Key;
  try {
    key = read();
  } catch {
    throw new ProviderError('BAD_CONFIG', 'The extended public key has a wrong checksum.', false);
  }
  if (key.privateKey !== null) {
    throw new ProviderError('BAD_CONFIG', 'A private key is never taken.', false);
  }
  return key.deriveChild(0);
}
