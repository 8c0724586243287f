import { isIPv6 } from 'node:net';

/**
 * The address that a call comes from. Each proxy adds the address that it was called from at the end of `x-forwarded-for`; `hops` is how
 * many of them, counted from us, are believed. With none, it is the other end of the connection: anybody can write that header.
 */
export function clientAddress(peer: string, forwardedFor: string | undefined, hops: number): string {
  const told =
    forwardedFor
      ?.split(',')
      .map((each) => each.trim())
      .filter(Boolean) ?? [];
  const believed = [...told, peer].slice(-(hops + 1));
  return plainAddress(believed[0] ?? peer);
}

/** `::ffff:192.0.2.1` → `192.0.2.1` */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

/**
 * What is counted where a limit is for an address. Whoever has one IPv6 address has the 2⁶⁴ of its network (/64): they count as one.
 * An IPv4 address written as IPv6 counts as that address.
 */
export function placeOf(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address);
  const isIPv4 = groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff';
  if (!isIPv4) return `${groups.slice(0, 4).join(':')}::/64`;
  return groups
    .slice(6)
    .map((group) => parseInt(group, 16))
    .flatMap((pair) => [pair >> 8, pair & 255])
    .join('.');
}

/** The eight groups of an IPv6 address as one writes them; a URL's host is in the shortest spelling, without a dotted end. */
function groupsOf(address: string): readonly string[] {
  const shortest = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [before = [], after = []] = shortest.split('::').map((part) => part.split(':').filter(Boolean));
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
}

/** `192.0.2.1:50123` → `192.0.2.1` */
export const withoutPort = (peer: string): string => peer.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');

/** What a gateway tells a service of the address; it overwrites what a caller writes there. */
export const addressHeader = 'jari-client-address';

/** Where services and the gateway share a process, callers reach the services directly as well: only who shows this secret is the gateway. */
export const gatewayHeader = 'jari-gateway';
