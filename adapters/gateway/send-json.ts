import type { FastifyReply } from 'fastify';

/** As bytes: to text Fastify would add a charset, which JSON has no use for. */
export const sendJson = (reply: FastifyReply, json: string): FastifyReply =>
  reply.type('application/json').send(Buffer.from(json));
