import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { headersOfService, metadataOf, timeoutMs } from './metadata.ts';
import { sendJson } from './send-json.ts';
import type { Matched, Transcoder } from './transcode.ts';
import type { Upstream } from './upstream.ts';

/** Makes a gRPC call of a request that a method matches, and a REST answer of what comes back. */
export function callsTo(
  upstream: Upstream,
  transcoder: Transcoder,
  { gatewaySecret, log }: { gatewaySecret?: string | undefined; log: Logger },
): {
  answer(matched: Matched, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
  /** Open streams would keep the gateway open for ever; their callers come back. */
  endStreams(): void;
} {
  const streams = new Set<ServerResponse>();

  async function unary(matched: Matched, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { message, metadata } = callOf(matched, request);
    const timeout = timeoutMs(request.headers['grpc-timeout']?.toString());
    const { response, headers } = await upstream.unary(
      matched.route.rpc,
      message,
      metadata,
      Date.now() + timeout,
      leaving(reply),
    );
    reply.headers({ ...headersOfService(headers), 'grpc-status': '0', 'grpc-message': 'OK' });
    return sendJson(reply, transcoder.response(matched, response));
  }

  async function stream(matched: Matched, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    streams.add(reply.raw);
    reply.raw.on('close', () => streams.delete(reply.raw));
    const { message, metadata } = callOf(matched, request);
    const { responses, headers } = await upstream.stream(matched.route.rpc, message, metadata, leaving(reply));
    reply.headers(headersOfService(headers));
    return reply.type('text/event-stream').send(Readable.from(events(responses, matched), { objectMode: false }));
  }

  async function file(matched: Matched, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { message, metadata } = callOf(matched, request);
    const { responses, headers } = await upstream.stream(matched.route.rpc, message, metadata, leaving(reply));
    const pieces = responses[Symbol.asyncIterator]();
    const first = await pieces.next();
    if (first.done) return reply.headers(headersOfService(headers)).send();
    const { contentType, data } = transcoder.piece(matched, first.value);
    // An answer that breaks off ends the connection, so that no client takes a part for the whole.
    const all = async function* (): AsyncIterable<Uint8Array> {
      yield data;
      for (let next = await pieces.next(); !next.done; next = await pieces.next())
        yield transcoder.piece(matched, next.value).data;
    };
    return reply
      .headers(headersOfService(headers))
      .type(contentType)
      .send(Readable.from(all(), { objectMode: false }));
  }

  const callOf = (matched: Matched, { target, headers, id, body, address }: FastifyRequest) => ({
    message: transcoder.request(matched, target.query, body as Buffer | undefined),
    metadata: metadataOf(headers, { requestId: id, authorization: target.authorization, address, gatewaySecret }),
  });

  async function* events(responses: AsyncIterable<Uint8Array>, matched: Matched): AsyncIterable<string> {
    try {
      for await (const response of responses) yield `data: ${transcoder.response(matched, response)}\n\n`;
    } catch (error) {
      // HTTP/1.1 has no way to tell it in the midst of an answer; the service has told it as an event.
      log.debug({ err: error, rpc: matched.route.rpc }, 'a stream ended early');
    }
  }

  return {
    answer: (matched, request, reply) =>
      (matched.route.file ? file : matched.route.streams ? stream : unary)(matched, request, reply),
    endStreams() {
      for (const open of streams) open.destroy();
    },
  };
}

/** Says when the caller has gone before the answer: then nobody waits for the service any more. */
function leaving({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.on('close', () => {
    if (!raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
