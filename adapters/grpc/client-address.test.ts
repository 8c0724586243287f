import { describe, expect, test } from '@jest/globals';
import { clientAddress, placeOf, withoutPort } from './client-address.ts';

describe('the client is', () => {
  test.each([
    ['the other end of the connection, whatever it writes', '192.0.2.9', '203.0.113.1', 0, '192.0.2.9'],
    ['what the one trusted proxy saw', '192.0.2.9', '203.0.113.1, 198.51.100.7', 1, '198.51.100.7'],
    ['what the first of two trusted proxies saw', '192.0.2.9', '203.0.113.1, 198.51.100.7', 2, '203.0.113.1'],
    ['the first that is named, where there are fewer', '192.0.2.9', '198.51.100.7', 3, '198.51.100.7'],
    ['the proxy itself, where it named nobody', '192.0.2.9', undefined, 1, '192.0.2.9'],
    ['an IPv4 address as it is commonly written', '::ffff:192.0.2.9', undefined, 0, '192.0.2.9'],
  ])('%s', (_, peer, forwarded, hops, expected) => expect(clientAddress(peer, forwarded, hops)).toBe(expected));
});

test.each([
  ['192.0.2.1:50123', '192.0.2.1'],
  ['[2001:db8::1]:50123', '2001:db8::1'],
  ['2001:db8::1:50123', '2001:db8::1'],
])('%s without its port is %s', (peer, expected) => expect(withoutPort(peer)).toBe(expected));

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:2:2::1', '2001:db8:2:2::/64'],
  ['2001:DB8:0002:2:ffff:ffff:ffff:ffff', '2001:db8:2:2::/64'],
  ['2001:db8::2:0:0:0:1', '2001:db8:0:2::/64'],
  ['2001:db8:2:3::1', '2001:db8:2:3::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::ffff:c000:201', '192.0.2.1'],
  ['0:0:0:0:0:FFFF:192.0.2.1', '192.0.2.1'],
  ['1:2:3:4:5:ffff:c000:201', '1:2:3:4::/64'],
  ['', ''],
  ['no address', 'no address'],
])('%s is counted as %s', (address, place) => expect(placeOf(address)).toBe(place));
