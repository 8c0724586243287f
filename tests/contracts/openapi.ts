import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { checkout } from '../system/kit/embedded.ts';

export interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  security: Readonly<Record<string, readonly string[]>>[];
  parameters?: { $ref?: string; name?: string; in?: string; required?: boolean }[];
  requestBody?: { content: { 'application/json': { schema: object } } };
  responses: Readonly<Record<string, Response>>;
  'x-roles'?: readonly string[];
}

interface Response {
  content?: Readonly<Record<string, { schema: object; 'x-event-schema'?: object }>>;
  'x-reasons'?: readonly string[];
}

/** What both gateways serve at `/openapi.json`. */
export const document = JSON.parse(readFileSync(`${checkout}/gen/openapi.json`, 'utf8')) as {
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components: { schemas: Readonly<Record<string, { description?: string; properties?: object }>> };
};

export interface Described {
  verb: string;
  path: string;
  operation: Operation;
}

export const operations: readonly Described[] = Object.entries(document.paths).flatMap(([path, verbs]) =>
  Object.entries(verbs).map(([verb, operation]) => ({ verb, path, operation })),
);

/** By its method: `/jari.lodging.v1.LodgingService/GetReservation`. */
export const operationOf = (rpc: string): Described => {
  const id = rpc.replace(/^.*\.(\w+)\/(\w+)$/, '$1_$2');
  const found = operations.find(({ operation }) => operation.operationId === id);
  if (!found) throw new Error(`openapi.json describes no ${id}`);
  return found;
};

const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
ajv.addFormat('int32', { type: 'number', validate: (value: number) => Number.isInteger(value) });
ajv.addFormat('int64', { type: 'string', validate: (value: string) => /^-?\d{1,19}$/.test(value) });
ajv.addSchema({ $id: 'https://jari/', components: document.components });
const compiled = new Map<object, ValidateFunction>();

/** How a value differs from its schema; empty where it fits. */
export function invalidFields(schema: object, value: unknown): string[] {
  const validate =
    compiled.get(schema) ??
    ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"https://jari/#/components')) as object);
  compiled.set(schema, validate);
  return validate(value)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

/** The schema of the answer; of a stream, of each of its events. */
export function answerSchema({ responses }: Operation, status = 200): object {
  const content = (responses[String(status)] ?? responses['default'])?.content;
  const json = content?.['application/json']?.schema ?? content?.['text/event-stream']?.['x-event-schema'];
  return json ?? { $ref: '#/components/schemas/Status' };
}
