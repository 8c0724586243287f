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

/** `192.0.2.1:50123` → `192.0.2.1` */
export const withoutPort = (peer: string): string => peer.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');

/** What a gateway tells a service of the address; it overwrites what a caller writes there. */
export const addressHeader = 'jari-client-address';

/** Where services and the gateway share a process, callers reach the services directly as well: only who shows this secret is the gateway. */
export const gatewayHeader = 'jari-gateway';
