import type { DescField, DescMessage } from '@bufbuild/protobuf';
import type { FieldViolation } from '#adapters/rpc/errors.ts';
import type { Binding } from './bind.ts';
import { entriesOf, fieldNamed, isObject, isWellKnown, join, type Loose } from './json.ts';
import { isTime } from './times.ts';

const noSuchField = 'no such field';
const noValue = 'must have a value, as in name=value';
const givenOnce = 'must be given once';

/** Where a request gives each field, by the field's path in proto names. */
type Given = Map<string, 'path' | 'body' | 'query'>;

/**
 * What a request holds that its message does not know, what it gives twice, and the times that no calendar knows: all of them. A field stands
 * once, in the path, the body or the query; only a list may stand several times in the query. Envoy's transcoder passes over such fields and
 * keeps one of the values; there deploy/envoy/requests.lua holds these same rules.
 */
export function invalidFields(
  request: DescMessage,
  { inPath, body, bodyField, query }: Sent & { bodyField: DescField | undefined },
): FieldViolation[] {
  const given: Given = new Map(inPath.map(({ field }) => [field.join('.'), 'path']));
  return [
    ...(body === undefined ? [] : inBody(request, bodyField, body, given)),
    ...query.flatMap((binding) => inQuery(request, binding, given)),
  ];
}

/** What is in a request. */
interface Sent {
  inPath: readonly Binding[];
  /** With numbered names. */
  body: Loose | undefined;
  query: readonly Binding[];
}

const inBody = (request: DescMessage, field: DescField | undefined, body: Loose, given: Given): FieldViolation[] =>
  field ? invalidInField(field, body, field.name, given) : invalidInBody(request, body, '', given);

function invalidInBody(desc: DescMessage, value: Loose, path: string, given: Given): FieldViolation[] {
  if (!isObject(value)) return [];
  return entriesOf(value).flatMap(([name, content]) => {
    const field = fieldNamed(desc, name);
    if (!field) return [{ field: join(path, name), description: noSuchField }];
    const at = join(path, field.name);
    return [...twice(at, given), ...invalidInField(field, content, at, given)];
  });
}

function invalidInField(field: DescField, value: Loose, path: string, given: Given): FieldViolation[] {
  if (field.fieldKind === 'map')
    return isObject(value)
      ? entriesOf(value).flatMap(([key, item]) => [
          ...twice(join(path, key), given),
          ...(field.message ? one(field.message, item, join(path, key), given) : []),
        ])
      : [];
  const { message } = field;
  if (!message || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, nth) => invalidInField(field, item, `${path}[${nth}]`, given));
  return one(message, value, path, given);
}

function one(message: DescMessage, value: Loose, path: string, given: Given): FieldViolation[] {
  const text = texts[message.typeName];
  if (text)
    return typeof value === 'string' && text.fits(value) ? [] : [{ field: path, description: text.description }];
  return isWellKnown(message) ? [] : invalidInBody(message, value, path, given);
}

function twice(path: string, given: Given): FieldViolation[] {
  if (given.has(path)) return [{ field: path, description: givenOnce }];
  given.set(path, 'body');
  return [];
}

function inQuery(request: DescMessage, { field: names, value, bare }: Binding, given: Given): FieldViolation[] {
  let parent: DescMessage | undefined = request;
  let field: DescField | undefined;
  let path = '';
  for (const name of names) {
    field = parent && fieldNamed(parent, name);
    if (!field) return [{ field: names.join('.'), description: noSuchField }];
    path = join(path, field.name);
    parent = field.fieldKind === 'message' && !isWellKnown(field.message) ? field.message : undefined;
  }
  if (bare) return [{ field: path, description: noValue }];
  const before = given.get(path);
  if (before && !(before === 'query' && field?.fieldKind === 'list')) return [{ field: path, description: givenOnce }];
  given.set(path, 'query');
  return field?.message && texts[field.message.typeName] ? one(field.message, value, path, given) : [];
}

/** The types that JSON writes as one text. */
const texts: Readonly<Record<string, { fits(text: string): boolean; description: string }>> = {
  'google.protobuf.Timestamp': {
    fits: isTime,
    description: 'must be a time that the calendar knows, such as 2027-01-31T09:00:00Z',
  },
  'google.protobuf.Duration': {
    fits: (text) => /^-?\d+(\.\d*)?s$/.test(text),
    description: 'must be a number of seconds, such as 1.5s',
  },
  'google.protobuf.FieldMask': {
    fits: (text) =>
      text === '' || text.split(/[.,]/).every((name) => /^[a-z][a-zA-Z0-9]*(_[a-z][a-zA-Z0-9]*)*$/.test(name)),
    description: 'must be the names of fields, with commas between them',
  },
};
