import type { Server, ServerWritableStream } from '@grpc/grpc-js';
import {
  HealthCheckResponse_ServingStatus as Status,
  HealthService as definition,
  type HealthCheckResponse,
  type HealthServer,
} from '#proto/grpc/health/v1/health.ts';
import { Code } from '#adapters/rpc/errors.ts';

/** grpc.health.v1 for whole processes: all their services serve, or none does. Begins as NOT_SERVING. */
export interface HealthService {
  setServing(serving: boolean): void;
  /** Ends the streams of those who watch, which would keep a server from stopping. */
  close(): void;
}

export function addHealth(server: Server, services: readonly string[]): HealthService {
  const names = new Set(['', ...services]);
  const watchers = new Map<ServerWritableStream<unknown, HealthCheckResponse>, string>();
  let status: HealthCheckResponse['status'] = Status.NOT_SERVING;
  const of = (service: string): HealthCheckResponse => ({
    status: names.has(service) ? status : Status.SERVICE_UNKNOWN,
  });

  const implementation: HealthServer = {
    check: ({ request: { service } }, callback) =>
      names.has(service)
        ? callback(null, of(service))
        : callback({ code: Code.NOT_FOUND, details: `no service ${service} here` }),
    watch(call) {
      watchers.set(call, call.request.service);
      call.on('cancelled', () => watchers.delete(call));
      call.write(of(call.request.service));
    },
    list: (_, callback) => callback(null, { statuses: Object.fromEntries([...names].map((name) => [name, of(name)])) }),
  };
  server.addService(definition, implementation);

  return {
    setServing(serving) {
      status = serving ? Status.SERVING : Status.NOT_SERVING;
      for (const [call, service] of watchers) call.write(of(service));
    },
    close() {
      for (const call of watchers.keys()) call.end();
    },
  };
}
