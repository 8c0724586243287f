import { readFileSync } from 'node:fs';
import { callTimeoutMs } from '#adapters/gateway/headers.ts';
import { filePaths, notPages } from '#adapters/web-files/web-files.ts';
import { anyService, webCluster } from './clusters.ts';
import type { Gateway } from './config.ts';
import { transcoder } from './filters.ts';
import type { PublicMethod } from './methods.ts';
import { keysRoute } from './tokens.ts';
import { typed, type Json } from './typed.ts';

/**
 * Routes go by the gRPC path, which the transcoder gives to a REST request as well. What is not here is not there, for no one: methods
 * without a REST face are between services.
 */
export function routes(gateway: Gateway, methods: readonly PublicMethod[]): Json[] {
  const names = gateway.services.map(({ name }) => name);
  const shared = methods.filter(({ everywhere }) => everywhere);
  const owned = methods.filter(({ everywhere }) => !everywhere);
  return [
    answer('/livez', 'text/plain', 'ok'),
    answer('/openapi.json', 'application/json', openApi),
    publicKeys(gateway),
    ...owned
      .filter(({ streams, file }) => streams && !file)
      .flatMap((method) => eventSource(method, transcoder(gateway, methods, true))),
    ...prefixesOf(shared).flatMap((prefix) => names.map((name) => addressedTo(name, `${prefix}${name}/`))),
    ...shared.flatMap((method) => names.flatMap((name) => methodRoutes(method, name, [addressee(name)]))),
    ...owned.flatMap((method) => methodRoutes(method, method.context)),
    // Any service tells the whole of the contracts, and one that lives is enough.
    ...['/grpc.reflection.', '/grpc.health.'].map((prefix) => ({
      match: { prefix, grpc: {} },
      route: {
        cluster: anyService,
        priority: 'HIGH',
        timeout: '0s',
        retry_policy: retry('connect-failure,refused-stream,unavailable'),
      },
    })),
    ...(gateway.web ? webPages(names.includes('identity')) : []),
    // A route to a cluster that does not exist, and not a plain answer, because CORS is only spoken where something is routed.
    { match: { prefix: '/' }, route: nowhere },
  ];
}

/** The sign-in pages; files of the web application, and its page for whatever a browser opens. Paths of programs stay errors (adapters/web-files). */
function webPages(signIn: boolean): Json[] {
  const route = { cluster: webCluster, timeout: '10s', retry_policy: retry('connect-failure,refused-stream,reset') };
  const reads = { name: ':method', string_match: { safe_regex: { regex: 'GET|HEAD' } } };
  const opened = { name: 'accept', string_match: { contains: 'text/html' } };
  // What is sent to a sign-in page counts as an attempt: it is sent again only where nothing was done yet.
  const toSignIn = { ...route, retry_policy: retry('connect-failure,refused-stream') };
  return [
    ...(signIn ? [{ match: { prefix: '/auth/' }, route: toSignIn }] : []),
    ...filePaths.map((prefix) => ({ match: { prefix, headers: [reads] }, route })),
    ...notPages.map((prefix) => ({ match: { prefix }, route: nowhere })),
    { match: { prefix: '/', headers: [reads, opened] }, route },
  ];
}

/** The description of the REST API; `maxOwnAnswerBytes` lets Envoy answer with as much. */
const openApi = readFileSync(new URL('../../gen/openapi.json', import.meta.url), 'utf8');
export const maxOwnAnswerBytes = Buffer.byteLength(openApi);

/** For host names that are not ours: what tells of the process, which is asked by its address, and nothing else. */
export const unknownHost = (gateway: Gateway): Json[] => [
  answer('/livez', 'text/plain', 'ok'),
  publicKeys(gateway),
  { match: { prefix: '/' }, direct_response: { status: 421 } },
];

const publicKeys = ({ tokens }: Gateway): Json => ({ match: { path: '/.well-known/jwks.json' }, ...keysRoute(tokens) });

const nowhere = { cluster: 'nowhere', cluster_not_found_response_code: 'NOT_FOUND' };

