import {
  ScalarType,
  fromJson,
  type DescEnum,
  type DescField,
  type DescMessage,
  type JsonValue,
  type Registry,
} from '@bufbuild/protobuf';
import { isWrapperDesc } from '@bufbuild/protobuf/wkt';
import { Malformed, malformedField } from './malformed.ts';

/** JSON as it came: an integer that a double cannot hold is a bigint. */
export type Loose = null | boolean | number | bigint | string | Loose[] | { [key: string]: Loose };
export type JsonObject = { [key: string]: JsonValue };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** As deep as messages may lie within messages. */
const maxDepth = 100;
/** More than a request can have within the bounds of its lists. Each takes microseconds, in which nobody else is answered. */
const maxValues = 5_000;

/** A body that was read twice: JSON.parse keeps the last of the values that stand under one name, and `numbered` keeps each. */
export interface Body {
  json: Loose;
  /** With a number before every name: see `entriesOf`. */
  numbered: Loose;
}

export function parseJson(body: Uint8Array): Body {
  const read = parsed(body);
  if (isDeeper(read.json, maxDepth)) throw new Malformed(`the body is over ${maxDepth} levels deep`);
  return read;
}

function parsed(body: Uint8Array): Body {
  try {
    const text = utf8.decode(body);
    if (valuesIn(text) > maxValues) throw new Malformed(`the body has over ${maxValues.toLocaleString('en')} values`);
    const exact = (_key: string, value: Loose, context: { source?: string }): Loose =>
      typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context.source ?? '')
        ? BigInt(context.source ?? '')
        : value;
    const json = JSON.parse(text, exact as (key: string, value: Loose) => Loose);
    let count = 0;
    const numbered = text.replace(/"((?:[^"\\]|\\.)*)"([ \t\r\n]*:)?/g, (token, name: string, colon?: string) =>
      colon === undefined ? token : `"${count++} ${name}"${colon}`,
    );
    return { json, numbered: JSON.parse(numbered) as Loose };
  } catch (error) {
    throw error instanceof Malformed ? error : new Malformed('the body is not JSON', { cause: error });
  }
}

/** By the marks before them; also those under one name, of which a parser keeps the last. */
function valuesIn(text: string): number {
  let count = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const mark = text[at];
    if (mark === '"') inString = !inString;
    else if (inString) at += Number(mark === '\\');
    else if (mark === ',' || mark === '[' || mark === '{') count++;
  }
  return count;
}

/** The names and values of an object whose names are numbered, as they stood in the text. */
export const entriesOf = (numbered: { [key: string]: Loose }): [name: string, value: Loose][] =>
  Object.entries(numbered).map(([name, value]) => [name.slice(name.indexOf(' ') + 1), value]);

const isDeeper = (value: Loose, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((item: Loose) => isDeeper(item, levels - 1)));

export const isObject = (value: Loose | undefined): value is { [key: string]: Loose } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const fieldNamed = (message: DescMessage, name: string): DescField | undefined =>
  message.fields.find((field) => field.name === name || field.jsonName === name);

/**
 * What a body or query says, as protobuf-es's strict `fromJson` takes it, and as Envoy does: a scalar may be written as a string, a list
 * of one without its brackets. What cannot be meant is refused with the field's path. Unknown fields were refused before (strict.ts).
 */
export class Shaper {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  message(desc: DescMessage, value: Loose, path: string): JsonObject {
    if (!isObject(value)) throw malformedField(path, 'must be an object');
    const shaped: [string, JsonValue][] = [];
    for (const [key, content] of Object.entries(value)) {
      const field = fieldNamed(desc, key);
      if (!field || (content === null && !isValue(field))) continue;
      shaped.push([field.jsonName, this.field(field, content, join(path, field.name))]);
    }
    return Object.fromEntries(shaped);
  }

  field(field: DescField, value: Loose, path: string): JsonValue {
    switch (field.fieldKind) {
      case 'list':
        return [value]
          .flat()
          .filter((item) => item !== null)
          .map((item, index) => this.one(field, item, Array.isArray(value) ? `${path}[${index}]` : path));
      case 'map':
        if (!isObject(value)) throw malformedField(path, 'must be an object');
        return Object.fromEntries(
          Object.entries(value).map(([key, item]) => [key, this.one(field, item, `${path}.${key}`)]),
        );
      default:
        return this.one(field, value, path);
    }
  }

