import { Client, Metadata, type ClientReadableStream, type ServiceError } from '@grpc/grpc-js';
import { channelTo } from '#adapters/grpc/channel.ts';
import type { Tls } from '#adapters/tls/tls.ts';

/** The gRPC server behind, spoken to in encoded messages. */
export class Upstream {
  readonly #client: Client;

  constructor(address: string, tls?: Tls) {
    const channel = channelTo(address, tls);
    this.#client = new Client(address, channel.credentials, {
      ...channel.options,
      'grpc.primary_user_agent': 'jari-gateway',
      // A server that comes back is found again at once.
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 1_000,
    });
  }

  /** Rejects with a `ServiceError`. */
  unary(
    rpc: string,
    request: Uint8Array,
    metadata: Metadata,
    deadline: number,
    signal: AbortSignal,
  ): Promise<{ response: Uint8Array; headers: Metadata }> {
    return new Promise((resolve, reject) => {
      let headers = new Metadata();
      const call = this.#client.makeUnaryRequest(
        rpc,
        asBuffer,
        asBytes,
        request,
        metadata,
        { deadline },
        (error, response) => (error ? reject(error) : resolve({ response: response ?? new Uint8Array(), headers })),
      );
      call.on('metadata', (sent: Metadata) => (headers = sent));
      signal.addEventListener('abort', () => call.cancel());
    });
  }

  /** Resolves when the service has begun to answer, or ended without an answer. Rejects with a `ServiceError` before that. */
  stream(
    rpc: string,
    request: Uint8Array,
    metadata: Metadata,
    signal: AbortSignal,
  ): Promise<{ responses: AsyncIterable<Uint8Array>; headers: Metadata }> {
    return new Promise((resolve, reject) => {
      const call: ClientReadableStream<Uint8Array> = this.#client.makeServerStreamRequest(
        rpc,
        asBuffer,
        asBytes,
        request,
        metadata,
      );
      call.once('metadata', (headers: Metadata) => resolve({ responses: call, headers }));
      call.once('status', () => resolve({ responses: call, headers: new Metadata() }));
      call.on('error', (error: ServiceError) => reject(error));
      signal.addEventListener('abort', () => call.cancel());
    });
  }

  close(): void {
    this.#client.close();
  }
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const asBytes = (bytes: Buffer): Uint8Array => bytes;
