import { readFileSync } from 'node:fs';
import { cookieNames, notFromOwnPage } from '#adapters/auth/cookies.ts';
import { maxBodyBytes } from '#adapters/gateway/headers.ts';
import { localReply, statusJson } from '#adapters/gateway/local-replies.ts';
import { anyService } from './clusters.ts';
import type { Gateway } from './config.ts';
import { literal, requestFilter } from './lua.ts';
import type { PublicMethod } from './methods.ts';
import { tokenProviders } from './tokens.ts';
import { typed, type Json } from './typed.ts';

const jwtAuthn = 'envoy.filters.http.jwt_authn';
const extension = 'envoy.extensions.filters.http';

/** In the order in which a request meets them: what costs little and refuses much comes first. */
export const httpFilters = (gateway: Gateway, methods: readonly PublicMethod[]): Json[] => [
  filter('health_check', `${extension}.health_check.v3.HealthCheck`, readiness),
  filter('cors', `${extension}.cors.v3.Cors`),
  ...compressors,
  // The addresses of one IPv6 network (/64) count as one, as in services.
  ...rateLimit(
    'address',
    gateway.rates.perAddress,
    { masked_remote_address: { v4_prefix_mask_len: 32, v6_prefix_mask_len: 64 } },
    'masked_remote_address',
  ),
  filter('body_size_limit', `${extension}.body_size_limit.v3.BodySizeLimit`, { max_request_bytes: maxBodyBytes }),
  filter('header_mutation', `${extension}.header_mutation.v3.HeaderMutation`, {}),
  lua('authorization', authorizationFilter(gateway.publicUrl)),
  filter('jwt_authn', `${extension}.jwt_authn.v3.JwtAuthentication`, authentication(gateway)),
  ...rateLimit(
    'subject',
    gateway.rates.perSubject,
    { metadata: { ...subject, descriptor_key: 'sub', source: 'DYNAMIC', skip_if_absent: true } },
    'sub',
  ),
  lua('requests', requestFilter(gateway.descriptorSet, methods)),
  filter('grpc_web', `${extension}.grpc_web.v3.GrpcWeb`),
  { name: 'envoy.filters.http.grpc_json_transcoder', typed_config: transcoder(gateway, methods) },
  // After the transcoder it sees the gRPC path whatever way a request came, so that one rule covers them all.
  filter('rbac', `${extension}.rbac.v3.RBAC`, { rules: whoMayPass(gateway, methods) }),
  filter('router', `${extension}.router.v3.Router`),
];

const filter = (name: string, type: string, fields: { readonly [name: string]: Json } = {}): Json => ({
  name: `envoy.filters.http.${name}`,
  typed_config: typed(type, fields),
});

const lua = (name: string, source: string): Json =>
  filter(`lua.${name}`, `${extension}.lua.v3.Lua`, { default_source_code: { inline_string: source } });

/** Ready when there is anyone behind us. Were it every service, one that is down would take the others along. */
const readiness = {
  pass_through_mode: false,
  headers: [
    { name: ':path', string_match: { exact: '/readyz' } },
    { name: ':method', string_match: { safe_regex: { regex: 'GET|HEAD' } } },
  ],
  cluster_min_healthy_percentages: { [anyService]: { value: 1 } },
};

const compressors = (['brotli', 'gzip'] as const).map((name) => ({
  name: `envoy.filters.http.compressor.${name}`,
  typed_config: typed(`${extension}.compressor.v3.Compressor`, {
    compressor_library: {
      name,
      typed_config: typed(
        `envoy.extensions.compression.${name}.compressor.v3.${name === 'brotli' ? 'Brotli' : 'Gzip'}`,
        name === 'brotli' ? { quality: 4 } : {},
      ),
    },
    response_direction_config: {
      common_config: {
        min_content_length: 256,
        content_type: [
          'application/json',
          'text/html',
          'text/css',
          'text/javascript',
          'application/javascript',
          'image/svg+xml',
        ],
      },
    },
  }),
}));

