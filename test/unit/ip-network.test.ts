import { describe, expect, it } from 'vitest';
import { ipNetwork } from '../../src/kit/ip-network.ts';

describe('The network of an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['1::2:3:4:5:6', '1:0:0:2::/64'],
  ])('of %s is %s', (address, network) => {
    expect(ipNetwork(address)).toBe(network);
  });

  it.each(['', 'localhost', '203.0.113', '2001:db8', '1.2.3.4, 5.6.7.8'])(
    'of %j is none',
    (text) => {
      expect(ipNetwork(text)).toBeNull();
    },
  );
});
