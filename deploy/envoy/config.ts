/**
 * The gateway's configuration, generated: from the protos (what is offered, what is read, what streams) and the one list of services.
 * Envoy expands no environment variables, so there is one for each place it runs at.
 *
 *     npm run -s envoy:config -- local|compose > envoy.json
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { developmentKey } from '#adapters/auth/keys.ts';
import { addressHeader } from '#adapters/grpc/client-address.ts';
import { answerHeaders, cors, maxHeaderBytes } from '#adapters/gateway/headers.ts';
import { SettingsError } from '#adapters/settings/settings.ts';
import { envoyProblems, refuseUnfit } from '../../services/production.ts';
import { services as serviceList, web, type ServiceEntry } from '../../services/registry.ts';
import { clusters } from './clusters.ts';
import { httpFilters } from './filters.ts';
import { publicMethods } from './methods.ts';
import { localReplyConfig } from './replies.ts';
import { overloadManager } from './overload.ts';
import { maxOwnAnswerBytes, routes, unknownHost } from './routes.ts';
import { encryptionFrom, showing, systemAuthorities, type Encryption } from './tls.ts';
import { keysClusters, tokensFrom, type Tokens } from './tokens.ts';
import { typed, type Json } from './typed.ts';

export interface Gateway {
  /** `compose`: names instead of addresses, and listening beyond the loopback interface (of the container). */
  where: 'local' | 'compose';
  /** Each with the addresses of its replicas. */
  services: readonly (ServiceEntry & { addresses: readonly Address[] })[];
  /** REST and the web. */
  httpPort: number;
  /** Processes that serve the web pages; without, there are none. */
  web?: readonly Address[];
  grpcPort: number;
  /** On the loopback interface only. */
  adminPort: number;
  /** The descriptor set, as Envoy finds it and as we read it. */
  descriptorPath: string;
  descriptorSet: Uint8Array;
  tokens: Tokens;
  encryption: Encryption;
  /** Requests per second, with bursts of twice that; 0 is no limit. */
  rates: { perSubject: number; perAddress: number };
  /** Proxies in front of this one whose `x-forwarded-for` is believed. */
  trustedHops: number;
  /** Where people reach the gateway; by https, browsers are told to stay with it. */
  publicUrl: string;
  /** Host names that are served; none: any. */
  hosts: readonly string[];
  /** Web pages of these origins may call. */
  corsOrigins: readonly string[];
}

export interface Address {
  host: string;
  port: number;
}

