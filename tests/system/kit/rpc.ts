import {
  fromBinary,
  fromJson,
  getOption,
  hasOption,
  toBinary,
  toJson,
  type DescMethod,
  type JsonObject,
  type JsonValue,
  type Message,
} from '@bufbuild/protobuf';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { registry } from '#adapters/rpc/descriptors.ts';
import type { ErrorBody } from './people.ts';
import type { Place } from './place.ts';

/** What a call over gRPC comes to; `code` 0 is OK. */
export interface RpcAnswer {
  code: number;
  /** The response as JSON, by the names of the proto. */
  response?: JsonValue;
  /** `ErrorInfo.reason`. */
  reason?: string | undefined;
  /** `BadRequest`'s fields. */
  fields: string[];
}

export interface RpcCaller {
  /** Bytes as they are, well formed or not. A stream is left after its first message. */
  call(method: DescMethod, request: Uint8Array, headers?: Readonly<Record<string, string>>): Promise<RpcAnswer>;
  close(): void;
}

/** gRPC without any generated code in between, so that requests may be as wrong as one likes. */
export function rpcCaller(address: string): RpcCaller {
  const client = new Client(address, credentials.createInsecure());
  return {
    call(method, request, headers = {}) {
      const metadata = new Metadata();
      // Which service's operations are meant, only this can tell a gateway.
      metadata.set('jari-service', 'lodging');
      for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
      const path = `/${method.parent.typeName}/${method.name}`;
      const deadline = Date.now() + 10_000;
      const bytes = Buffer.from(request);
      return new Promise((resolve) => {
        const answered = (response: Uint8Array): void =>
          resolve({ code: 0, fields: [], response: printed(method.output, response) });
        const failed = (error: ServiceError): void => resolve({ code: error.code, ...detailsOf(error) });
        if (method.methodKind === 'unary') {
          client.makeUnaryRequest(
            path,
            same,
            same,
            bytes,
            metadata,
            { deadline },
            (error, response = Buffer.alloc(0)) => (error ? failed(error) : answered(response)),
          );
          return;
        }
        const stream = client.makeServerStreamRequest(path, same, same, bytes, metadata, { deadline });
        stream.on('error', failed);
        stream.once('data', (response: Buffer) => {
          answered(response);
          stream.cancel();
        });
      });
    },
    close: () => client.close(),
  };
}

const same = (bytes: Buffer): Buffer => bytes;

const printed = (type: DescMethod['output'], bytes: Uint8Array): JsonValue =>
  toJson(type, fromBinary(type, bytes), { registry, alwaysEmitImplicit: true, useProtoFieldName: true });

function detailsOf({ metadata }: ServiceError): Pick<RpcAnswer, 'reason' | 'fields'> {
  const [bytes] = metadata.get('grpc-status-details-bin');
  if (!Buffer.isBuffer(bytes)) return { fields: [] };
  const { details } = toJson(statusType, fromBinary(statusType, bytes), { registry }) as unknown as ErrorBody;
  const reason = details.find(({ domain }) => domain === 'jari')?.reason;
  return { reason, fields: details.flatMap(({ fieldViolations = [] }) => fieldViolations.map(({ field }) => field)) };
}

const statusType = registry.getMessage('google.rpc.Status')!;

const ours = [...registry].flatMap((type) =>
  type.kind === 'service' && type.typeName.startsWith('jari.') ? type.methods : [],
);
const hasRestPath = (method: DescMethod): boolean => hasOption(method, registry.getExtension('google.api.http')!);

/** Every method that the outside may call: it has a REST path. */
export const publicMethods: readonly DescMethod[] = ours.filter(hasRestPath);

/** Those that services alone call, of each other. */
export const internalMethods: readonly DescMethod[] = ours.filter((method) => !hasRestPath(method));

/** `payment`, of `jari.payment.v1` */
export const contextOf = ({ parent }: DescMethod): string => parent.typeName.split('.')[1]!;

/** Those of a place that need not have every service; operations are everywhere. */
export const publicMethodsOf = ({ services }: Place): readonly DescMethod[] => {
  const contexts = new Set([...services, 'ops']);
  return publicMethods.filter((method) => contexts.has(contextOf(method)));
};

/** `LodgingService.CreateReservation` */
export const nameOf = ({ parent, name }: DescMethod): string => `${parent.name}.${name}`;

export const encoded = ({ input }: DescMethod, request: JsonValue): Uint8Array =>
  toBinary(input, fromJson(input, request, { registry }));

export interface RestCall {
  verb: 'get' | 'post' | 'patch' | 'put' | 'delete';
  /** With what does not stand in the body. */
  path: string;
  body: JsonObject | undefined;
}

const inAddress = (value: JsonValue): string =>
  encodeURIComponent(typeof value === 'object' ? JSON.stringify(value) : String(value));

/** The same request by REST, as the method's annotation says. */
export function restCall(method: DescMethod, request: JsonObject): RestCall {
  const extension = registry.getExtension('google.api.http')!;
  const rule = toJson(extension.message!, getOption(method, extension) as Message) as Record<string, string>;
  const [verb, template] = Object.entries(rule).find(([name]) => name !== 'body') as [RestCall['verb'], string];
  const rest = { ...request };
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest[name] ?? '';
    delete rest[name];
    return inAddress(value);
  });
  if (rule.body) return { verb, path, body: rest };
  const query = Object.entries(rest).flatMap(([name, value]) =>
    [value].flat().map((each) => `${name}=${inAddress(each)}`),
  );
  return { verb, path: query.length ? `${path}?${query.join('&')}` : path, body: undefined };
}
