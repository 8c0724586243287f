import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { clientTls, type Tls } from '#adapters/tls/tls.ts';

export interface Encryption {
  /** The address without what it says of encryption. */
  address: string;
  /** Undefined: in plain text. */
  ssl: ConnectionOptions | undefined;
}

const parameters = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'];

/**
 * How a database is spoken to, as its address says in libpq's words. MikroORM passes over them, so they are given to pg by hand. Any mode
 * but `disable` and `no-verify` verifies the certificate and the name in it. The files in the address come before the process's own.
 */
export function encryption(url: string, tls: Tls | undefined): Encryption {
  const address = new URL(url);
  const [mode, authority, cert, key] = parameters.map((name) => address.searchParams.get(name)) as [
    string | null,
    string | null,
    string | null,
    string | null,
  ];
  for (const name of parameters) address.searchParams.delete(name);
  if (mode === null || mode === 'disable') return { address: address.href, ssl: undefined };
  const ssl: ConnectionOptions = {
    host: address.hostname, // pg tells Node.js the name alone, so an IP address would be taken for `localhost`
    ...(tls && clientTls(tls)),
    ...(authority && { ca: readFileSync(authority) }),
    ...(cert && key && { cert: readFileSync(cert), key: readFileSync(key) }),
    ...(mode === 'no-verify' && { rejectUnauthorized: false }),
  };
  return { address: address.href, ssl };
}
