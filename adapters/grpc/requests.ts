import { hash } from 'node:crypto';
import { fromBinary, getOption, toBinary, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { pathToString, reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect';
import { createValidator } from '@bufbuild/protovalidate';
import { TimestampSchema, type Timestamp } from '@bufbuild/protobuf/wkt';
import { field as rules } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { registry } from './descriptors.ts';
import { invalid, RpcError, type FieldViolation } from './errors.ts';

/** Patterns come from our own protos, never from a caller: the platform's matcher is safe, and an order of magnitude faster than RE2. */
const patterns = new Map<string, RegExp>();
function matches(pattern: string, text: string): boolean {
  let compiled = patterns.get(pattern);
  if (!compiled) patterns.set(pattern, (compiled = new RegExp(pattern, 'u')));
  return compiled.test(text);
}

const validator = createValidator({ registry, regexMatch: matches });

/** A request that keeps the rules of its proto. */
export interface ValidRequest {
  /** What was checked, encoded anew: from odd bytes (a message told in two pieces) another decoder might read something else. */
  bytes: Buffer;
  /** Hash of its fields, however they were ordered on the wire. */
  fingerprint(): string;
}

/** Rejects bytes that do not parse, and fields that break a rule: all of them at once. */
export function validated(type: DescMessage, bytes: Uint8Array): ValidRequest {
  const message = parsed(type, bytes);
  const seen = reflect(type, message);
  const wrong = [...impossibleTimes(seen)];
  const result = validator.validate(type, message);
  if (result.kind === 'error' && !wrong.length) throw result.error;
  if (result.kind === 'invalid')
    wrong.push(...result.violations.map(({ field, message: description }) => ({ field: pathToString(field) || blamed(type, description), description })));
  if (wrong.length) throw invalid(...wrong);
  idsInLowerCase(seen);
  const canonical = Buffer.from(toBinary(type, message));
  return { bytes: canonical, fingerprint: () => hash('sha256', canonical, 'base64url') };
}

/**
 * A Timestamp lies in the years 1 to 9999, says its proto, but its bytes may say more. JSON cannot say it: with one of those in it, no
 * list could be answered over REST any more.
 */
function* impossibleTimes(message: ReflectMessage, path = ''): Iterable<FieldViolation> {
  const { desc } = message;
  if (desc.typeName === TimestampSchema.typeName) {
    const { seconds, nanos } = message.message as Timestamp;
    if (seconds < firstSecond || seconds > lastSecond || nanos < 0 || nanos >= 1e9) yield { field: path, description: 'must lie in the years 1 to 9999' };
    return;
  }
  for (const field of desc.fields) {
    const at = path ? `${path}.${field.name}` : field.name;
    if (field.fieldKind === 'message' && message.isSet(field)) yield* impossibleTimes(message.get(field), at);
    if (field.fieldKind === 'list' && field.listKind === 'message')
      for (const [nth, each] of [...message.get(field)].entries()) yield* impossibleTimes(each as ReflectMessage, `${at}[${nth}]`);
  }
}

const firstSecond = BigInt(Date.parse('0001-01-01T00:00:00Z') / 1_000);
const lastSecond = BigInt(Date.parse('9999-12-31T23:59:59Z') / 1_000);

/** A UUID is the same in either case (RFC 9562). Inside it has one, for there ids are compared as texts: a room's nights, most of all. */
function idsInLowerCase(message: ReflectMessage): void {
  for (const field of withIds(message.desc)) {
    if (field.fieldKind === 'scalar') message.set(field, String(message.get(field)).toLowerCase());
    else if (field.fieldKind === 'message' && message.isSet(field)) idsInLowerCase(message.get(field));
  }
}

/** The fields that are UUIDs or messages, looked up once: options are read anew each time. */
const fieldsWithIds = new Map<DescMessage, readonly DescField[]>();
function withIds(type: DescMessage): readonly DescField[] {
  let found = fieldsWithIds.get(type);
  if (!found) fieldsWithIds.set(type, (found = type.fields.filter((field) => field.fieldKind === 'message' || isUuid(field))));
  return found;
}

const isUuid = (field: DescField): boolean => {
  const { type } = getOption(field, rules);
  return type.case === 'string' && type.value.wellKnown.case === 'uuid';
};

/** A rule across fields stands on the whole message; what it says begins with the field that is to blame. */
const blamed = ({ fields }: DescMessage, description: string): string => fields.find(({ name }) => description.startsWith(`${name} `))?.name ?? '';

function parsed(type: DescMessage, bytes: Uint8Array): ReturnType<typeof fromBinary> {
  try {
    return fromBinary(type, bytes, { readUnknownFields: false });
  } catch {
    throw new RpcError('INVALID_ARGUMENT', 'MALFORMED', `not a ${type.typeName}`);
  }
}
