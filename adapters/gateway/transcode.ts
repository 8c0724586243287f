import {
  createFileRegistry,
  fromBinary,
  fromJson,
  getOption,
  hasOption,
  toBinary,
  toJson,
  type DescMessage,
  type DescMethod,
  type FileRegistry,
  type Message,
} from '@bufbuild/protobuf';
import { isFieldError } from '@bufbuild/protobuf/reflect';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { requestJson, type Binding } from './bind.ts';
import { Shaper, parseJson } from './json.ts';
import { allowed } from './methods.ts';
import { Malformed, malformedField, malformedFields } from './malformed.ts';
import { invalidFields } from './strict.ts';
import { Routes, parseTemplate, taken, type Template } from './templates.ts';

/** A method behind a REST path. */
export interface Route {
  /** `/jari.lodging.v1.LodgingService/GetReservation` */
  rpc: string;
  streams: boolean;
  /** The responses are pieces of a file, sent as they are. */
  file: boolean;
  input: DescMessage;
  output: DescMessage;
  /** What of the request the body is: `*` all, else a field. Envoy reads a body as all where the rule names none. */
  body: string;
  template: Template;
}

export interface Matched {
  route: Route;
  segments: readonly string[];
}

const verbs = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** google.api.HttpRule, as JSON. */
type HttpRule = { [Verb in (typeof verbs)[number]]?: string } & {
  body?: string;
  additionalBindings?: readonly HttpRule[];
};

/** REST ⇄ gRPC, by the `google.api.http` annotations in a descriptor set; prints as Envoy does with `always_print_primitive_fields`. */
export class Transcoder {
  readonly #registry: FileRegistry;
  readonly #routes = new Routes<Route>();
  readonly #shaper: Shaper;

  constructor(descriptorSet: Uint8Array) {
    this.#registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet));
    this.#shaper = new Shaper(this.#registry);
    for (const type of this.#registry) {
      if (type.kind === 'service') for (const method of type.methods) this.#addRoutes(method);
    }
  }

  #addRoutes(method: DescMethod): void {
    const http = this.#registry.getExtension('google.api.http');
    if (!http?.message || !hasOption(method, http)) return;
    const rule = toJson(http.message, getOption(method, http) as Message) as HttpRule;
    for (const binding of [rule, ...(rule.additionalBindings ?? [])]) {
      const verb = verbs.find((name) => binding[name] !== undefined);
      if (!verb) throw new Error(`${method.toString()}: a kind of HTTP rule that is not understood`);
      const template = parseTemplate(binding[verb] ?? '');
      this.#routes.add(verb.toUpperCase(), template, {
        rpc: `/${method.parent.typeName}/${method.name}`,
        streams: method.methodKind === 'server_streaming',
        file: method.output.typeName === 'google.api.HttpBody',
        input: method.input,
        output: method.output,
        body: binding.body ?? '',
        template,
      });
    }
  }

  /** Where a request goes. HEAD goes where GET does, unless that is a stream; a path that is there for other methods says which. */
  find(method: string, path: string): Matched | { allow: string } | undefined {
    const found = this.#routes.find(path);
    if (!found) return undefined;
    const { routes, segments } = found;
    const headable = routes.get('GET')?.streams === false;
    const route = routes.get(method === 'HEAD' && headable ? 'GET' : method);
    return route ? { route, segments } : { allow: allowed([...routes.keys()], headable) };
  }

  /** The encoded request. Throws `Malformed`. */
  request({ route, segments }: Matched, query: readonly Binding[], body: Uint8Array | undefined): Uint8Array {
    const inPath = route.template.variables.map((variable) => ({
      field: variable.field,
      value: taken(variable, segments),
    }));
    const parsed = body && body.length > 0 ? parseJson(body) : undefined;
    const bodyField = route.input.fields.find(({ name }) => name === route.body);
    const found = invalidFields(route.input, { inPath, body: parsed?.numbered, bodyField, query });
    if (found.length) throw malformedFields(found);
    const json = requestJson(this.#shaper, route.input, route.body, parsed?.json, [...inPath, ...query]);
    try {
      return toBinary(route.input, fromJson(route.input, json, { registry: this.#registry }));
    } catch (error) {
      const cause = error instanceof Error && isFieldError(error.cause) ? error.cause : undefined;
      throw cause
        ? malformedField(cause.field().name, cause.message)
        : new Malformed(error instanceof Error ? error.message : String(error));
    }
  }

  response({ route }: Matched, bytes: Uint8Array): string {
    return this.#print(route.output, bytes);
  }

  /** A piece of a file. */
  piece({ route }: Matched, bytes: Uint8Array): { contentType: string; data: Uint8Array } {
    return fromBinary(route.output, bytes) as unknown as { contentType: string; data: Uint8Array };
  }

  /** A google.rpc.Status as it came in `grpc-status-details-bin`. */
  status(bytes: Uint8Array): string {
    const desc = this.#registry.getMessage('google.rpc.Status');
    if (!desc) throw new Error('the descriptor set lacks google/rpc/status.proto');
    return this.#print(desc, bytes);
  }

  #print(desc: DescMessage, bytes: Uint8Array): string {
    return JSON.stringify(
      toJson(desc, fromBinary(desc, bytes), { alwaysEmitImplicit: true, registry: this.#registry }),
    );
  }
}
