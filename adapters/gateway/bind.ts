import type { DescField, DescMessage, JsonValue } from '@bufbuild/protobuf';
import { fieldNamed, isWellKnown, join, type JsonObject, type Loose, type Shaper } from './json.ts';
import { Malformed, malformedField } from './malformed.ts';
import { unescape } from './templates.ts';

/** A value that stands in the path or the query, for a field of the request: `price_per_night.units` as two names. */
export interface Binding {
  field: readonly string[];
  value: string;
  /** A parameter without `=`: it names a field and gives it no value. */
  bare?: true;
}

/** Parameters without a name say nothing. `+` is a space, as in a form. */
export const queryBindings = (query: string): Binding[] =>
  query
    .split('&')
    .map((parameter) => [parameter, parameter.indexOf('=')] as const)
    .filter(([parameter, equals]) => parameter !== '' && equals !== 0)
    .map(([parameter, equals]) =>
      equals < 0
        ? { field: fromQuery(parameter).split('.'), value: '', bare: true }
        : { field: fromQuery(parameter.slice(0, equals)).split('.'), value: fromQuery(parameter.slice(equals + 1)) },
    );

const fromQuery = (text: string): string => unescape(text.replaceAll('+', ' '));

/** The request as JSON, of body, path and query, which give each field once (strict.ts). */
export function requestJson(
  shaper: Shaper,
  request: DescMessage,
  bodyField: string,
  body: Loose | undefined,
  bindings: readonly Binding[],
): JsonObject {
  const whole = body === undefined ? {} : bodyField === '' || bodyField === '*' ? body : { [bodyField]: body };
  const json = shaper.message(request, whole, '');
  for (const { field, value } of bindings) put(shaper, json, resolve(request, field), value);
  return json;
}

function resolve(message: DescMessage, names: readonly string[]): DescField[] {
  const path: DescField[] = [];
  let parent: DescMessage | undefined = message;
  for (const name of names) {
    const field: DescField | undefined = parent && fieldNamed(parent, name);
    if (!field) throw malformedField(names.join('.'), 'no such field');
    path.push(field);
    parent = field.fieldKind === 'message' && !isWellKnown(field.message) ? field.message : undefined;
  }
  return path;
}

function put(shaper: Shaper, json: JsonObject, path: readonly DescField[], value: string): void {
  const leaf = path.at(-1);
  if (!leaf || leaf.fieldKind === 'map') throw new Malformed('a map cannot be given in the path or the query');
  const name = path.reduce((joined, field) => join(joined, field.name), '');
  let parent = json;
  for (const { jsonName } of path.slice(0, -1)) parent = (parent[jsonName] ??= {}) as JsonObject;
  const shaped = shaper.one(leaf, value, name);
  if (leaf.fieldKind === 'list') ((parent[leaf.jsonName] ??= []) as JsonValue[]).push(shaped);
  else parent[leaf.jsonName] = shaped;
}
