import { expect, test } from 'vitest';
import { createChecker } from '../../src/kit/check.ts';
import { isPublicAddress } from '../../src/kit/public-address.ts';
import { readDestination } from '../../src/webhooks/destination.ts';
import { HostRefused, resolveHost } from '../../src/webhooks/resolve-host.ts';

const REFUSED = [
  // This network, and private ones.
  ...['0.0.0.0', '0.1.2.3', '0.255.255.255', '10.0.0.1', '10.255.255.255'],
  ...['172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255'],
  // Loopback, link-local, carriers.
  ...['127.0.0.1', '127.255.255.254', '169.254.0.1', '169.254.169.254'],
  ...['100.64.0.1', '100.127.255.255'],
  // Protocols, documentation, 6to4 relays, benchmarks.
  ...['192.0.0.1', '192.0.0.170', '192.0.2.1', '198.51.100.7', '203.0.113.255', '192.88.99.1'],
  ...['198.18.0.1', '198.19.255.255'],
  // Multicast, reserved, broadcast.
  ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
  // Unspecified, loopback, mapped and compatible IPv4.
  ...['::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '::127.0.0.1'],
  // NAT64, 6to4, Teredo, discard-only, ORCHID.
  ...['64:ff9b::7f00:1', '64:ff9b::8.8.8.8', '64:ff9b:1::1', '2002:7f00:1::', '2002:808:808::1'],
  ...['2001::1', '2001:0:53aa:64c:0:1:2:3', '2001:10::1', '2001:20::1', '100::1'],
  // Unique local, link-local, site-local, multicast, documentation.
  ...['fc00::1', 'fd12:3456:789a::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1'],
  ...['2001:db8::1', '3fff::1', '4000::1', '2606:4700::1%eth0'],
  // Not an address.
  ...['', 'localhost', '1.2.3', '010.0.0.1', '1.2.3.4.5'],
];

const PUBLIC = [
  ...['1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0'],
  ...['126.255.255.255', '128.0.0.0', '169.253.0.1', '169.255.0.1', '172.15.0.1', '172.32.0.1'],
  ...['192.0.1.1', '192.167.0.1', '192.169.0.1', '198.17.0.1', '198.20.0.1', '223.255.255.255'],
  ...['2606:4700:4700::1111', '2001:4860:4860::8888', '2a00:1450::1', '2003::1', '3ffe::1'],
];

test.each(REFUSED)('%j is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(PUBLIC)('%j is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

const POLICY = { allowPrivate: false, ports: [443, 80] };

function issuesOf(url: string, policy = POLICY): string[] {
  const check = createChecker();
  readDestination(check, 'url', url, policy);
  return check.fault()?.issues.map(({ message }) => message) ?? [];
}

test.each([
  ['https://example.com/hooks?a=b'],
  ['https://example.com:443/'],
  ['https://example.com:80/'],
  ['https://8.8.8.8/'],
  ['https://[2606:4700:4700::1111]/'],
  ['https://localhost.example.com/'],
])('%s may be a destination', (url) => {
  expect(issuesOf(url)).toEqual([]);
});

test.each([
  ['http://example.com/', 'https'],
  ['ftp://example.com/', 'https'],
  ['file:///etc/passwd', 'https'],
  ['example.com', 'Must be a URL'],
  ['https://', 'Must be a URL'],
  ['', 'Must not be empty'],
  [`https://example.com/${'a'.repeat(2048)}`, 'At most 2048'],
  ['https://user:pass@example.com/', 'user name'],
  ['https://user@example.com/', 'user name'],
  ['https://example.com:8443/', 'port must be one of 443, 80'],
  ['https://example.com:22/', 'port'],
  ['https://127.0.0.1/', 'public internet'],
  ['https://127.1/', 'public internet'],
  ['https://0x7f.1/', 'public internet'],
  ['https://2130706433/', 'public internet'],
  ['https://0177.0.0.1/', 'public internet'],
  ['https://127.0.0.1./', 'public internet'],
  ['https://[::1]/', 'public internet'],
  ['https://[::ffff:127.0.0.1]/', 'public internet'],
  ['https://[64:ff9b::a00:1]/', 'public internet'],
  ['https://169.254.169.254/latest/meta-data', 'public internet'],
  ['https://localhost/', 'public internet'],
  ['https://LOCALHOST./', 'public internet'],
  ['https://api.localhost/', 'public internet'],
  ['https://①②⑦.0.0.1/', 'public internet'],
])('%s may not be a destination', (url, message) => {
  expect(issuesOf(url).join(' ')).toContain(message);
});

test('in development any address and port will do, and no TLS is needed', () => {
  const policy = { allowPrivate: true, ports: [443] };
  expect(issuesOf('http://127.0.0.1:3000/', policy)).toEqual([]);
  expect(issuesOf('https://localhost:8443/', policy)).toEqual([]);
  expect(issuesOf('http://user:pass@127.0.0.1/', policy)).toHaveLength(1);
  expect(issuesOf('ftp://127.0.0.1/', policy)).toHaveLength(1);
});

test('of the addresses of a host only the public ones are used', async () => {
  const lookUp = async () => [
    { address: '10.0.0.1', family: 4 as const },
    { address: '8.8.8.8', family: 4 as const },
    { address: '::1', family: 6 as const },
  ];
  const found = await resolveHost('example.com', { allowPrivate: false, lookUp });
  expect(found).toEqual([{ address: '8.8.8.8', family: 4 }]);
});

test('a host without a public address is refused, and its addresses are not told', async () => {
  const lookUp = async () => [{ address: '10.0.0.1', family: 4 as const }];
  const refused = resolveHost('example.com', { allowPrivate: false, lookUp });
  await expect(refused).rejects.toThrow(HostRefused);
  await expect(refused).rejects.not.toThrow('10.0.0.1');
});
