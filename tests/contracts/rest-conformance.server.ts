import { setTimeout as sleep } from 'node:timers/promises';
import {
  fromBinary,
  fromJson,
  toBinary,
  toJson,
  type DescMessage,
  type DescMethod,
  type JsonObject,
  type JsonValue,
} from '@bufbuild/protobuf';
import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { registry } from '#adapters/rpc/descriptors.ts';
import { services } from '../../services/registry.ts';
import { promised } from './rest-contract/all.ts';

/** What reached the server, as it read it. */
export interface Received {
  /** `/jari.lodging.v1.LodgingService/GetReservation` */
  rpc: string;
  request: JsonValue;
  metadata: Readonly<Record<string, string>>;
}

/**
 * A gRPC server with all of our methods behind both gateways. It tells what reached it, and answers what the method promises; unless
 * the id that is asked for says something else: `empty` is answered with nothing in it, `full` with what is hard to print, `raise-5`
 * and `bare-5` fail with that status, with and without details, `slow` never answers.
 */
export interface Behind {
  port: number;
  /** By `x-request-id`. */
  received: ReadonlyMap<string, Received>;
  cancelled: ReadonlySet<string>;
  stop(): void;
}

const full: Readonly<Record<string, JsonObject>> = {
  GetRoom: {
    id: 'full',
    name: 'Zoë’s <"room"> & \\ \u2028 방 😀',
    capacity: 2,
    pricePerNight: { currencyCode: 'KRW', units: '9007199254740993' },
    createTime: '2023-11-14T22:13:20.500Z',
    updateTime: '2023-11-14T22:13:20.000000001Z',
  },
  GetStayRequest: { id: 'full', status: 99 },
  GetOrder: {
    id: 'full',
    order: { kind: 'lodging.reservation' },
    phase: 'ACTIVE',
    attributes: { room_id: 'r1', __proto__x: '', '': 'empty' },
    timeline: [{ type: 'jari.lodging.v1.ReservationPaid', at: '1969-12-31T23:59:59Z' }, {}],
  },
  GetKpis: {
    kinds: [
      { requested: '-1', confirmedShare: 0.1, paymentSuccessShare: 1 / 3 },
      { kind: 'rental.rental', confirmedShare: 'NaN', paymentSuccessShare: 1e21 },
    ],
  },
};

const events: Readonly<Record<string, readonly JsonObject[]>> = {
  three: [
    { snapshot: { id: 'three', title: 'a\nb' } },
    { change: { id: 'three', phase: 'DONE' } },
    {
      error: {
        code: 14,
        message: 'over',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.5s' }],
      },
    },
  ],
  breaks: [{ snapshot: { id: 'breaks' } }],
  endless: [{ heartbeat: { at: '2026-11-21T00:00:00Z' } }],
  none: [],
};

