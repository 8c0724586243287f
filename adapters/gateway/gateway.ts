import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import compress from '@fastify/compress';
import corsPlugin from '@fastify/cors';
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyPluginAsync,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Logger } from 'pino';
import { bearerToken } from '#adapters/auth/bearer.ts';
import { cookieIn, cookieNames, isFromOwnPage, notFromOwnPage } from '#adapters/auth/cookies.ts';
import type { Issuer } from '#adapters/auth/issuers.ts';
import type { Verifier } from '#adapters/auth/verifier.ts';
import { clientAddress } from '#adapters/grpc/client-address.ts';
import { limitConnections } from '#adapters/grpc/connections.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import type { Caller } from '#adapters/rpc/rpc.ts';
import type { CallRates } from '#adapters/grpc/rates.ts';
import type { Tls } from '#adapters/tls/tls.ts';
import { builtFile, type WebFiles } from '#adapters/web-files/web-files.ts';
import { callsTo } from './calls.ts';
import { Refused, isOurs, isServiceError, ownAnswer, refuseUnread, serviceAnswer } from './errors.ts';
import { answerHeaders, cors, maxBodyBytes, maxConnections, maxHeaderBytes } from './headers.ts';
import { inTurn } from './in-turn.ts';
import { headersOfService } from './metadata.ts';
import { sendJson } from './send-json.ts';
import { refuseTwoHosts, probes, targetOf, type Target } from './target.ts';
import { Transcoder } from './transcode.ts';
import { Upstream } from './upstream.ts';

export interface GatewayOptions {
  /** 0 picks one. */
  port: number;
  host?: string;
  /** `127.0.0.1:50051` */
  grpcAddress: string;
  tls?: Tls;
  verifier: Verifier;
  /** For `/.well-known/jwks.json`: the keys, or where they are. */
  jwks: Issuer['jwks'];
  /** Counts calls; shared with the gRPC server of the same process. */
  rates: CallRates;
  /** What shows the gRPC server of the same process that this gateway calls. */
  gatewaySecret?: string;
  /** Proxies in front of this one whose `x-forwarded-for` is believed. */
  trustedHops?: number;
  /** Connections of one client address at most; 0 or none: no limit. */
  connectionsPerAddress?: number;
  readiness(): Promise<{ ready: boolean; waitsFor: readonly string[] }>;
  /** The web application; without, there are no pages. */
  web?: WebFiles;
  log: Logger;
  /** Pages of these origins may call, beside our own; by default none. */
  corsOrigins?: readonly string[];
  /** Where people reach this gateway; by https, browsers are told to stay with it. */
  publicUrl?: string;
  /** Host names that are served; none: any. */
  hosts?: readonly string[];
  /** Answers what is under `/auth/`: the pages on which people sign in. */
  signIn?: FastifyPluginAsync;
}

declare module 'fastify' {
  interface FastifyRequest {
    target: Target;
    /** The client's. */
    address: string;
  }
}

