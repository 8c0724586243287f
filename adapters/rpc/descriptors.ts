import { readFileSync } from 'node:fs';
import { createFileRegistry, fromBinary, type DescMethod } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

/** All of our protos, with the options that ts-proto's code does not carry: validation rules, HTTP routes. */
export const descriptorSet = fromBinary(
  FileDescriptorSetSchema,
  readFileSync(new URL('../../gen/descriptors.binpb', import.meta.url)),
);

export const registry = createFileRegistry(descriptorSet);

/** `/jari.lodging.v1.LodgingService/CreateReservation` → its descriptor. */
export function methodDescriptor(path: string): DescMethod {
  const [, service = '', name] = path.split('/');
  const method = registry.getService(service)?.methods.find((candidate) => candidate.name === name);
  if (!method) throw new Error(`${path} is not in the descriptor set`);
  return method;
}
