import { ChannelCredentials, credentials, ServerCredentials, type ChannelOptions } from '@grpc/grpc-js';
import type { Tls } from '#adapters/tls/tls.ts';

/** Callers and servers of one installation either all have certificates or none has. */
export const serverCredentials = (tls: Tls | undefined): ServerCredentials =>
  tls?.own
    ? ServerCredentials.createSsl(
        tls.authorities ?? null,
        [{ cert_chain: tls.own.cert, private_key: tls.own.key }],
        tls.isMutual,
      )
    : ServerCredentials.createInsecure();

/** How a server is called. The process itself, which is called as `127.0.0.1:PORT`, shows the name of its own certificate. */
export function channelTo(
  address: string,
  tls: Tls | undefined,
): { credentials: ChannelCredentials; options: ChannelOptions } {
  if (!tls?.own) return { credentials: credentials.createInsecure(), options: {} };
  return {
    credentials: credentials.createSsl(tls.authorities ?? null, tls.own.key, tls.own.cert),
    options: address.startsWith('127.0.0.1:') ? { 'grpc.ssl_target_name_override': tls.own.name } : {},
  };
}