export async function startBehind(): Promise<Behind> {
  const server = new Server();
  const received = new Map<string, Received>();
  const cancelled = new Set<string>();
  const health = new HealthImplementation({ '': 'SERVING' });
  health.addToServer(server);
  for (const type of registry) {
    if (type.kind !== 'service' || !type.typeName.startsWith('jari.')) continue;
    const methods = type.methods.map(
      (method) =>
        [method.name, definitionOf(method), method.methodKind === 'unary' ? unary(method) : stream(method)] as const,
    );
    server.addService(
      Object.fromEntries(methods.map(([name, definition]) => [name, definition])),
      Object.fromEntries(methods.map(([name, , handler]) => [name, handler])),
    );
  }

  function note(
    method: DescMethod,
    call: { request: Buffer; metadata: Metadata; on(event: 'cancelled', listener: () => void): unknown },
  ): string {
    const json = toJson(method.input, fromBinary(method.input, call.request), { registry });
    const metadata = Object.fromEntries(
      Object.entries(call.metadata.getMap()).map(([name, value]) => [name, value.toString()]),
    );
    const id = metadata['x-request-id'] ?? '';
    received.set(id, { rpc: pathOf(method), request: json, metadata });
    call.on('cancelled', () => cancelled.add(id));
    const [asked = ''] = Object.values(json as JsonObject);
    return String(asked);
  }

  function unary(method: DescMethod) {
    const answer = async (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>): Promise<void> => {
      const asked = note(method, call);
      if (asked === 'slow') return;
      const failure = failureOf(method, asked, call.metadata);
      if (failure) return reply(failure);
      const said = encoded(
        method.output,
        asked === 'empty' ? {} : asked === 'full' ? (full[method.name] ?? {}) : answerOf(method),
      );
      const metadata = new Metadata();
      metadata.set('etag', '"1"');
      call.sendMetadata(metadata);
      reply(null, said);
    };
    return (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) =>
      void answer(call, reply).catch((error: Error) => reply(notKept(error)));
  }

  function stream(method: DescMethod) {
    const answer = async (call: ServerWritableStream<Buffer, Buffer>): Promise<void> => {
      const asked = note(method, call);
      const failure = failureOf(method, asked, call.metadata);
      if (failure) return void call.emit('error', failure);
      if (method.output.typeName === 'google.api.HttpBody') {
        const metadata = new Metadata();
        metadata.set('content-disposition', 'attachment; filename="all.csv"');
        call.sendMetadata(metadata);
      }
      for (const event of events[asked] ?? eventsOf(method)) call.write(encoded(method.output, event));
      if (asked === 'endless') return;
      await sleep(50);
      if (asked === 'breaks') call.emit('error', raised(14, true));
      else call.end();
    };
    return (call: ServerWritableStream<Buffer, Buffer>) =>
      void answer(call).catch((error: Error) => call.emit('error', notKept(error)));
  }

  const port = await new Promise<number>((bound, failed) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, at) =>
      error ? failed(error) : bound(at),
    ),
  );
  return { port, received, cancelled, stop: () => server.forceShutdown() };
}

const pathOf = ({ parent, name }: DescMethod): string => `/${parent.typeName}/${name}`;

/** Methods without a REST face promise nothing here. */
function answerOf(method: DescMethod): JsonObject {
  const promise = promised.get(pathOf(method));
  return promise && 'answer' in promise ? promise.answer : {};
}

function eventsOf(method: DescMethod): readonly JsonObject[] {
  const promise = promised.get(pathOf(method));
  if (promise && 'file' in promise)
    return promise.file.pieces.map((text) => ({
      contentType: promise.file.type,
      data: Buffer.from(text).toString('base64'),
    }));
  return promise && 'events' in promise ? promise.events : [];
}

const definitionOf = (method: DescMethod) => ({
  path: pathOf(method),
  requestStream: false,
  responseStream: method.methodKind === 'server_streaming',
  requestSerialize: (bytes: Buffer) => bytes,
  requestDeserialize: (bytes: Buffer) => bytes,
  responseSerialize: (bytes: Buffer) => bytes,
  responseDeserialize: (bytes: Buffer) => bytes,
});

/** As the services do it: a method that is not open wants to know who calls. */
function failureOf({ name }: DescMethod, asked: string, metadata: Metadata): ReturnType<typeof raised> | undefined {
  const isOpen = services.some(({ open }) => open.includes(name));
  if (!isOpen && !metadata.get('authorization').toString().startsWith('Bearer '))
    return raised(status.UNAUTHENTICATED, true, 'UNAUTHENTICATED');
  const [, kind, code] = /^(raise|bare)-(\d+)$/.exec(asked) ?? [];
  return code === undefined ? undefined : raised(Number(code), kind === 'raise');
}

/** What was promised, the proto knows nothing of. */
const notKept = ({ message }: Error) => ({ code: status.INTERNAL, details: message });

function raised(code: number, detailed: boolean, reason = 'OUT_OF_STOCK') {
  const metadata = new Metadata();
  metadata.set('retry-after', '7');
  const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'jari' };
  const fields = {
    '@type': 'type.googleapis.com/google.rpc.BadRequest',
    fieldViolations: [{ field: 'price_per_night.units', description: '자리' }],
  };
  const retry = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' };
  const message = `no seat (자리 ${code})`;
  const desc = registry.getMessage('google.rpc.Status');
  if (detailed && desc)
    metadata.set('grpc-status-details-bin', encoded(desc, { code, message, details: [info, fields, retry] }));
  return { code, details: message, metadata };
}

const encoded = (desc: DescMessage, json: JsonValue): Buffer =>
  Buffer.from(toBinary(desc, fromJson(desc, json, { registry })));
