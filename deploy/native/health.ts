import { Client } from '@grpc/grpc-js';
import { channelTo } from '#adapters/grpc/channel.ts';
import { tlsOf, type Tls } from '#adapters/tls/tls.ts';

/** Whether a gRPC server says of itself that it serves (grpc.health.v1). */
export function isServing(address: string, tls?: Tls): Promise<boolean> {
  const channel = channelTo(address, tls);
  const client = new Client(address, channel.credentials, channel.options);
  return new Promise((answer) => {
    const nothing = Buffer.alloc(0);
    client.makeUnaryRequest(
      '/grpc.health.v1.Health/Check',
      () => nothing,
      (bytes) => bytes,
      nothing,
      { deadline: Date.now() + 5_000 },
      (error, bytes) => {
        client.close();
        answer(!error && bytes?.equals(serving) === true);
      },
    );
  });
}

/** HealthCheckResponse {status: SERVING} */
const serving = Buffer.from([0x08, 0x01]);

// As a container's health check: `node deploy/native/health.ts`.
if (import.meta.main)
  process.exitCode = (await isServing(`127.0.0.1:${process.env.GRPC_PORT ?? 50051}`, tlsOf(process.env))) ? 0 : 1;