  /** A single value: of a field, of a list's item, or of a map's. */
  one(field: DescField, value: Loose, path: string): JsonValue {
    if (field.message)
      return isWellKnown(field.message)
        ? this.#wellKnown(field.message, value, path)
        : this.message(field.message, value, path);
    if (field.enum) return enumValue(field.enum, value, path);
    return scalar(field.scalar, value, path);
  }

  /** Types with a JSON form of their own. */
  #wellKnown(desc: DescMessage, value: Loose, path: string): JsonValue {
    if (isWrapperDesc(desc)) return scalar(desc.fields[0].scalar, value, path);
    const json =
      desc.typeName === 'google.protobuf.FieldMask' && typeof value === 'string' ? camelCase(value) : plain(value);
    try {
      fromJson(desc, json, { registry: this.#registry });
    } catch (error) {
      throw malformedField(path, error instanceof Error ? error.message : String(error));
    }
    return json;
  }
}

export const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

export const isWellKnown = ({ typeName }: DescMessage): boolean => typeName.startsWith('google.protobuf.');

/** Where null is a value like another. */
const isValue = (field: DescField): boolean => field.message?.typeName === 'google.protobuf.Value';

function enumValue({ values }: DescEnum, value: Loose, path: string): JsonValue {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  const known = values.find(({ name, number }) => name === value || String(number) === value);
  const names = values.filter(({ number }) => number > 0).map(({ name }) => name);
  if (!known) throw malformedField(path, `${say(value)} is not one of ${names.join(', ')}`);
  return known.number;
}

const truths: Readonly<Record<string, boolean>> = {
  ...{ true: true, t: true, yes: true, y: true, '1': true },
  ...{ false: false, f: false, no: false, n: false, '0': false },
};

const integers: Partial<Record<ScalarType, readonly [min: bigint, max: bigint]>> = {
  ...from([-(2n ** 31n), 2n ** 31n - 1n], ScalarType.INT32, ScalarType.SINT32, ScalarType.SFIXED32),
  ...from([-(2n ** 63n), 2n ** 63n - 1n], ScalarType.INT64, ScalarType.SINT64, ScalarType.SFIXED64),
  ...from([0n, 2n ** 32n - 1n], ScalarType.UINT32, ScalarType.FIXED32),
  ...from([0n, 2n ** 64n - 1n], ScalarType.UINT64, ScalarType.FIXED64),
};

function from<Value>(value: Value, ...keys: ScalarType[]): Partial<Record<ScalarType, Value>> {
  return Object.fromEntries(keys.map((key) => [key, value]));
}

function scalar(type: ScalarType | undefined, value: Loose, path: string): JsonValue {
  const range = type && integers[type];
  if (range) {
    const number = integer(value);
    if (number === undefined || number < range[0] || number > range[1])
      throw malformedField(path, `${say(value)} is not an integer from ${range[0]} to ${range[1]}`);
    return String(number);
  }
  switch (type) {
    case ScalarType.BOOL: {
      const truth = typeof value === 'string' ? truths[value.toLowerCase()] : value;
      if (typeof truth === 'boolean') return truth;
      throw malformedField(path, `${say(value)} is not true or false`);
    }
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT: {
      const number = typeof value === 'bigint' ? Number(value) : value;
      const sayable =
        typeof number === 'string'
          ? /^(NaN|-?Infinity|[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?)$/.test(number)
          : Number.isFinite(number);
      if (sayable) return number as string | number;
      throw malformedField(path, `${say(value)} is not a number`);
    }
    case ScalarType.BYTES:
      if (typeof value === 'string' && /^[\w+/-]*={0,2}$/.test(value)) return value;
      throw malformedField(path, `${say(value)} is not base64`);
    default:
      if (typeof value === 'string' && value.isWellFormed()) return value;
      throw malformedField(path, `${say(value)} is not a string of valid Unicode`);
  }
}

function integer(value: Loose): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'string' && /^[-+]?\d+$/.test(value) ? BigInt(value.replace('+', '')) : undefined;
}

/** `price_per_night,guest.fullName` → `pricePerNight,guest.fullName` */
const camelCase = (mask: string): string => mask.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const plain = (value: Loose): JsonValue => {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)])) : value;
};

/** As much of it as an error message should repeat. */
const say = (value: Loose): string => JSON.stringify(plain(value)).slice(0, 100);