/** A bucket for each value that the action finds; the filter's own bucket is never empty. */
function rateLimit(name: string, perSecond: number, action: Json, key: string): Json[] {
  if (perSecond === 0) return [];
  const bucket = (size: number, fill: number): Json => ({
    max_tokens: size,
    tokens_per_fill: fill,
    fill_interval: '1s',
  });
  return [
    {
      name: `envoy.filters.http.local_ratelimit.${name}`,
      typed_config: typed(`${extension}.local_ratelimit.v3.LocalRateLimit`, {
        stat_prefix: `rate_per_${name}`,
        token_bucket: bucket(1_000_000, 1_000_000),
        always_consume_default_token_bucket: false,
        filter_enabled: { default_value: { numerator: 100 } },
        filter_enforced: { default_value: { numerator: 100 } },
        rate_limited_as_resource_exhausted: true,
        max_dynamic_descriptors: 10_000,
        rate_limits: [{ actions: [action] }],
        descriptors: [{ entries: [{ key }], token_bucket: bucket(2 * perSecond, perSecond) }],
      }),
    },
  ];
}

const subject = { metadata_key: { key: jwtAuthn, path: [{ key: 'payload' }, { key: 'sub' }] } };

/** Its settings, and the code that reads them. */
function authorizationFilter(publicUrl: string): string {
  const settings = {
    token_cookie: cookieNames(publicUrl).token,
    own_origin: publicUrl && new URL(publicUrl).origin,
    forbidden: JSON.stringify(statusJson(localReply(403), notFromOwnPage)),
  };
  const lines = Object.entries(settings).map(([name, value]) => `local ${name} = ${literal(value)}\n`);
  return lines.join('') + readFileSync(new URL('authorization.lua', import.meta.url), 'utf8');
}

/** A bad token is refused here; the service looks at it again, and decides what its bearer may do. */
const authentication = ({ tokens }: Gateway): { readonly [name: string]: Json } => ({
  bypass_cors_preflight: true,
  providers: tokenProviders(tokens),
  rules: [
    {
      match: { prefix: '/' },
      requires: {
        requires_any: {
          requirements: [
            ...Object.keys(tokenProviders(tokens)).map((name) => ({ provider_name: name })),
            { allow_missing: {} },
          ],
        },
      },
    },
  ],
});

/** REST to gRPC and back; a stream's route has one that writes server-sent events. */
export const transcoder = ({ descriptorPath }: Gateway, methods: readonly PublicMethod[], asEvents = false): Json =>
  typed(`${extension}.grpc_json_transcoder.v3.GrpcJsonTranscoder`, {
    proto_descriptor: descriptorPath,
    services: [...new Set(methods.map(({ service }) => service))],
    convert_grpc_status: true,
    print_options: {
      always_print_primitive_fields: true,
      ...(asEvents && { stream_newline_delimited: true, stream_sse_style_delimited: true }),
    },
    request_validation_options: { reject_unknown_query_parameters: true },
    // As in a form: a plus sign is written %2B.
    query_param_unescape_plus: true,
    max_request_body_size: maxBodyBytes,
    max_response_body_size: 4 << 20,
  });

/** Without a token one reaches nothing but what is open by name: a method that nobody thought of is closed. */
function whoMayPass({ services }: Gateway, methods: readonly PublicMethod[]): Json {
  const isOpen = ({ context, name }: PublicMethod): boolean =>
    services.some((service) => service.name === context && service.open.includes(name));
  const paths = (match: Json): Json => ({ url_path: { path: match } });
  return {
    action: 'ALLOW',
    policies: {
      'with a token': {
        permissions: [{ any: true }],
        principals: [
          {
            sourced_metadata: {
              metadata_matcher: { filter: jwtAuthn, path: subject.metadata_key.path, value: { present_match: true } },
            },
          },
        ],
      },
      'what is open': {
        permissions: [
          ...methods.filter(isOpen).map(({ path }) => paths({ exact: path })),
          { not_rule: paths({ prefix: '/jari.' }) },
        ],
        principals: [{ any: true }],
      },
    },
  };
}
