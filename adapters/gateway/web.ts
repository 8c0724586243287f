import files from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Sends the built web pages. An address that names no file is one of the page's own, so the page answers it. */
export async function serveWeb(app: FastifyInstance, root: string): Promise<(path: string, reply: FastifyReply) => FastifyReply> {
  await app.register(files, { root, serve: false });
  return (path, reply) => reply.sendFile(/\.[^/]+$/.test(path) ? path : 'index.html');
}
