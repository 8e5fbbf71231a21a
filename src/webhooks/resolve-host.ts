import { lookup, type Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isPublicAddress } from '../kit/public-address.ts';

export interface HostAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** All addresses of a host name. Throws when there is none. */
export type LookUpHost = (host: string) => Promise<readonly HostAddress[]>;

/** The host stands for nothing that a webhook may be sent to. */
export class HostRefused extends Error {
  override readonly name = 'HostRefused';
}

/** As the system looks names up, its own file of hosts included: for development. */
export const lookUpAnyHost: LookUpHost = async (host) =>
  (await lookup(host, { all: true })) as HostAddress[];

/** As the public internet knows them. Unlike the system's own way it keeps no thread waiting for a server. */
export function createPublicLookUp(resolver: Resolver): LookUpHost {
  return async (host) => {
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const addresses = [...addressesOf(v4, 4), ...addressesOf(v6, 6)];
    if (addresses.length === 0 && v4.status === 'rejected') throw v4.reason;
    return addresses;
  };
}

function addressesOf(answer: PromiseSettledResult<string[]>, family: 4 | 6): HostAddress[] {
  return answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family })) : [];
}

/**
 * The addresses that a request may connect to. They are looked up once: whoever connects takes these, for
 * a second answer may be another one. Throws HostRefused when none is public.
 */
export async function resolveHost(
  host: string,
  { allowPrivate, lookUp }: { readonly allowPrivate: boolean; readonly lookUp: LookUpHost },
): Promise<HostAddress[]> {
  const family = isIP(host);
  const found = family === 0 ? await lookUp(host) : [{ address: host, family: family as 4 | 6 }];
  const allowed = found.filter(({ address }) => allowPrivate || isPublicAddress(address));
  // Which addresses there are instead is nobody's business outside.
  if (allowed.length === 0)
    throw new HostRefused('The host has no address on the public internet.');
  return allowed;
}
