import { Metadata } from '@grpc/grpc-js';
import type { IncomingHttpHeaders } from 'node:http';
import { addressHeader, gatewayHeader } from '#adapters/grpc/client-address.ts';
import { preferredLanguage } from '#kernel/language.ts';
import { callTimeoutMs } from './headers.ts';
import { Malformed } from './malformed.ts';

const passedOn = ['idempotency-key', 'traceparent', 'tracestate'] as const;

/** What a service learns of the request beside its message. */
export function metadataOf(
  headers: IncomingHttpHeaders,
  {
    requestId,
    authorization,
    address,
    gatewaySecret,
  }: { requestId: string; authorization: string | undefined; address: string; gatewaySecret: string | undefined },
): Metadata {
  const metadata = new Metadata();
  const set = (name: string, value: string | undefined): void => {
    if (value === undefined) return;
    if (!/^[ -~]*$/.test(value)) throw new Malformed(`the header ${name} may only hold ASCII`);
    metadata.set(name, value);
  };
  set('x-request-id', requestId);
  set('authorization', authorization);
  set(addressHeader, address);
  set(gatewayHeader, gatewaySecret);
  set('accept-language', preferredLanguage(headers['accept-language']));
  for (const name of passedOn) set(name, headers[name]?.toString());
  return metadata;
}

const unitsMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** By a `grpc-timeout` such as `500m`; one that says nothing sensible is passed over. */
export function timeoutMs(grpcTimeout: string | undefined): number {
  const [, amount, unit] = /^(\d{1,8})([HMSmun])$/.exec(grpcTimeout ?? '') ?? [];
  return amount && unit ? Math.min(callTimeoutMs, Number(amount) * (unitsMs[unit] ?? 1)) : callTimeoutMs;
}

/** Those of a service's answer that are for the caller: `retry-after`, `etag`. The others belong to the call between us. */
export const headersOfService = (metadata: Metadata): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata.getMap()).flatMap(([name, value]) =>
      /^(grpc-.*|.*-bin|content-(?!disposition).*|x-envoy-.*|date|connection|transfer-encoding)$/.test(name)
        ? []
        : [[name, value.toString()]],
    ),
  );
