import { sha256Hex } from '../../kit/canonical.ts';
import { ipNetwork } from '../../kit/ip-network.ts';
import type { Cipher } from '../cipher.ts';

/**
 * The same for addresses of the same owner in one organization. There are few enough addresses to try them all: without the key of
 * the server nobody can, and where there is none it is as good as a hash is. Null for none, and for what is no address.
 */
export function hashNetwork(
  cipher: Cipher | null,
  organizationId: string,
  ip: string | null,
): string | null {
  const network = ip === null ? null : ipNetwork(ip);
  if (network === null) return null;
  const text = `${organizationId}:${network}`;
  return cipher === null ? sha256Hex(text) : cipher.digest(text);
}
