import { isIP } from 'node:net';
import type { JSONWebKeySet } from 'jose';
import { issuersFrom } from '#adapters/auth/issuers.ts';
import type { SigningKey } from '#adapters/auth/keys.ts';
import { audience, issuer } from '#adapters/auth/token.ts';
import { trusting } from './tls.ts';
import type { Json } from './typed.ts';

/** Whose tokens the gateway lets pass; the services look at them again, by the same settings. */
export interface Tokens {
  /** Public keys that tokens may be signed with, or where they are. */
  jwks: JSONWebKeySet | URL;
  issuer: string;
  /** Whose tokens pass besides. */
  also?: readonly { jwks: JSONWebKeySet | URL; issuer: string }[];
  audience: string;
  /** By how much the clock of who signs may differ. */
  toleranceSeconds: number;
}

/** Tokens of the development key. */
export const ownTokens = (jwks: JSONWebKeySet): Tokens => ({ jwks, issuer, audience, toleranceSeconds: 30 });

/** As the environment says; without an identity provider, tokens of the development key. Keys of a file are read now. */
export async function tokensFrom(env: NodeJS.ProcessEnv, developmentKey: () => Promise<SigningKey>): Promise<Tokens> {
  const [first, ...also] = (await issuersFrom(env, undefined, developmentKey)) as [Known, ...Known[]];
  return {
    ...first,
    ...(also.length && { also }),
    audience: env.JARI_AUDIENCE || audience,
    toleranceSeconds: Number(env.JARI_CLOCK_TOLERANCE_SECONDS || 30),
  };
}

type Known = Pick<Tokens, 'jwks' | 'issuer'>;

const identityProvider = 'identity-provider';

/** Each issuer under the name of its cluster. */
const known = ({ jwks, issuer, also = [] }: Tokens): readonly (Known & { name: string })[] =>
  [{ jwks, issuer }, ...also].map((each, nth) => ({
    ...each,
    name: nth ? `${identityProvider}-${nth + 1}` : identityProvider,
  }));

export const tokenProviders = (tokens: Tokens): { readonly [name: string]: Json } =>
  Object.fromEntries(known(tokens).map((each) => [each.name, tokenProvider({ ...tokens, ...each })]));

/** jwt_authn's view of who signs. Keys once fetched stay good while their address does not answer; new ones are known within a minute. */
const tokenProvider = ({
  jwks,
  issuer,
  audience,
  toleranceSeconds,
  name,
}: Tokens & { name: string }): { readonly [name: string]: Json } => ({
  issuer,
  audiences: [audience],
  ...(jwks instanceof URL
    ? {
        remote_jwks: {
          http_uri: { uri: jwks.href, cluster: name, timeout: '5s' },
          cache_duration: '60s',
          // Identity's keys come through this very gateway, which must listen to have them.
          async_fetch: { fast_listener: true, failed_refetch_duration: '1s' },
        },
      }
    : { local_jwks: { inline_string: JSON.stringify(jwks) } }),
  from_headers: [{ name: 'Authorization', value_prefix: 'Bearer ' }],
  forward: true,
  payload_in_metadata: 'payload',
  clock_skew_seconds: toleranceSeconds,
  require_expiration: true,
});

/** Where keys are fetched from; none where they are given. */
export const keysClusters = (tokens: Tokens, authorities: string): Json[] =>
  known(tokens).flatMap((each) => keysCluster(each, authorities));

function keysCluster({ jwks, name }: Known & { name: string }, authorities: string): Json[] {
  if (!(jwks instanceof URL)) return [];
  const host = jwks.hostname.replace(/^\[|\]$/g, '');
  const isEncrypted = jwks.protocol === 'https:';
  return [
    {
      name,
      ...(isIP(host) ? { type: 'STATIC' } : { type: 'STRICT_DNS', dns_lookup_family: 'V4_PREFERRED' }),
      connect_timeout: '2s',
      load_assignment: {
        cluster_name: name,
        endpoints: [
          {
            lb_endpoints: [
              {
                endpoint: {
                  address: {
                    socket_address: { address: host, port_value: Number(jwks.port || (isEncrypted ? 443 : 80)) },
                  },
                },
              },
            ],
          },
        ],
      },
      ...(isEncrypted && { transport_socket: trusting([host], authorities) }),
    },
  ];
}

/** `/.well-known/jwks.json`: the keys, or the way to where they are. */
export const keysRoute = ({ jwks }: Tokens): { readonly [name: string]: Json } =>
  jwks instanceof URL
    ? {
        redirect: {
          ...{
            scheme_redirect: jwks.protocol.slice(0, -1),
            host_redirect: jwks.hostname,
            path_redirect: `${jwks.pathname}${jwks.search}`,
            response_code: 'FOUND',
          },
          port_redirect: Number(jwks.port || (jwks.protocol === 'https:' ? 443 : 80)),
        },
      }
    : {
        direct_response: { status: 200, body: { inline_string: JSON.stringify(jwks) } },
        response_headers_to_add: [
          { header: { key: 'content-type', value: 'application/json' }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' },
        ],
      };
