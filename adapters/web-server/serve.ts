import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyPluginAsync } from 'fastify';
import { localReply, statusJson } from '#adapters/gateway/local-replies.ts';
import type { Tls } from '#adapters/tls/tls.ts';
import type { WebFiles } from '#adapters/web-files/web-files.ts';

/** Serves the web application, the sign-in pages, and `/livez`, to a gateway in front, which adds the headers that every answer has. */
export async function serveWeb({
  files,
  port,
  host = '127.0.0.1',
  tls,
  signIn,
}: {
  files: WebFiles;
  /** 0 takes a free one. */
  port: number;
  host?: string;
  /** With a certificate of its own it answers by https. */
  tls?: Tls;
  /** Answers what is under `/auth/`; without, there is nothing. */
  signIn?: FastifyPluginAsync;
}): Promise<{ port: number; close(): Promise<void> }> {
  const app = Fastify({
    https: tls?.own ? { cert: tls.own.cert, key: tls.own.key } : null,
    // Files are found by the path as it was sent; a router that decodes it first would refuse some.
    rewriteUrl: ({ url = '/' }) => (signIn && url.startsWith('/auth/') ? url : '/'),
    forceCloseConnections: 'idle',
  });
  if (signIn) await app.register(signIn);
  const nowhere = JSON.stringify(statusJson(localReply(404)));
  app.setNotFoundHandler((_, reply) => reply.code(404).type('application/json').send(nowhere));
  app.route({
    method: ['GET', 'HEAD'],
    url: '/',
    exposeHeadRoute: false,
    handler: async ({ method, originalUrl, headers }, reply) => {
      const [path = ''] = originalUrl.split('?', 1);
      if (path === '/livez') return reply.type('text/plain').send('ok');
      const answer = files.answer({ method, path, headers });
      if (!answer) return reply.callNotFound();
      return reply.code(answer.status).headers(answer.headers).send(answer.body);
    },
  });
  await app.listen({ port, host });
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
}