export function envoyConfig(gateway: Gateway): Json {
  const methods = publicMethods(gateway.descriptorSet).filter(
    ({ context, everywhere }) => everywhere || gateway.services.some(({ name }) => name === context),
  );
  const address = gateway.where === 'local' ? '127.0.0.1' : '0.0.0.0';

  const listener = (name: string, port: number): Json => ({
    name,
    address: socketAddress({ host: address, port }),
    per_connection_buffer_limit_bytes: 1 << 20,
    // With it, a second Envoy on the same port would share it in silence instead of failing.
    enable_reuse_port: false,
    filter_chains: [
      {
        ...(gateway.encryption.shown && { transport_socket: showing(gateway.encryption.shown) }),
        filters: [{ name: 'envoy.filters.network.http_connection_manager', typed_config: connectionManager(name) }],
      },
    ],
  });

  const connectionManager = (name: string): Json =>
    typed('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
      stat_prefix: name,
      use_remote_address: true,
      xff_num_trusted_hops: gateway.trustedHops,
      normalize_path: true,
      merge_slashes: true,
      path_with_escaped_slashes_action: 'REJECT_REQUEST',
      server_header_transformation: 'PASS_THROUGH',
      // The caller's own id is kept as it is, so that one can be found by it in both logs.
      always_set_request_id_in_response: true,
      preserve_external_request_id: true,
      request_id_extension: {
        typed_config: typed('envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig', { pack_trace_reason: false }),
      },
      max_request_headers_kb: maxHeaderBytes / 1024,
      request_timeout: '60s',
      request_headers_timeout: '5s',
      // Streams send a heartbeat every 15 s; what is silent for longer than this has no one at the other end.
      stream_idle_timeout: '60s',
      drain_timeout: '5s',
      common_http_protocol_options: {
        idle_timeout: '300s',
        max_headers_count: 64,
        headers_with_underscores_action: 'REJECT_REQUEST',
      },
      http2_protocol_options: {
        max_concurrent_streams: 128,
        initial_stream_window_size: 65_536,
        initial_connection_window_size: 1 << 20,
      },
      access_log: [accessLog],
      http_filters: httpFilters(gateway, methods),
      // Hosts are compared without their port.
      strip_any_host_port: gateway.hosts.length > 0,
      local_reply_config: localReplyConfig(answerHeaders(gateway.publicUrl)),
      route_config: {
        name,
        validate_clusters: false,
        max_direct_response_body_size_bytes: maxOwnAnswerBytes,
        // Services count streams by it, and write it into their logs; what a caller writes there is overwritten.
        request_headers_to_add: [
          {
            header: { key: addressHeader, value: '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%' },
            append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
          },
        ],
        response_headers_to_add: Object.entries(answerHeaders(gateway.publicUrl)).map(([key, value]) => ({
          header: { key, value },
          append_action: saidByPages.includes(key) ? 'ADD_IF_ABSENT' : 'OVERWRITE_IF_EXISTS_OR_ADD',
        })),
        response_headers_to_remove: [
          'x-envoy-upstream-service-time',
          'x-envoy-upstream-healthchecked-cluster',
          'x-envoy-ratelimited',
          'x-envoy-overloaded',
        ],
        virtual_hosts: [
          {
            name: 'jari',
            domains: gateway.hosts.length ? gateway.hosts : ['*'],
            typed_per_filter_config: { 'envoy.filters.http.cors': corsPolicy(gateway.corsOrigins) },
            routes: routes(gateway, methods),
          },
          ...(gateway.hosts.length ? [{ name: 'unknown', domains: ['*'], routes: unknownHost(gateway) }] : []),
        ],
      },
    });

  return {
    node: { id: 'jari-gateway', cluster: 'jari' },
    admin: { address: socketAddress({ host: '127.0.0.1', port: gateway.adminPort }) },
    overload_manager: overloadManager,
    // Many requests that wait on one connection leave the worker to others in between.
    layered_runtime: { layers: [{ name: 'static', static_layer: { http: { max_requests_per_io_cycle: 10 } } }] },
    static_resources: {
      listeners: [listener('rest', gateway.httpPort), listener('grpc', gateway.grpcPort)],
      clusters: [...clusters(gateway), ...keysClusters(gateway.tokens, gateway.encryption.authorities)],
    },
  };
}

/** An answer may say that it may be kept, and the sign-in pages may load less than others. */
const saidByPages = ['cache-control', 'content-security-policy'];

const socketAddress = ({ host, port }: Address): Json => ({ socket_address: { address: host, port_value: port } });

const corsPolicy = (origins: readonly string[]): Json =>
  typed('envoy.extensions.filters.http.cors.v3.CorsPolicy', {
    allow_origin_string_match: origins.map((exact) => ({ exact })),
    allow_methods: cors.methods.join(','),
    allow_headers: [...cors.allowedHeaders, 'x-grpc-web', 'x-user-agent'].join(','),
    expose_headers: [...cors.exposedHeaders, 'grpc-status', 'grpc-message', 'grpc-status-details-bin'].join(','),
    max_age: String(cors.maxAge),
  });

