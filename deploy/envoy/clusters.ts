import { defaults } from '#adapters/grpc/limits.ts';
import type { Address, Gateway } from './config.ts';
import { trusting } from './tls.ts';
import { typed, type Json } from './typed.ts';

/** All services' replicas together, for what any of them can answer: reflection, health, and whether there is anything behind us. */
export const anyService = 'any-service';

/** How often replicas are asked for their health; a service that ends waits three times as long before it takes no more calls. */
const healthInterval = '1s';

/** The processes that serve the web pages. */
export const webCluster = 'web';

export const clusters = (gateway: Gateway): Json[] => [
  ...(gateway.web ? [webPages(gateway, gateway.web)] : []),
  ...gateway.services.map(({ name, addresses }) => cluster(gateway, name, addresses)),
  cluster(
    gateway,
    anyService,
    gateway.services.flatMap(({ addresses }) => addresses),
  ),
];

/** Plain HTTP: their answers are files. Whoever does not answer gets no requests. */
const webPages = ({ where, encryption: { own, authorities } }: Gateway, addresses: readonly Address[]): Json => ({
  name: webCluster,
  ...(where === 'local' ? { type: 'STATIC' } : { type: 'STRICT_DNS', dns_lookup_family: 'V4_ONLY' }),
  ...(own && {
    transport_socket: trusting([...new Set(addresses.map(({ host }) => host))], authorities, own, ['http/1.1']),
  }),
  connect_timeout: '0.5s',
  common_lb_config: { healthy_panic_threshold: { value: 0 }, update_merge_window: '0s' },
  load_assignment: assignment(webCluster, addresses),
  health_checks: [
    {
      timeout: '1s',
      interval: healthInterval,
      no_traffic_interval: healthInterval,
      unhealthy_threshold: 2,
      healthy_threshold: 1,
      http_health_check: { path: '/livez' },
    },
  ],
  ignore_health_on_host_removal: true,
});

const assignment = (name: string, addresses: readonly Address[]): Json => ({
  cluster_name: name,
  endpoints: [
    {
      lb_endpoints: addresses.map(({ host, port }) => ({
        endpoint: { address: { socket_address: { address: host, port_value: port } } },
      })),
    },
  ],
});

const cluster = (
  { where, encryption: { own, authorities } }: Gateway,
  name: string,
  addresses: readonly Address[],
): Json => ({
  name,
  ...(where === 'local' ? { type: 'STATIC' } : { type: 'STRICT_DNS', dns_lookup_family: 'V4_ONLY' }),
  ...(own && { transport_socket: trusting([...new Set(addresses.map(({ host }) => host))], authorities, own, ['h2']) }),
  connect_timeout: '0.5s',
  lb_policy: 'LEAST_REQUEST',
  // When no replica is well, an error at once: sending to sick ones anyway would make the caller wait for its time-out.
  // And who is well again is called at once: by default changes within a second are told to the workers together, at its end.
  common_lb_config: { healthy_panic_threshold: { value: 0 }, update_merge_window: '0s' },
  load_assignment: assignment(name, addresses),
  typed_extension_protocol_options: {
    'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': typed(
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
      {
        common_http_protocol_options: { idle_timeout: '300s' },
        explicit_http_config: {
          http2_protocol_options: {
            connection_keepalive: { interval: '30s', timeout: '5s' },
            max_concurrent_streams: 200,
          },
        },
      },
    ),
  },
  health_checks: [
    {
      timeout: '1s',
      interval: healthInterval,
      no_traffic_interval: healthInterval,
      unhealthy_threshold: 2,
      healthy_threshold: 1,
      grpc_health_check: {},
    },
  ],
  ignore_health_on_host_removal: true,
  // Who does not even answer is left out for a while. What a replica answers with is no sign of its health: to refuse what is too much is
  // well done, and with one replica less there would be only more of it.
  outlier_detection: {
    split_external_local_origin_errors: true,
    consecutive_local_origin_failure: 5,
    enforcing_consecutive_5xx: 0,
    interval: '1s',
    base_ejection_time: '5s',
    max_ejection_percent: 50,
  },
  circuit_breakers: {
    thresholds: [
      atOnce('DEFAULT', defaults.calls * addresses.length),
      atOnce('HIGH', defaults.streams * addresses.length),
    ],
  },
});

/**
 * How many calls a service is given at once: as many as it takes on. It would refuse the others by itself, but what it costs to read them
 * is then missing for the work. Streams, which count for little, have the other priority, and so a number of their own.
 */
const atOnce = (priority: 'DEFAULT' | 'HIGH', calls: number): Json => ({
  priority,
  max_connections: 100,
  max_pending_requests: calls,
  max_requests: calls,
  // A replica that has just died fails all its calls in the same moment, and fails them so fast that it looks the least busy:
  // they are many at once, and all of them may go to the next. A callee that stays down is not there to be retried at.
  retry_budget: { budget_percent: { value: 25 }, min_retry_concurrency: 256 },
});
