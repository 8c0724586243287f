import type { DescField, DescMessage } from '@bufbuild/protobuf';
import type { FieldViolation } from '#adapters/rpc/errors.ts';
import type { Binding } from './bind.ts';
import { fieldNamed, isObject, isWellKnown, join, type Loose } from './json.ts';
import { isTime } from './times.ts';

const noSuchField = 'no such field';
const noValue = 'must have a value, as in name=value';

/**
 * What a body holds that its message does not know, and the times that no calendar knows: all of them. Envoy's transcoder passes over such
 * fields; there deploy/envoy/requests.lua holds these same rules.
 */
export function bodyMisfits(desc: DescMessage, value: Loose, path = ''): FieldViolation[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, content]) => {
    const field = fieldNamed(desc, name);
    return field
      ? fieldMisfits(field, content, join(path, field.name))
      : [{ field: join(path, name), description: noSuchField }];
  });
}

export function fieldMisfits(field: DescField, value: Loose, path: string): FieldViolation[] {
  const { message } = field;
  if (!message || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, nth) => fieldMisfits(field, item, `${path}[${nth}]`));
  if (field.fieldKind === 'map')
    return isObject(value) ? Object.entries(value).flatMap(([key, item]) => one(message, item, join(path, key))) : [];
  return one(message, value, path);
}

function one(message: DescMessage, value: Loose, path: string): FieldViolation[] {
  const text = texts[message.typeName];
  if (text)
    return typeof value === 'string' && text.fits(value) ? [] : [{ field: path, description: text.description }];
  return isWellKnown(message) ? [] : bodyMisfits(message, value, path);
}

/** The same for what stands in the query. */
export const queryMisfits = (request: DescMessage, bindings: readonly Binding[]): FieldViolation[] =>
  bindings.flatMap(({ field: names, value, bare }) => {
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
    return field?.message && texts[field.message.typeName] ? one(field.message, value, path) : [];
  });

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
