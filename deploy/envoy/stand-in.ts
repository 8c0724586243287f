import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type ServerUnaryCall,
  type sendUnaryData,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { Order, ViewsServiceService, type WatchOrderResponse } from '#proto/jari/views/v1/views.ts';
import { PropertyServiceService, Room } from '#proto/jari/property/v1/property.ts';

/** A gRPC server in the place of a service, for tests of the gateway: it answers as it is told and remembers what reached it. */
export interface StandIn {
  port: number;
  calls: readonly { method: string; metadata: Metadata }[];
  setHealthy(yes: boolean): void;
  stop(): void;
}

/** `broken`: the connection is gone before there was any answer. `afterMs`: it ends well, and late. */
export type Ending = { code: number; details: string; metadata?: Metadata } | { afterMs: number } | 'never' | 'broken';

/** `endings`: how the next calls end, whichever server they reach; after that they end well. */
export async function standIn(endings: Ending[]): Promise<StandIn> {
  const server = new Server();
  const health = new HealthImplementation({ '': 'SERVING' });
  const calls: { method: string; metadata: Metadata }[] = [];

  const unary =
    <Answer>(answer: Answer) =>
    (call: ServerUnaryCall<unknown, Answer>, reply: sendUnaryData<Answer>): void => {
      calls.push({ method: call.getPath(), metadata: call.metadata });
      const ending = endings.shift();
      if (ending === 'never') return;
      if (ending === 'broken') hangUp();
      else if (ending && 'afterMs' in ending) setTimeout(() => reply(null, answer), ending.afterMs);
      else if (ending) reply(ending);
      else reply(null, answer);
    };
  const hangUp = (): void => server.drain(`127.0.0.1:${port}`, 0);
  const room = unary(Room.decode(new Uint8Array()));
  const order = Order.decode(new Uint8Array());

  health.addToServer(server);
  server.addService(PropertyServiceService, { getRoom: room, createRoom: room, blockNights: room });
  server.addService(ViewsServiceService, {
    getOrder: unary(order),
    watchOrder(call: ServerWritableStream<unknown, WatchOrderResponse>) {
      calls.push({ method: call.getPath(), metadata: call.metadata });
      if (endings.shift() === 'broken') return hangUp();
      call.write({ event: { $case: 'snapshot', value: order } });
      call.write({ event: { $case: 'heartbeat', value: { at: new Date(0) } } });
      call.end();
    },
  });
  const port = await new Promise<number>((bound, failed) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, at) =>
      error ? failed(error) : bound(at),
    ),
  );
  return {
    port,
    calls,
    setHealthy: (yes) => health.setStatus('', yes ? 'SERVING' : 'NOT_SERVING'),
    stop: () => server.forceShutdown(),
  };
}

export const unavailable: Ending = { code: status.UNAVAILABLE, details: 'not now' };