/** One JSON object a request. Paths without their query: it may carry a token. */
const accessLog: Json = {
  name: 'envoy.access_loggers.stdout',
  typed_config: typed('envoy.extensions.access_loggers.stream.v3.StdoutAccessLog', {
    log_format: {
      json_format: {
        time: '%START_TIME%',
        address: '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
        method: '%REQ(X-ENVOY-ORIGINAL-METHOD?:METHOD)%',
        path: '%PATH(NQ:ORIG_OR_PATH)%',
        rpc: '%PATH(NQ:PATH)%',
        status: '%RESPONSE_CODE%',
        grpc: '%GRPC_STATUS(SNAKE_STRING)%',
        details: '%RESPONSE_CODE_DETAILS%',
        flags: '%RESPONSE_FLAGS%',
        ms: '%DURATION%',
        upstream: '%UPSTREAM_HOST%',
        tries: '%UPSTREAM_REQUEST_ATTEMPT_COUNT%',
        subject: '%DYNAMIC_METADATA(envoy.filters.http.jwt_authn:payload:sub)%',
        request: '%REQ(X-REQUEST-ID)%',
      },
    },
  }),
};

export const descriptorFile = join(import.meta.dirname, '../../gen/descriptors.binpb');

/** What the environment says about a gateway, wherever it runs. */
export const fromEnvironment = (
  env: NodeJS.ProcessEnv,
): Pick<Gateway, 'rates' | 'trustedHops' | 'publicUrl' | 'hosts' | 'corsOrigins'> => ({
  rates: {
    perSubject: Number(env.JARI_RATE_PER_SUBJECT ?? 500),
    perAddress: Number(env.JARI_RATE_PER_ADDRESS ?? 1_000),
  },
  trustedHops: Number(env.JARI_TRUSTED_HOPS ?? 0),
  publicUrl: env.JARI_PUBLIC_URL ?? '',
  hosts: env.JARI_HOSTS?.toLowerCase().split(',').filter(Boolean) ?? [],
  corsOrigins: env.JARI_CORS_ORIGINS?.split(',').filter(Boolean) ?? [],
});

/** The gateway of docker-compose.yml: every service under its own name, files in the volume that `compose/init.ts` fills. */
export const composeGateway = (tokens: Tokens, env: NodeJS.ProcessEnv): Gateway => ({
  ...fromEnvironment(env),
  encryption: { authorities: systemAuthorities },
  where: 'compose',
  services: serviceList.map((entry) => ({ ...entry, addresses: [{ host: entry.name, port: 50051 }] })),
  web: [{ host: web.name, port: web.port }],
  httpPort: 8080,
  grpcPort: 50051,
  adminPort: 9901,
  descriptorPath: '/etc/jari/descriptors.binpb',
  descriptorSet: readFileSync(descriptorFile),
  tokens,
});

/** A gateway beside services that listen at their usual ports. */
export const localGateway = (tokens: Tokens, env: NodeJS.ProcessEnv): Gateway => ({
  ...fromEnvironment(env),
  encryption: { authorities: systemAuthorities },
  where: 'local',
  services: serviceList.map((entry) => ({ ...entry, addresses: [{ host: '127.0.0.1', port: entry.port }] })),
  web: [{ host: '127.0.0.1', port: web.port }],
  httpPort: Number(env.PORT ?? 8080),
  grpcPort: Number(env.GRPC_PORT ?? 50051),
  adminPort: 9901,
  descriptorPath: descriptorFile,
  descriptorSet: readFileSync(descriptorFile),
  tokens,
});

if (import.meta.main) {
  const [where = ''] = process.argv.slice(2);
  const gateways = { local: localGateway, compose: composeGateway };
  try {
    if (!Object.hasOwn(gateways, where)) throw new SettingsError('usage: npm run -s envoy:config -- local|compose');
    if (process.env.NODE_ENV === 'production') refuseUnfit(envoyProblems(process.env, where === 'local'));
    const tokens = await tokensFrom(process.env, developmentKey);
    const gateway = {
      ...gateways[where as keyof typeof gateways](tokens, process.env),
      encryption: encryptionFrom(process.env),
    };
    console.log(JSON.stringify(envoyConfig(gateway), null, 2));
  } catch (error) {
    console.error(error instanceof SettingsError ? error.message : error);
    process.exitCode = 2;
  }
}
