import {
  getExtension,
  getOption,
  hasExtension,
  ScalarType,
  type DescExtension,
  type DescField,
  type DescMessage,
} from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import type { ReflectMessage } from '@bufbuild/protobuf/reflect';
import { field as fieldRules, type StringRules } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import {
  breaksLine,
  canonical,
  changesDirection,
  hasControls,
  isBlank,
  isLongerThan,
  isOverloaded,
} from '#kernel/text.ts';
import { timeZoneNamed } from '#kernel/time.ts';
import { registry } from '#adapters/rpc/descriptors.ts';
import type { FieldViolation } from '#adapters/rpc/errors.ts';

/** What a string of a request is, by the options of its field. */
export interface StringKind {
  /** `free` has no option: what services say to each other. */
  kind: 'id' | 'page-token' | 'email' | 'time-zone' | 'line' | 'lines' | 'form' | 'free';
  /** Characters, as people count them. */
  max?: number;
  /** A longer string is refused before anything else looks at it. What services say to each other has no bound. */
  maxBytes: number;
  optional: boolean;
  /** What is allowed, in words, where a pattern says it. */
  form?: string;
}

/** As many bytes as text of any language needs, on average, for one character: decomposed Hangul needs nine, most emoji fewer. */
const bytesPerCharacter = 12;
/** What has no bound of its own: an id, a date, the name of a field. */
const fewBytes = 1_000;

const textOption = registry.getExtension('jari.order.v1.text') as DescExtension;

interface Text {
  kind:
    | { case: 'line' | 'lines'; value: number }
    | { case: 'form'; value: string }
    | { case: 'timeZone'; value: boolean }
    | { case: undefined };
  optional: boolean;
}

/** The strings of a type, each with what it is. */
export const stringsOf = ({ fields }: DescMessage): { field: DescField; is: StringKind }[] =>
  fields.filter(isString).map((field) => ({ field, is: kindOf(field) }));

const isString = (field: DescField): boolean =>
  (field.fieldKind === 'scalar' || (field.fieldKind === 'list' && field.listKind === 'scalar')) &&
  field.scalar === ScalarType.STRING;

function kindOf(field: DescField): StringKind {
  const rules = rulesOf(field);
  const options = field.proto.options;
  const text =
    options && hasExtension(options, textOption) ? (getExtension(options, textOption) as unknown as Text) : undefined;
  const optional = text?.optional ?? false;
  switch (text?.kind.case) {
    case 'line':
    case 'lines':
      return { kind: text.kind.case, max: text.kind.value, maxBytes: text.kind.value * bytesPerCharacter, optional };
    case 'form':
      return { kind: 'form', form: text.kind.value, maxBytes: bytesIn(rules) ?? fewBytes, optional };
    case 'timeZone':
      return { kind: 'time-zone', maxBytes: bytesIn(rules) ?? fewBytes, optional };
    default:
      break;
  }
  if (rules?.wellKnown.case === 'uuid') return { kind: 'id', maxBytes: fewBytes, optional };
  if (rules?.wellKnown.case === 'email') return { kind: 'email', maxBytes: bytesIn(rules) ?? fewBytes, optional };
  if (field.name.endsWith('page_token')) return { kind: 'page-token', maxBytes: bytesIn(rules) ?? fewBytes, optional };
  return {
    kind: 'free',
    maxBytes: bytesIn(rules) ?? (rules || field.parent.typeName.startsWith('google.') ? fewBytes : Infinity),
    optional,
  };
}

/** What a field's pattern allows, in words. */
export const formOf = (field: DescField): string | undefined => kindOf(field).form;

/** The rules of the string, or of each string of a list. */
export function rulesOf(field: DescField): StringRules | undefined {
  const { type } = getOption(field, fieldRules);
  const rules = type.case === 'repeated' ? type.value.items?.type : type;
  return rules?.case === 'string' ? rules.value : undefined;
}

/** UTF-8 has at most four bytes for each of the characters that `max_len` counts. */
const bytesIn = (rules: StringRules | undefined): number | undefined =>
  rules?.maxBytes ? Number(rules.maxBytes) : rules?.maxLen ? 4 * Number(rules.maxLen) : undefined;

/**
 * Changes the strings of a message to the form in which they are compared and stored, and yields those that cannot be changed. These are
 * emptied in the message, so that no further rule reads them.
 */
export function* normalized(
  message: ReflectMessage,
  path: string,
  strings: readonly { field: DescField; is: StringKind }[],
): Iterable<FieldViolation> {
  for (const { field, is } of strings) {
    const at = path ? `${path}.${field.name}` : field.name;
    if (field.fieldKind === 'list') {
      const list = message.get(field);
      for (const [nth, text] of [...list].entries()) {
        const { value, wrong } = normalize(String(text), is);
        if (value !== text) list.set(nth, value);
        if (wrong) yield { field: `${at}[${nth}]`, description: wrong };
      }
    } else if (
      field.fieldKind === 'scalar' &&
      (message.isSet(field) || (field.presence === FeatureSet_FieldPresence.IMPLICIT && is.max !== undefined))
    ) {
      const text = String(message.get(field));
      const { value, wrong } = normalize(text, is);
      if (value !== text) message.set(field, value);
      if (wrong) yield { field: at, description: wrong };
    }
  }
}

function normalize(text: string, is: StringKind): { value: string; wrong?: string } {
  if (text.length > is.maxBytes || Buffer.byteLength(text) > is.maxBytes) return { value: '', wrong: tooLong(is) };
  if (isOverloaded(text)) return { value: '', wrong: 'must have at most 30 accents on one letter' };
  if (is.kind === 'time-zone') {
    const zone = timeZoneNamed(text);
    return zone ? { value: zone } : { value: '', wrong: 'must be an IANA time zone, like Asia/Seoul' };
  }
  const value = is.kind === 'id' ? text.toLowerCase() : is.kind === 'line' ? canonical(text).trim() : canonical(text);
  const wrong = is.max === undefined ? undefined : textProblem(value, is, is.max);
  return wrong ? { value: '', wrong } : { value };
}

function textProblem(text: string, is: StringKind, max: number): string | undefined {
  if (text === '' && is.optional) return undefined;
  if (is.kind === 'line' && (breaksLine(text) || isBlank(text))) return 'must be one line of text, and not blank';
  if (hasControls(text)) return 'must not contain control characters';
  if (changesDirection(text)) return 'must not contain characters that change the direction of text';
  if (!is.optional && isBlank(text)) return 'must not be blank';
  return isLongerThan(text, max) ? tooLong(is) : undefined;
}

const tooLong = ({ max, maxBytes }: StringKind): string =>
  max === undefined
    ? `must be at most ${maxBytes.toLocaleString('en')} bytes`
    : `must be at most ${max.toLocaleString('en')} characters, and ${maxBytes.toLocaleString('en')} bytes`;
