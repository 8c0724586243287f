import { setTimeout as pause } from 'node:timers/promises';
import { Server, type MethodDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import type { Trails } from '#adapters/audit/acting.ts';
import type { StaffRolesOf } from '#adapters/auth/staff-roles.ts';
import type { Verifier } from '#adapters/auth/verifier.ts';
import type { Metrics } from '#adapters/telemetry/metrics.ts';
import type { Tls } from '#adapters/tls/tls.ts';
import { dialogueAnswer, streamAnswer, unaryAnswer, type Rules } from './answer.ts';
import { callsInFlight } from './calls-in-flight.ts';
import { serverCredentials } from './channel.ts';
import { dialogueHandler, shuttingDown, streamHandler, unaryHandler, type ServerParts } from './handlers.ts';
import { healthOf } from './health.ts';
import { idempotently, type KeptAnswers } from '#adapters/rpc/idempotency.ts';
import type { InboundRules } from './inbound.ts';
import { openStreams } from './open-streams.ts';
import { rateLimiters } from '#adapters/rpc/rate.ts';
import { listening, portOf } from './listening.ts';
import type { CallRates } from './rates.ts';
import { addReflection } from './reflection.ts';
import { defaults, type Limits } from './limits.ts';
import type { RpcService } from '#adapters/rpc/rpc.ts';

export interface GrpcServerOptions {
  services: readonly RpcService[];
  /** Counted separately, so that operators can reach an overloaded server. */
  operations?: RpcService;
  /** `127.0.0.1:0` takes a free port. */
  address: string;
  verifier: Verifier;
  /** Asked about callers with staff roles; without it their tokens are believed. */
  staffRolesOf?: StaffRolesOf;
  idempotency: KeptAnswers;
  log: Logger;
  metrics?: Pick<Metrics, 'rpc'>;
  /** What reflection lists; false: there is none. Default: the services that are here. */
  reflectServices?: readonly string[] | false;
  limits?: Partial<Limits>;
  /** Whether orders are for people alone whose e-mail address is verified. */
  verifiedEmail?: boolean;
  /** Counts calls that no gateway has counted. */
  rates?: CallRates;
  /** Default: only gateways and services of Jari reach this server. */
  door?: InboundRules;
  /** Audit trails for calls of administrators and agents. */
  trails?: Trails;
  tls?: Tls;
}

export interface GrpcServer {
  port: number;
  /** Sets the answer to health checks; NOT_SERVING at first. */
  setServing(serving: boolean): void;
  /**
   * Shuts down without failing a call: answers health checks with NOT_SERVING, gives load balancers `noticeMs` to use other replicas,
   * ends the streams, and gives calls in flight `limitMs` to finish.
   */
  drain(patience: { noticeMs: number; limitMs: number }): Promise<void>;
}

/** Answers the services' calls, with health and reflection beside them; both need no token. */
export async function startGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const { services, operations, address, verifier, idempotency, log, metrics } = options;
  const limits: Limits = { ...defaults, ...options.limits };
  const server = new Server({
    // Far above our own limit: a request between the two is refused with a reason, a larger one is not even read.
    'grpc.max_receive_message_length': 16 * limits.requestBytes,
    // Detects callers that vanished without closing, whose streams would stay open for ever.
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
    // What a gateway may have open on its one connection.
    'grpc.max_concurrent_streams': limits.streams + limits.burstCalls,
  });
  const parts: ServerParts = {
    log,
    metrics,
    limits,
    calls: callsInFlight(limits),
    streams: new Set(),
    door: options.door ?? { trustedHops: 0 },
  };
  const rules: Rules = {
    verifier,
    staffRolesOf: options.staffRolesOf,
    limiterOf: rateLimiters((rate) => limits.times.get(rate) ?? rate.times),
    rates: options.rates,
    streams: openStreams(limits),
    idempotently: idempotently(idempotency),
    limits,
    trails: options.trails,
    verifiedEmail: options.verifiedEmail,
  };

  for (const service of services) register(server, service, parts, rules);
  if (operations) register(server, operations, { ...parts, calls: callsInFlight(limits) }, rules);
  const names = services.concat(operations ?? []).flatMap(serviceNames);
  const health = healthOf(names);
  // Asked every few seconds by whatever watches the process: neither logged nor measured, and answered under overload.
  const unrecorded = {
    ...parts,
    log: log.child({}, { level: 'silent' }),
    metrics: undefined,
    calls: callsInFlight(limits),
  };
  register(server, health.service, unrecorded, rules);
  if (options.reflectServices !== false)
    addReflection(server, options.reflectServices ?? names, (path, answers) =>
      dialogueHandler(path, unrecorded, dialogueAnswer(rules, answers)),
    );

  const credentials = serverCredentials(options.tls);
  const listener = await listening(server, address, { credentials, mostPerAddress: limits.connectionsPerAddress });
  return {
    port: portOf(listener),
    setServing: health.setServing,
    async drain({ noticeMs, limitMs }) {
      health.setServing(false);
      await pause(noticeMs);
      for (const stream of parts.streams) stream.abort(shuttingDown());
      // The server tells of sessions that they are closed when it has asked them to; the listener, when they are.
      const drained = new Promise<void>((done) => listener.close(() => done()));
      server.tryShutdown(() => undefined);
      const given = new AbortController();
      await Promise.race([drained, pause(limitMs, undefined, { signal: given.signal }).catch(() => undefined)]);
      given.abort();
      server.forceShutdown();
    },
  };
}

const same = (bytes: Buffer): Buffer => bytes;

/** Requests and responses pass grpc-js as bytes: what is wrong with a request must be answered in our words, not in its. */
function register(server: Server, { methods }: RpcService, parts: ServerParts, rules: Rules): void {
  const definition: Record<string, MethodDefinition<Buffer, Buffer>> = {};
  const handlers: UntypedServiceImplementation = {};
  for (const method of methods) {
    const { path, requestStream, responseStream } = method.definition;
    if (requestStream || method.implementation?.who === undefined)
      throw new Error(`${path} has no implementation that says who may call it`);
    const coded = {
      requestSerialize: same,
      requestDeserialize: same,
      responseSerialize: same,
      responseDeserialize: same,
    };
    definition[method.name] = { path, requestStream, responseStream, ...coded };
    handlers[method.name] = responseStream
      ? streamHandler(path, parts, streamAnswer(method, rules))
      : unaryHandler(path, parts, unaryAnswer(method, rules));
  }
  server.addService(definition, handlers);
}

const serviceNames = ({ methods }: RpcService): string[] => [
  ...new Set(methods.map(({ definition }) => definition.path.split('/')[1]!)),
];
