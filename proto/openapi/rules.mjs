// The rules of a field (buf.validate, and ours for texts) in the words of JSON Schema.
import { getOption, hasOption, toJson } from '@bufbuild/protobuf';

/** Reads the rules of fields, as JSON. */
export function rulesIn(registry) {
  const [validate, text] = ['buf.validate.field', 'jari.order.v1.text'].map((name) => registry.getExtension(name));
  const option = (desc, extension) =>
    hasOption(desc, extension) ? toJson(extension.message, getOption(desc, extension), { registry }) : undefined;
  return (field) => ({ ...option(field, validate), text: option(field, text) });
}

const present = (entries) => Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));

/** What a single value must be. Limits of 64-bit integers are left to the description, as JSON writes these as strings. */
export function limitsOf({ string, int32, double, enum: choice, text }) {
  const number = int32 ?? double;
  const line = text?.line ?? text?.lines;
  return present({
    format: string?.uuid ? 'uuid' : string?.email ? 'email' : string?.uri ? 'uri' : undefined,
    pattern: string?.pattern,
    minLength: asNumber(string?.minLen) ?? (line && !text.optional ? 1 : undefined),
    maxLength: asNumber(string?.maxLen) ?? line,
    minimum: number?.gte,
    maximum: number?.lte,
    exclusiveMinimum: number?.gt,
    exclusiveMaximum: number?.lt,
    not: choice?.notIn?.length ? { enum: choice.notIn } : undefined,
  });
}

export const listLimitsOf = ({ repeated, map }) =>
  present({
    minItems: asNumber(repeated?.minItems),
    maxItems: asNumber(repeated?.maxItems),
    uniqueItems: repeated?.unique,
    minProperties: asNumber(map?.minPairs),
    maxProperties: asNumber(map?.maxPairs),
  });

/** What rules say in words. */
export const wordsOf = ({ text, cel }) => [text?.form, ...(cel ?? []).map(({ message }) => message)].filter(Boolean);

/** Whether a request without the field is refused: the value that a missing field has breaks its rules. */
export function mustBeGiven(field, rules) {
  if (rules.required) return true;
  if (rules.ignore === 'IGNORE_IF_ZERO_VALUE') return false;
  const { string, int32, double, enum: choice, repeated, text } = rules;
  if (field.fieldKind === 'list') return asNumber(repeated?.minItems) > 0;
  if (field.presence === explicit || field.fieldKind === 'message' || field.fieldKind === 'map') return false;
  if (choice?.notIn?.includes(0) || (choice?.in && !choice.in.includes(0))) return true;
  const number = int32 ?? double;
  if (number) return number.gte > 0 || number.gt >= 0 || number.lte < 0 || number.lt <= 0;
  const isText = text !== undefined && text.form === undefined && !text.optional;
  const misfits = string?.pattern !== undefined && !new RegExp(string.pattern, 'u').test('');
  return Boolean(string?.uuid || string?.email || asNumber(string?.minLen) > 0 || misfits || isText);
}

/** `FieldPresence.EXPLICIT`: the field may be missing, and that is not the same as zero. */
const explicit = 1;

const asNumber = (text) => (text === undefined ? undefined : Number(text));
