import type { handleBidiStreamingCall, Server } from '@grpc/grpc-js';
import { clone, create, createFileRegistry, toBinary, type DescFile } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema, type FileDescriptorProto } from '@bufbuild/protobuf/wkt';
import {
  ServerReflectionService,
  type ServerReflectionRequest,
  type ServerReflectionResponse,
} from '#proto/grpc/reflection/v1/reflection.ts';
import { descriptorSet } from '#adapters/rpc/descriptors.ts';
import { Code, RpcError } from '#adapters/rpc/errors.ts';

type Ask = ServerReflectionRequest['messageRequest'];
type Answer = ServerReflectionResponse['messageResponse'];

/** Questions that one stream answers. A tool that describes all services asks a few hundred. */
const mostAsks = 500;

/** grpc.reflection, v1 and v1alpha (K23): lists `services`, describes everything in the descriptor set. */
export function addReflection(
  server: Server,
  services: readonly string[],
  handler: (
    path: string,
    answers: ReturnType<typeof reflection>,
  ) => handleBidiStreamingCall<ServerReflectionRequest, Buffer>,
): void {
  const listed = [
    ...services,
    'grpc.health.v1.Health',
    'grpc.reflection.v1.ServerReflection',
    'grpc.reflection.v1alpha.ServerReflection',
  ];
  const answers = reflection(listed);
  const { serverReflectionInfo: definition } = ServerReflectionService;
  for (const path of [definition.path, alpha(definition.path)])
    server.addService(
      { serverReflectionInfo: { ...definition, path, responseSerialize: (bytes: Buffer) => bytes } },
      { serverReflectionInfo: handler(path, answers) },
    );
}

/** Answers questions, each when the answer before it has been taken. */
export function reflection(
  services: readonly string[],
): (asks: AsyncIterable<ServerReflectionRequest>) => AsyncIterable<Buffer> {
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [...descriptorSet.file, alphaFile()] }));
  const extensions = [...registry].filter((item) => item.kind === 'extension');
  const extensionsOf = (type: string) => extensions.filter(({ extendee }) => extendee.typeName === type);

  /** A method, field or enum value is found by the type that it is part of. */
  const fileOf = (symbol: string): DescFile | undefined =>
    (registry.get(symbol) ?? registry.get(symbol.slice(0, symbol.lastIndexOf('.'))))?.file;

  const encoded = new Map<DescFile, Buffer>();
  function encode(file: DescFile): Buffer {
    const bytes = encoded.get(file) ?? Buffer.from(toBinary(FileDescriptorProtoSchema, file.proto));
    encoded.set(file, bytes);
    return bytes;
  }

  /** The file and all its imports, so that the caller need not ask for each. */
  function files(file: DescFile | undefined, asked: string): Answer {
    if (!file) return failed(Code.NOT_FOUND, `no ${asked} here`);
    const all = new Set([file]);
    for (const { dependencies } of all) for (const imported of dependencies) all.add(imported);
    return { $case: 'fileDescriptorResponse', value: { fileDescriptorProto: [...all].map(encode) } };
  }

  function answer(ask: Ask): Answer {
    switch (ask?.$case) {
      case 'listServices':
        return { $case: 'listServicesResponse', value: { service: services.map((name) => ({ name })) } };
      case 'fileByFilename':
        return files(registry.getFile(ask.value), ask.value);
      case 'fileContainingSymbol':
        return files(fileOf(ask.value), ask.value);
      case 'fileContainingExtension': {
        const { containingType, extensionNumber } = ask.value;
        const found = extensionsOf(containingType).find(({ number }) => number === extensionNumber);
        return files(found?.file, `${containingType} ${extensionNumber}`);
      }
      case 'allExtensionNumbersOfType':
        return {
          $case: 'allExtensionNumbersResponse',
          value: { baseTypeName: ask.value, extensionNumber: extensionsOf(ask.value).map(({ number }) => number) },
        };
      case undefined:
        return failed(Code.INVALID_ARGUMENT, 'nothing was asked');
    }
  }

  return async function* (asks) {
    let count = 0;
    for await (const request of asks) {
      if (++count > mostAsks)
        throw new RpcError(
          'RESOURCE_EXHAUSTED',
          'RATE_LIMITED',
          `one stream answers ${mostAsks} questions: open another`,
        );
      const messageResponse = answer(request.messageRequest);
      const response = { validHost: request.host, originalRequest: request, messageResponse };
      yield ServerReflectionService.serverReflectionInfo.responseSerialize(response);
    }
  };
}

const failed = (errorCode: number, errorMessage: string): Answer => ({
  $case: 'errorResponse',
  value: { errorCode, errorMessage },
});

/** v1 is v1alpha under a new name; tools still ask for the old one. */
function alphaFile(): FileDescriptorProto {
  const v1 = descriptorSet.file.find(({ package: name }) => name === 'grpc.reflection.v1')!;
  const renamed = clone(FileDescriptorProtoSchema, v1);
  renamed.name = 'grpc/reflection/v1alpha/reflection.proto';
  renamed.package = alpha(v1.package);
  for (const field of renamed.messageType.flatMap((message) => message.field))
    if (field.typeName) field.typeName = alpha(field.typeName);
  for (const method of renamed.service.flatMap((service) => service.method)) {
    method.inputType = alpha(method.inputType);
    method.outputType = alpha(method.outputType);
  }
  return renamed;
}

const alpha = (name: string): string => name.replace('grpc.reflection.v1', 'grpc.reflection.v1alpha');
