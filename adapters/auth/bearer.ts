import { RpcError } from '#adapters/rpc/errors.ts';

/**
 * The token in an `authorization` header, which everybody reads by this one rule (RFC 9110): the scheme in any case, spaces, the token.
 * Undefined without the header. UNAUTHENTICATED for any other scheme. In Envoy, deploy/envoy/authorization.lua holds the same rule.
 */
export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const [, token] = /^bearer +([^\s,]+) *$/i.exec(authorization) ?? [];
  if (!token) throw new RpcError('UNAUTHENTICATED', 'UNAUTHENTICATED', 'authorization must be: Bearer TOKEN');
  return token;
}
