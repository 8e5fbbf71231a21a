import { isIP } from 'node:net';

/** Groups of an address of IPv6 that say whose it is: the rest is for its owner to choose. */
const NETWORK_GROUPS = 4;
const GROUPS = 8;

/**
 * What addresses of one owner have in common, in one way of writing: all of one of IPv4, and the first 64 bits of one of IPv6,
 * of which everybody has as many as he likes. Null for what is no address.
 */
export function ipNetwork(text: string): string | null {
  const [address = ''] = text.split('%');
  switch (isIP(address)) {
    case 4:
      return address;
    case 6:
      return networkOf(groupsOf(address));
    default:
      return null;
  }
}

function networkOf(groups: readonly number[]): string {
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return [...bytesOf(groups[6]), ...bytesOf(groups[7])].join('.');
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}

/** The parser of addresses in URLs writes each in one way, without dots. */
function groupsOf(address: string): number[] {
  const written = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [before = '', after] = written.split('::');
  const [head, tail] = [before, after ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  const left = (head ?? []).map((group) => Number.parseInt(group, 16));
  const right = (tail ?? []).map((group) => Number.parseInt(group, 16));
  const zeros = Array.from({ length: GROUPS - left.length - right.length }, () => 0);
  return [...left, ...zeros, ...right];
}

function bytesOf(group = 0): number[] {
  return [group >> 8, group & 0xff];
}