/** REST for a gRPC server, in this process: the same annotations and the same answers as Envoy's JSON transcoder. */
export async function startGateway(options: GatewayOptions): Promise<{ url: string; close(): Promise<void> }> {
  const transcoder = new Transcoder(readFileSync(new URL('../../gen/descriptors.binpb', import.meta.url)));
  const openApi = builtFile(join(import.meta.dirname, '../../gen/openapi.json'), 'application/json');
  const upstream = new Upstream(options.grpcAddress, options.tls);
  const calls = callsTo(upstream, transcoder, options);
  const origins = options.corsOrigins ?? [];
  const publicUrl = options.publicUrl ?? '';
  const { token: tokenCookie } = cookieNames(publicUrl);
  const alwaysTold = answerHeaders(publicUrl);
  const hosts = new Set(options.hosts);
  /** Connections on which nothing was asked yet. Browsers keep some in reserve, and a server that closes takes them for busy. */
  const silent = new Set<Socket>();

  const app = Fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: maxBodyBytes,
    genReqId: ({ headers }) => headers['x-request-id']?.toString() ?? randomUUID(),
    // Paths are matched by the annotations alone; a router that decodes them first would refuse some and mistake others.
    rewriteUrl: ({ url = '/' }) => (options.signIn && isSignIn(url) ? url : '/'),
    requestTimeout: 60_000,
    http: { maxHeaderSize: maxHeaderBytes, headersTimeout: 5_000, connectionsCheckingInterval: 1_000 },
    clientErrorHandler: refuseUnread,
    forceCloseConnections: 'idle',
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHttpMethod('GET', { hasBody: true, overrideExisting: true });

  app.addHook('onRequest', async (request, reply) => {
    request.address = clientAddress(
      request.ip,
      request.headers['x-forwarded-for']?.toString(),
      options.trustedHops ?? 0,
    );
    reply.headers({ ...alwaysTold, 'x-request-id': request.id });
  });
  await app.register(corsPlugin, {
    delegator: async (request: FastifyRequest) => ({
      ...cors,
      optionsSuccessStatus: 200,
      origin: mayCall(request, origins) && request.headers.origin,
    }),
  });
  await app.register(compress, { threshold: 256, encodings: ['br', 'gzip'], globalDecompression: false });
  app.addHook('onRequest', async (request) => {
    refuseTwoHosts(request.raw.rawHeaders);
    request.target = targetOf(request.method, request.originalUrl, request.headers, transcoder);
    if (hosts.size && !hosts.has(hostName(request)) && !probes.includes(request.target.path)) throw new Refused(421);
    options.rates.ofAddress(request.address);
    const token = bearerToken(request.target.authorization) ?? tokenInCookie(request);
    if (token === undefined) return;
    request.target.authorization = `Bearer ${token}`;
    options.rates.ofCaller(await verified(token));
  });
  app.addHook('onResponse', async (request, reply) => {
    // Without the query: it may carry a token.
    const [path] = request.originalUrl.split('?', 1);
    request.log.info(
      {
        method: request.method,
        path,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        address: request.address,
      },
      'answered',
    );
  });

  if (options.signIn) await app.register(options.signIn);
  app.setErrorHandler(refuse);
  // Preflights end before; another OPTIONS comes here.
  app.setNotFoundHandler((request, reply) =>
    request.method === 'OPTIONS' && request.target?.allow
      ? reply.code(204).header('allow', request.target.allow).send()
      : refuse(new Refused(404), request, reply),
  );
  app.route({
    method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: '*',
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const { matched, allow, path } = request.target;
      if (allow) throw new Refused(405, undefined, { allow });
      if (matched) return calls.answer(matched, request, reply);
      if (request.method !== 'GET' && request.method !== 'HEAD') throw new Refused(404);
      return answerItself(path, request, reply);
    },
  });

  /** What the gateway answers by itself. */
  async function answerItself(path: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (path === '/livez') return reply.type('text/plain').send('ok');
    if (path === '/readyz') return reply.type('text/plain').send(await ready());
    if (path === '/.well-known/jwks.json')
      return options.jwks instanceof URL
        ? reply.redirect(options.jwks.href, 302)
        : sendJson(reply, JSON.stringify(typeof options.jwks === 'function' ? await options.jwks() : options.jwks));
    const answer =
      path === '/openapi.json'
        ? openApi(request.headers)
        : options.web?.answer({ method: request.method, path, headers: request.headers });
    if (!answer) throw new Refused(404);
    return reply.code(answer.status).headers(answer.headers).send(answer.body);
  }

  async function ready(): Promise<string> {
    const { ready, waitsFor } = await options.readiness();
    if (!ready) throw new Refused(503, `waits for ${waitsFor.join(', ')}`);
    return 'ok';
  }

  /** A browser's token. What it may not be used for by pages of other sites is refused. */
  function tokenInCookie({ target, headers, method }: FastifyRequest): string | undefined {
    if (!target.matched) return undefined;
    const token = cookieIn(headers.cookie, tokenCookie);
    if (token !== undefined && !isFromOwnPage(method, headers, publicUrl)) throw new Refused(403, notFromOwnPage);
    return token;
  }

  async function verified(token: string): Promise<Caller> {
    try {
      return await options.verifier.verify(token);
    } catch (error) {
      throw error instanceof RpcError
        ? error
        : new Refused(503, 'tokens cannot be verified now; try again in a moment');
    }
  }

  function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const fromService = isServiceError(error) && !isOurs(error);
    const answer = fromService ? serviceAnswer(error, transcoder) : ownAnswer(error);
    if (fromService) reply.headers(headersOfService(error.metadata));
    else if (answer.status >= 500) request.log.warn({ err: error }, 'the gateway could not answer');
    if (answer.status === 401) reply.header('www-authenticate', 'Bearer');
    if (error instanceof Refused && error.allow) reply.header('allow', error.allow);
    if (answer.retryAfterSeconds !== undefined) reply.header('retry-after', answer.retryAfterSeconds);
    return sendJson(reply.code(answer.status), answer.body);
  }

  const [handle] = app.server.listeners('request') as RequestListener[];
  app.server.removeAllListeners('request');
  app.server.on('request', inTurn(handle!));
  app.server.maxConnections = maxConnections;
  limitConnections(app.server, options.connectionsPerAddress ?? 0);
  app.server.on('connection', (socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  app.server.on('request', ({ socket }) => silent.delete(socket));

  const url = await app.listen({ port: options.port, host: options.host ?? '127.0.0.1' });
  return {
    url,
    async close() {
      calls.endStreams();
      // A connection that was busy when closing began is idle only afterwards.
      const sweeping = setInterval(() => {
        app.server.closeIdleConnections();
        for (const socket of silent) socket.destroy();
      }, 50);
      await app.close();
      clearInterval(sweeping);
      upstream.close();
    },
  };
}

const isSignIn = (url: string): boolean => url.startsWith('/auth/');

/** Without its port. */
const hostName = ({ headers }: FastifyRequest): string => (headers.host ?? '').toLowerCase().replace(/:\d+$/, '');

/** A preflight that does not say what it asks for is none. */
const mayCall = ({ method, headers }: FastifyRequest, origins: readonly string[]): boolean =>
  origins.includes(headers.origin ?? '') &&
  (method !== 'OPTIONS' || headers['access-control-request-method'] !== undefined);