function methodRoutes(
  { path, reads, streams, everywhere }: PublicMethod,
  cluster: string,
  headers: readonly Json[] = [],
): Json[] {
  // Nothing was done yet when the connection or the stream was refused: always safe.
  const untouched = 'connect-failure,refused-stream';
  // Safe for what changes nothing, or is done once however often it is sent. Of a stream too: what has said something is never sent again.
  const repeatable = `${untouched},reset,unavailable`;
  if (streams)
    return [
      {
        match: { path, grpc: {}, headers },
        route: { cluster, priority: 'HIGH', timeout: '0s', retry_policy: retry(repeatable) },
        ...withoutCookies,
      },
    ];
  const route = (retryOn: string): Json => ({
    cluster,
    // Whoever looks after an overloaded service must get through to it.
    priority: everywhere ? 'HIGH' : 'DEFAULT',
    timeout: callTimeout,
    max_stream_duration: { grpc_timeout_header_max: callTimeout },
    retry_policy: retry(retryOn),
  });
  if (reads) return [{ match: { path, grpc: {}, headers }, route: route(repeatable), ...withoutCookies }];
  // A command may have been done when its connection broke. Only with a key may it be sent again: then it is still done once.
  return [
    {
      match: { path, grpc: {}, headers: [...headers, { name: 'idempotency-key', present_match: true }] },
      route: route(repeatable),
      ...withoutCookies,
    },
    { match: { path, grpc: {}, headers }, route: route(untouched), ...withoutCookies },
  ];
}

/** Services know callers by their token alone, which the filter before has taken out of the cookie. */
const withoutCookies = { request_headers_to_remove: ['cookie'] };

/** Which service is meant by a call that each of them answers. */
const addressee = (name: string): Json => ({ name: 'jari-service', string_match: { exact: name } });

/** `/v1/ops/` of `/v1/ops/{service}/status` */
const prefixesOf = (shared: readonly PublicMethod[]): string[] => [
  ...new Set(shared.flatMap(({ templates }) => templates.map((template) => template.split('{service}')[0] ?? ''))),
];

/** Over REST the path names the service, and the transcoder takes the path away: it is noted before. */
const addressedTo = (name: string, prefix: string): Json => ({
  match: { prefix },
  route: nowhere,
  typed_per_filter_config: {
    'envoy.filters.http.header_mutation': mutation({
      request_mutations: [
        { append: { header: { key: 'jari-service', value: name }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' } },
      ],
    }),
  },
});

const mutation = (mutations: Json): Json =>
  typed('envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute', { mutations });

const callTimeout = `${callTimeoutMs / 1000}s`;

const retry = (on: string): Json => ({
  retry_on: on,
  num_retries: 2,
  retry_back_off: { base_interval: '0.025s', max_interval: '0.25s' },
  // A dead replica has nothing in hand, and so is chosen three times in four: a few draws would too often find no other.
  host_selection_retry_max_attempts: 32,
  retry_host_predicate: [
    {
      name: 'envoy.retry_host_predicates.previous_hosts',
      typed_config: typed('envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate'),
    },
  ],
});

/**
 * A stream over REST comes as server-sent events. A browser's EventSource can send no headers, so here, and only here, the token
 * may stand in the address; it is moved to where it belongs before anyone looks. These routes go by the REST path, so they must say
 * the verb as well: another one would reach the service as it came, with nobody to transcode it.
 */
function eventSource({ templates, context: cluster }: PublicMethod, eventTranscoder: Json): Json[] {
  const asEvents = { 'envoy.filters.http.grpc_json_transcoder': eventTranscoder };
  const moveToken = mutation({
    request_mutations: [
      {
        append: {
          header: { key: 'authorization', value: 'Bearer %QUERY_PARAM(access_token)%' },
          append_action: 'ADD_IF_ABSENT',
        },
      },
    ],
    query_parameter_mutations: [{ remove: 'access_token' }],
  });
  return templates.flatMap((template) => {
    const asked = {
      safe_regex: { regex: pathPattern(template) },
      headers: [{ name: ':method', string_match: { exact: 'GET' } }],
    };
    const route = { cluster, priority: 'HIGH', timeout: '0s' };
    return [
      {
        match: { ...asked, query_parameters: [{ name: 'access_token', present_match: true }] },
        route,
        typed_per_filter_config: { ...asEvents, 'envoy.filters.http.header_mutation': moveToken },
        ...withoutCookies,
      },
      { match: asked, route, typed_per_filter_config: asEvents, ...withoutCookies },
    ];
  });
}

/** `/v1/orders/{order_id}:watch` → `/v1/orders/[^/]+:watch` */
function pathPattern(template: string): string {
  if (/[*=]/.test(template)) throw new Error(`${template}: a stream's path may only have variables of one segment`);
  return template.replace(/[.+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+');
}

const answer = (path: string, type: string, body: string): Json => ({
  match: { path },
  direct_response: { status: 200, body: { inline_string: body } },
  response_headers_to_add: [
    { header: { key: 'content-type', value: type }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' },
  ],
});
