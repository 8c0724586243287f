import { readFileSync } from 'node:fs';
import {
  ScalarType,
  createFileRegistry,
  fromBinary,
  getOption,
  toJson,
  type DescField,
  type DescMessage,
  type DescMethod,
  type Message,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { allowed } from '#adapters/gateway/methods.ts';
import { localReply } from '#adapters/gateway/local-replies.ts';
import { parseTemplate } from '#adapters/gateway/templates.ts';
import type { PublicMethod } from './methods.ts';

type Value = string | number | boolean | { readonly [name: string]: Value | undefined } | readonly Value[];

const verbsOfRule = ['get', 'put', 'post', 'delete', 'patch'] as const;
type Rule = { [Verb in (typeof verbsOfRule)[number]]?: string } & {
  body?: string;
  additionalBindings?: readonly Rule[];
};

/** A node of the tree of paths: `names` by literal segments, `any` under a variable, `ends` where a path may end. */
interface Node {
  names: Record<string, Node>;
  any?: Node;
  ends?: { routes: Record<string, Value>; allow: string };
}

/** What Envoy's transcoder leaves undone, as the source of a Lua filter: tables made of the protos, and the code that reads them. */
export function requestFilter(descriptorSet: Uint8Array, methods: readonly PublicMethod[]): string {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet));
  const http = registry.getExtension('google.api.http');
  if (!http?.message) throw new Error('the descriptor set lacks google/api/annotations.proto');
  const offered = new Set(methods.map(({ path }) => path));
  const roots: Record<string, Node> = {};
  const messages: Record<string, Value> = {};

  const kindOf = (field: DescField): Value => {
    const kind = field.message
      ? messageKind(field.message)
      : field.scalar === ScalarType.DOUBLE || field.scalar === ScalarType.FLOAT
        ? 'double'
        : 'scalar';
    return field.fieldKind === 'map' ? { map: kind } : kind;
  };
  const messageKind = (desc: DescMessage): Value => {
    const known = texts[desc.typeName];
    if (known) return known;
    if (desc.typeName.startsWith('google.protobuf.')) return 'any';
    if (!messages[desc.typeName]) {
      messages[desc.typeName] = {}; // before its fields, which may hold it again
      const fields = desc.fields.flatMap((field) =>
        [...new Set([field.name, field.jsonName])].map(
          (name) => [name, [field.name, kindOf(field), ...(field.fieldKind === 'list' ? [true] : [])]] as const,
        ),
      );
      messages[desc.typeName] = { fields: Object.fromEntries(fields) };
    }
    return { message: desc.typeName };
  };

  const add = (method: DescMethod, rule: Rule): void => {
    const verb = verbsOfRule.find((each) => rule[each] !== undefined);
    const { segments, verb: custom, variables } = parseTemplate((verb && rule[verb]) ?? '');
    if (!verb || segments.includes('**'))
      throw new Error(`${method.name}: a path that the filter of requests does not understand`);
    let node = (roots[custom] ??= { names: {} });
    for (const segment of segments)
      node = segment === '*' ? (node.any ??= { names: {} }) : (node.names[segment] ??= { names: {} });
    const bodyField = method.input.fields.find(({ name }) => name === rule.body);
    messageKind(method.input);
    const route = {
      message: method.input.typeName,
      body: bodyField ? kindOf(bodyField) : { message: method.input.typeName },
      body_path: bodyField?.name ?? '',
      streams: method.methodKind === 'server_streaming',
      variables: variables.map(({ field }) => field.join('.')),
    };
    const routes = { ...node.ends?.routes, [verb.toUpperCase()]: route };
    const headable = (routes.GET as typeof route | undefined)?.streams === false;
    node.ends = { routes, allow: allowed(Object.keys(routes), headable) };
  };

  for (const type of registry) {
    if (type.kind !== 'service') continue;
    for (const method of type.methods) {
      if (!offered.has(`/${type.typeName}/${method.name}`)) continue;
      const rule = toJson(http.message, getOption(method, http) as Message) as Rule;
      for (const binding of [rule, ...(rule.additionalBindings ?? [])]) add(method, binding);
    }
  }

  const tables = {
    routes: roots as unknown as Value,
    verbs: Object.fromEntries(Object.keys(roots).map((verb) => [verb, true])),
    messages,
    own_allow: allowed(['GET'], true),
    replies: { malformed: { ...localReply(400) }, wrong_method: { ...localReply(405) } } as unknown as Value,
  };
  const generated = Object.entries(tables).map(([name, table]) => `local ${name} = ${literal(table)}\n`);
  return generated.join('') + readFileSync(new URL('requests.lua', import.meta.url), 'utf8');
}

/** The types that JSON writes as one text, by the names that requests.lua has for them. */
const texts: Readonly<Record<string, string>> = {
  'google.protobuf.Timestamp': 'time',
  'google.protobuf.Duration': 'duration',
  'google.protobuf.FieldMask': 'mask',
};

export function literal(value: Value): string {
  if (typeof value === 'string')
    return `"${value.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))}"`;
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `{${value.map(literal).join(',')}}`;
  const entries = Object.entries(value).filter((entry): entry is [string, Value] => entry[1] !== undefined);
  return `{${entries.map(([name, each]) => `[${literal(name)}]=${literal(each)}`).join(',')}}`;
}
