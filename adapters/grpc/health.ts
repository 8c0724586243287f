import { EventEmitter, once } from 'node:events';
import {
  HealthCheckResponse_ServingStatus as Status,
  HealthService as definition,
  type HealthCheckResponse,
} from '#proto/grpc/health/v1/health.ts';
import { notFound } from '#adapters/rpc/errors.ts';
import { openQuery, openStream, rpcService, type RpcService } from '#adapters/rpc/rpc.ts';

/** grpc.health.v1 for whole processes: all their services serve, or none does. Begins as NOT_SERVING. */
export interface Health {
  service: RpcService;
  setServing(serving: boolean): void;
}

export function healthOf(services: readonly string[]): Health {
  const names = new Set(['', ...services]);
  const changes = new EventEmitter().setMaxListeners(0);
  let status: HealthCheckResponse['status'] = Status.NOT_SERVING;
  const of = (service: string): HealthCheckResponse => ({
    status: names.has(service) ? status : Status.SERVICE_UNKNOWN,
  });

  const service = rpcService(definition, {
    check: openQuery(async ({ service: name }) => {
      if (!names.has(name)) throw notFound('service');
      return of(name);
    }),
    watch: openStream(async function* ({ service: name }, signal) {
      while (!signal.aborted) {
        const sent = of(name);
        yield sent;
        while (!signal.aborted && of(name).status === sent.status)
          await once(changes, 'changed', { signal }).catch(() => undefined);
      }
    }),
    list: openQuery(async () => ({ statuses: Object.fromEntries([...names].map((name) => [name, of(name)])) })),
  });
  return {
    service,
    setServing(serving) {
      status = serving ? Status.SERVING : Status.NOT_SERVING;
      changes.emit('changed');
    },
  };
}
