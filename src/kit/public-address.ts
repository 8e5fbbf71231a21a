import { BlockList, isIP } from 'node:net';

/** What IANA lists as not globally reachable, and what leads back to such addresses by other names. */
const REFUSED_V4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  // Between a carrier and its customers.
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Link-local: also where clouds answer for a machine's own credentials.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Multicast, what is reserved, and broadcast.
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/**
 * The rest of IPv6 is not routed to anybody, or is another way to write IPv4 (`::ffff:0:0/96`,
 * `64:ff9b::/96`), or private (`fc00::/7`, `fe80::/10`, `::1`).
 */
const GLOBAL_V6: readonly [string, number] = ['2000::', 3];

const REFUSED_V6: readonly [string, number][] = [
  // Protocols of the IETF, Teredo among them.
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4: an IPv4 address inside.
  ['2002::', 16],
  ['3fff::', 20],
];

const refusedV4 = new BlockList();
for (const [net, bits] of REFUSED_V4) refusedV4.addSubnet(net, bits, 'ipv4');
const globalV6 = new BlockList();
globalV6.addSubnet(...GLOBAL_V6, 'ipv6');
const refusedV6 = new BlockList();
for (const [net, bits] of REFUSED_V6) refusedV6.addSubnet(net, bits, 'ipv6');

/** Whether an IP address belongs to the public internet: nothing of our own network answers there. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refusedV4.check(address, 'ipv4');
    case 6:
      // A zone (`fe80::1%eth0`) names one of our own interfaces.
      if (address.includes('%')) return false;
      return globalV6.check(address, 'ipv6') && !refusedV6.check(address, 'ipv6');
    default:
      return false;
  }
}
