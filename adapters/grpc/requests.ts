import { hash } from 'node:crypto';
import {
  fromBinary,
  getOption,
  isFieldSet,
  toBinary,
  type DescField,
  type DescMessage,
  type Message,
} from '@bufbuild/protobuf';
import { pathToString, reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect';
import { createValidator, type Violation } from '@bufbuild/protovalidate';
import { field as fieldRules, RepeatedRulesSchema } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { TimestampSchema, type Timestamp } from '@bufbuild/protobuf/wkt';
import { registry } from '#adapters/rpc/descriptors.ts';
import { invalid, RpcError, type FieldViolation } from '#adapters/rpc/errors.ts';
import { formOf, normalized, stringsOf } from './strings.ts';

/**
 * The platform's matcher is an order of magnitude faster than RE2, and is slow only with some patterns: a test times every pattern of our
 * protos on hostile text. What is too long for its field is refused before any pattern sees it.
 */
const patterns = new Map<string, RegExp>();
function matches(pattern: string, text: string): boolean {
  let compiled = patterns.get(pattern);
  if (!compiled) patterns.set(pattern, (compiled = new RegExp(pattern, 'u')));
  return compiled.test(text);
}

const validator = createValidator({ registry, regexMatch: matches });

/** A request that keeps the rules of its proto. */
export interface ValidRequest {
  /** The checked message, encoded again: another decoder might read unusual bytes (a message in two parts) in another way. */
  bytes: Buffer;
  /** Hash of its fields, however they were ordered on the wire. */
  fingerprint(): string;
}

/** Rejects bytes that do not parse, and fields that break a rule: all of them at once. */
export function validated(type: DescMessage, bytes: Uint8Array): ValidRequest {
  const canonical = Buffer.from(toBinary(type, checked(type, bytes).message));
  return { bytes: canonical, fingerprint: () => hash('sha256', canonical, 'base64url') };
}

/** The message, which keeps the rules of its proto, and each of its parts. Rejects as `validated` does. */
export function checked(type: DescMessage, bytes: Uint8Array): { message: Message; parts: readonly Part[] } {
  const message = parsed(type, bytes);
  const wrong: FieldViolation[] = [];
  const parts = [...partsOf(reflect(type, message), wrong)];
  for (const part of parts) {
    if (!isPossible(part.message)) wrong.push({ field: part.path, description: 'must be in the years 1 to 9999' });
    wrong.push(...normalized(part.message, part.path, shapeOf(part.message.desc).strings));
  }
  const result = validator.validate(type, message);
  if (result.kind === 'error' && !wrong.length) throw result.error;
  if (result.kind === 'invalid') {
    const known = new Set(wrong.map(({ field }) => field)); // a field has one violation
    wrong.push(
      ...result.violations.map((violation) => toldOf(violation, type)).filter(({ field }) => !known.has(field)),
    );
  }
  if (wrong.length) throw invalid(...wrong);
  return { message, parts };
}

/** A message, or one that lies within it at `path`, in the names of the proto: `start_times[1]`. */
export interface Part {
  path: string;
  message: ReflectMessage;
}

/** The message and all that lie within it. What is wrong with its lists is added to `wrong`. */
function* partsOf(message: ReflectMessage, wrong: FieldViolation[], path = ''): Iterable<Part> {
  const { lists, messages } = shapeOf(message.desc);
  const pathOf = ({ name }: DescField): string => (path ? `${path}.${name}` : name);
  for (const { field, most } of lists) {
    if (message.get(field).size <= most) continue;
    // Emptied, so that no rule reads its items: thousands of them, each with an error of its own, would stop the process for a while.
    message.clear(field);
    wrong.push({ field: pathOf(field), description: `must have at most ${most} items` });
  }
  yield { path, message };
  for (const field of messages) {
    if (field.fieldKind === 'message' && message.isSet(field)) yield* partsOf(message.get(field), wrong, pathOf(field));
    if (field.fieldKind === 'list')
      for (const [nth, each] of [...message.get(field)].entries())
        yield* partsOf(each as ReflectMessage, wrong, `${pathOf(field)}[${nth}]`);
  }
}

/** The fields of a type that are strings, those that are messages or lists of them, and all lists with the most items that they may have. */
interface Shape {
  strings: ReturnType<typeof stringsOf>;
  messages: readonly DescField[];
  lists: readonly { field: DescField & { fieldKind: 'list' }; most: number }[];
}

/** Looked up once: options are read anew each time. */
const shapes = new Map<DescMessage, Shape>();
function shapeOf(type: DescMessage): Shape {
  let found = shapes.get(type);
  if (!found) {
    const messages = type.fields.filter(
      (field) => field.fieldKind === 'message' || (field.fieldKind === 'list' && field.listKind === 'message'),
    );
    const lists = type.fields
      .filter((field) => field.fieldKind === 'list')
      .map((field) => ({ field, most: mostItems(field) }));
    shapes.set(type, (found = { strings: stringsOf(type), messages, lists }));
  }
  return found;
}

/** For lists of Google's own types, which have no rules: the paths of a field mask. */
const mostMaskPaths = 100;

/** The most items of a list, by its `max_items`. What services say to each other has no bound. */
export function mostItems(field: DescField): number {
  const { type } = getOption(field, fieldRules);
  const most = type.case === 'repeated' && isFieldSet(type.value, maxItems) ? Number(type.value.maxItems) : undefined;
  return most ?? (field.parent.typeName.startsWith('google.') ? mostMaskPaths : Infinity);
}

const maxItems = RepeatedRulesSchema.field.maxItems;

/**
 * A Timestamp lies in the years 1 to 9999, says its proto, but its bytes may say more. JSON cannot say it: with one of those in it, no
 * list could be answered over REST any more.
 */
function isPossible({ desc, message }: ReflectMessage): boolean {
  if (desc.typeName !== TimestampSchema.typeName) return true;
  const { seconds, nanos } = message as Timestamp;
  return seconds >= firstSecond && seconds <= lastSecond && nanos >= 0 && nanos < 1e9;
}

const firstSecond = BigInt(Date.parse('0001-01-01T00:00:00Z') / 1_000);
const lastSecond = BigInt(Date.parse('9999-12-31T23:59:59Z') / 1_000);

/** A violation in words: a pattern is for machines to read. */
function toldOf({ field: path, message, ruleId }: Violation, type: DescMessage): FieldViolation {
  const field = path.findLast((step) => step.kind === 'field');
  const said = ruleId === 'string.pattern' && field ? (formOf(field) ?? 'has a form that is not allowed') : message;
  return { field: pathToString(path) || blamed(type, message), description: said };
}

/** A rule across fields belongs to the whole message; its text begins with the field that is wrong. */
const blamed = ({ fields }: DescMessage, description: string): string =>
  fields.find(({ name }) => description.startsWith(`${name} `))?.name ?? '';

function parsed(type: DescMessage, bytes: Uint8Array): Message {
  try {
    return fromBinary(type, bytes, { readUnknownFields: false });
  } catch {
    throw new RpcError('INVALID_ARGUMENT', 'MALFORMED', `the request cannot be read as ${type.typeName}`);
  }
}
