import { hash } from 'node:crypto';
import { fromBinary, getOption, toBinary, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { pathToString, reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect';
import { createValidator } from '@bufbuild/protovalidate';
import { field as rules } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { registry } from './descriptors.ts';
import { invalid, RpcError } from './errors.ts';

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
  const result = validator.validate(type, message);
  if (result.kind === 'error') throw result.error;
  if (result.kind === 'invalid')
    throw invalid(...result.violations.map(({ field, message: description }) => ({ field: pathToString(field) || blamed(type, description), description })));
  idsInLowerCase(reflect(type, message));
  const canonical = Buffer.from(toBinary(type, message));
  return { bytes: canonical, fingerprint: () => hash('sha256', canonical, 'base64url') };
}

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
