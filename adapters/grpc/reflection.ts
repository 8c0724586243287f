import type { handleBidiStreamingCall, Server } from '@grpc/grpc-js';
import { clone, create, createFileRegistry, toBinary, type DescFile, type FileRegistry } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema, type FileDescriptorProto } from '@bufbuild/protobuf/wkt';
import {
  ServerReflectionService,
  type ServerReflectionRequest,
  type ServerReflectionResponse,
} from '#proto/grpc/reflection/v1/reflection.ts';
import { descriptorSet } from '#adapters/rpc/descriptors.ts';
import { Code } from '#adapters/rpc/errors.ts';

type Ask = ServerReflectionRequest['messageRequest'];
type Answer = ServerReflectionResponse['messageResponse'];

/** grpc.reflection, v1 and v1alpha (K23): lists `services`, describes everything in the descriptor set. */
export function addReflection(server: Server, services: readonly string[]): void {
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [...descriptorSet.file, alphaFile()] }));
  const listed = [
    ...services,
    'grpc.health.v1.Health',
    'grpc.reflection.v1.ServerReflection',
    'grpc.reflection.v1alpha.ServerReflection',
  ];
  const handle: handleBidiStreamingCall<ServerReflectionRequest, ServerReflectionResponse> = (call) => {
    call.on('data', (request: ServerReflectionRequest) =>
      call.write({
        validHost: request.host,
        originalRequest: request,
        messageResponse: answer(registry, listed, request.messageRequest),
      }),
    );
    call.on('end', () => call.end());
  };
  const { serverReflectionInfo: definition } = ServerReflectionService;
  server.addService(ServerReflectionService, { serverReflectionInfo: handle });
  server.addService(
    { serverReflectionInfo: { ...definition, path: alpha(definition.path) } },
    { serverReflectionInfo: handle },
  );
}

function answer(registry: FileRegistry, services: readonly string[], ask: Ask): Answer {
  switch (ask?.$case) {
    case 'listServices':
      return { $case: 'listServicesResponse', value: { service: services.map((name) => ({ name })) } };
    case 'fileByFilename':
      return files(registry.getFile(ask.value), ask.value);
    case 'fileContainingSymbol':
      return files(fileOf(registry, ask.value), ask.value);
    case 'fileContainingExtension': {
      const { containingType, extensionNumber } = ask.value;
      return files(
        extensionsOf(registry, containingType).find(({ number }) => number === extensionNumber)?.file,
        `${containingType} ${extensionNumber}`,
      );
    }
    case 'allExtensionNumbersOfType':
      return {
        $case: 'allExtensionNumbersResponse',
        value: {
          baseTypeName: ask.value,
          extensionNumber: extensionsOf(registry, ask.value).map(({ number }) => number),
        },
      };
    case undefined:
      return { $case: 'errorResponse', value: { errorCode: Code.INVALID_ARGUMENT, errorMessage: 'nothing was asked' } };
  }
}

/** A method, field or enum value is found by the type that it is part of. */
const fileOf = (registry: FileRegistry, symbol: string): DescFile | undefined =>
  (registry.get(symbol) ?? registry.get(symbol.slice(0, symbol.lastIndexOf('.'))))?.file;

const extensionsOf = (registry: FileRegistry, type: string) =>
  [...registry].filter((item) => item.kind === 'extension').filter(({ extendee }) => extendee.typeName === type);

/** The file and all its imports, so that the caller need not ask for each. */
function files(file: DescFile | undefined, asked: string): Answer {
  if (!file) return { $case: 'errorResponse', value: { errorCode: Code.NOT_FOUND, errorMessage: `no ${asked} here` } };
  const all = new Set([file]);
  for (const { dependencies } of all) for (const imported of dependencies) all.add(imported);
  return {
    $case: 'fileDescriptorResponse',
    value: {
      fileDescriptorProto: [...all].map(({ proto }) => Buffer.from(toBinary(FileDescriptorProtoSchema, proto))),
    },
  };
}

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
