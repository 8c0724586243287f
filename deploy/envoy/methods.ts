import {
  createFileRegistry,
  fromBinary,
  getOption,
  hasOption,
  toJson,
  type DescMethod,
  type Message,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

/** A method that the gateway offers: one that has a REST face. The others are between services only. */
export interface PublicMethod {
  /** `lodging`, of `jari.lodging.v1`. */
  context: string;
  /** Every service answers it for itself; the path says which is meant (`/v1/ops/{service}/status`). */
  everywhere: boolean;
  /** `jari.lodging.v1.LodgingService` */
  service: string;
  name: string;
  /** `/jari.lodging.v1.LodgingService/GetReservation` */
  path: string;
  /** Changes nothing (GET), so it may safely be asked again. */
  reads: boolean;
  /** Answers many times. */
  streams: boolean;
  /** Its answers are pieces of a file, sent as they are. */
  file: boolean;
  /** `/v1/orders/{order_id}:watch` */
  templates: readonly string[];
}

/** google.api.HttpRule as JSON. */
interface HttpRule {
  get?: string;
  put?: string;
  post?: string;
  delete?: string;
  patch?: string;
  additionalBindings?: readonly HttpRule[];
}

export function publicMethods(descriptorSet: Uint8Array): PublicMethod[] {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet));
  const http = registry.getExtension('google.api.http');
  const ruleSchema = http?.message;
  if (!http || !ruleSchema) throw new Error('the descriptor set lacks google/api/annotations.proto');

  const toMethod = (method: DescMethod): PublicMethod => {
    const rule = toJson(ruleSchema, getOption(method, http) as Message) as HttpRule;
    const bindings = [rule, ...(rule.additionalBindings ?? [])];
    const service = method.parent.typeName;
    const templates = bindings.map(
      ({ get, put, post, delete: remove, patch }) => get ?? put ?? post ?? remove ?? patch ?? '',
    );
    return {
      context: service.split('.')[1] ?? '',
      everywhere: templates.every((template) => template.includes('{service}')),
      service,
      name: method.name,
      path: `/${service}/${method.name}`,
      reads: bindings.every(({ get }) => get !== undefined),
      streams: method.methodKind === 'server_streaming',
      file: method.output.typeName === 'google.api.HttpBody',
      templates,
    };
  };
  return [...registry]
    .flatMap((type) => (type.kind === 'service' ? type.methods : []))
    .filter((method) => hasOption(method, http))
    .map(toMethod);
}
