import {
  ScalarType,
  type DescField,
  type DescMessage,
  type DescMethod,
  type JsonObject,
  type JsonValue,
} from '@bufbuild/protobuf';
import { soundRequest } from './methods/all.ts';
import { encoded, nameOf, restCall } from './rpc.ts';

/** One thing that is wrong with a request. */
export interface Wrong {
  what: string;
  /** Path of the field, by the names of the proto. */
  field: string;
  request: JsonObject;
  /** Must be refused, or may be understood after all (text may hold much). */
  must: boolean;
  /** Of another type: only JSON can say it, and the transcoder finds it. */
  typed: boolean;
}

const huge = 'x'.repeat(10_000);
const isDate = ({ name }: DescField): boolean => ['check_in', 'check_out', 'from', 'to'].includes(name);
/** Rules across fields blame the later one. */
const crossed = ['check_out', 'to', 'end_time'];

/** All that may be wrong with a field, without regard to what it means. */
function wrongValues(field: DescField): { what: string; value: JsonValue; must?: boolean; typed?: boolean }[] {
  const type = { what: 'an object', value: { a: 1 }, typed: true };
  if (field.fieldKind === 'list' && field.listKind === 'message')
    return [
      { what: 'text in it', value: ['text'], typed: true },
      { what: 'text', value: 'text', typed: true },
      { what: 'a number', value: 5, typed: true },
    ];
  if (field.fieldKind === 'list' && field.listKind === 'enum')
    return [
      { what: 'an unknown number', value: [99], must: true },
      { what: 'a name twice', value: [1, 1], must: true },
      { what: 'an unknown name', value: ['NOPE'], typed: true },
      { what: 'text', value: 'text', typed: true },
    ];
  if (field.fieldKind === 'list')
    return [
      { what: 'a huge item', value: [`a:${huge}`] },
      { what: 'an item without its form', value: ['nothing'] },
      { what: 'too many', value: Array.from({ length: 11 }, (_, nth) => `a:${nth}`) },
      { what: 'NUL', value: ['a:\0'] },
    ];
  if (field.fieldKind === 'message')
    return field.message.typeName === 'google.protobuf.FieldMask'
      ? [
          { what: 'a name of no field', value: 'noSuchField' },
          { what: 'a number', value: 5, typed: true },
        ]
      : [
          { what: 'text', value: 'text', typed: true },
          { what: 'a number', value: 5, typed: true },
        ];
  if (field.fieldKind === 'enum')
    return [
      { what: 'an unknown number', value: 99 },
      { what: 'a negative number', value: -1 },
      { what: 'an unknown name', value: 'NOPE', typed: true },
      type,
    ];
  if (field.fieldKind !== 'scalar') throw new Error(`${field.name}: a kind of field that these tests do not know yet`);
  switch (field.scalar) {
    case ScalarType.BOOL:
      return [{ what: 'neither true nor false', value: 'maybe', typed: true }, type];
    case ScalarType.INT32:
    case ScalarType.INT64: {
      const beyond = field.scalar === ScalarType.INT32 ? '2147483648' : '9223372036854775808';
      return [
        { what: 'negative', value: -1 },
        { what: 'zero', value: 0, must: ['guests', 'capacity', 'units'].includes(field.name) },
        { what: 'enormous', value: field.scalar === ScalarType.INT32 ? 2_147_483_647 : '9223372036854775807' },
        { what: 'beyond the type', value: beyond, typed: true },
        { what: 'a fraction', value: 1.5, typed: true },
        { what: 'text', value: 'many', typed: true },
        type,
      ];
    }
    case ScalarType.DOUBLE:
      return [
        { what: 'enormous', value: 1e300 },
        { what: 'no number', value: 'NaN' },
        { what: 'without end', value: '-Infinity' },
        { what: 'text', value: 'many', typed: true },
        type,
      ];
    case ScalarType.STRING:
      return [
        { what: 'huge', value: huge },
        { what: 'NUL', value: 'a\0b' },
        { what: 'control characters', value: 'a\u0007\u001b[31m\u009fb', must: false },
        { what: 'any Unicode', value: '\u202e자리 😀 \ufeff\uffff', must: false },
        { what: 'SQL', value: `'; drop table room; --`, must: false },
        ...(isDate(field)
          ? ['tomorrow', '2026-13-01', '2026-02-30', '2026-1-1', '0000-00-00'].map((value) => ({
              what: `no date: ${value}`,
              value,
            }))
          : []),
        type,
      ];
    default:
      throw new Error(`${field.name}: a type of field that these tests do not know yet`);
  }
}

/** Each field of a method's request, missing and filled with each thing that does not belong there. */
export function wrongs(method: DescMethod): Wrong[] {
  const { request, optional = [] } = soundRequest(nameOf(method));
  const found: Wrong[] = [];
  const visit = (message: DescMessage, prefix: readonly string[]): void => {
    for (const field of message.fields) {
      const path = [...prefix, field.name];
      const name = path.join('.');
      const add = (what: string, value: JsonValue | undefined, must: boolean, typed = false): number =>
        found.push({ what, field: name, request: replaced(request, path, value), must, typed });
      // Of a service that is not there, a gateway may know no more than that it is not there; what browsers tell each other is not looked into.
      const must = field.name !== 'service' && field.name !== 'payload';
      add('missing', undefined, must && !optional.includes(name));
      for (const wrong of wrongValues(field)) {
        const isMissing = wrong.what === 'zero' && optional.includes(name); // on the wire they are the same
        add(wrong.what, wrong.value, must && wrong.must !== false && !isMissing, wrong.typed);
      }
      if (field.fieldKind === 'message' && !field.message.typeName.startsWith('google.protobuf.'))
        visit(field.message, path);
    }
  };
  visit(method.input, []);
  return found;
}

/** The request with another value at that path; `undefined`: without it. */
export function replaced(
  request: JsonObject,
  [name = '', ...rest]: readonly string[],
  value: JsonValue | undefined,
): JsonObject {
  const { [name]: before, ...others } = request;
  if (rest.length > 0) return { ...request, [name]: replaced(before as JsonObject, rest, value) };
  return value === undefined ? others : { ...others, [name]: value };
}

/** No field is blamed that is not to blame, and the one that is, is. */
export const blames = (fields: readonly string[], { field }: Wrong): boolean => {
  const within = (one: string, other: string): boolean =>
    one === other || one.startsWith(`${other}.`) || one.startsWith(`${other}[`);
  const right = fields.filter((each) => within(each, field) || within(field, each));
  return right.length > 0 && fields.every((each) => right.includes(each) || crossed.includes(each));
};

/** Whether REST can say it: without an id there is another address, and in an address everything is text. */
export function isSayable(method: DescMethod, { field, request, typed, what }: Wrong): boolean {
  const inAddress =
    restCall(method, request).verb === 'get' ||
    restCall(method, { ...request, [field]: '(here)' }).path.includes('(here)');
  return hasAddress(method, request) && !(inAddress && typed && what === 'an object');
}

export const hasAddress = (method: DescMethod, request: JsonObject): boolean =>
  !/\/(\/|:|\?|$)/.test(restCall(method, request).path);

export function brokenBytes(method: DescMethod): Record<string, readonly number[]> {
  const bytes = [...encoded(method, soundRequest(nameOf(method)).request)];
  const tag = (wireType: number): number => ((method.input.fields[0]?.number ?? 1) << 3) | wireType;
  return {
    'cut short': bytes.slice(0, -1),
    'a length beyond the end': [tag(2), 0x7f],
    'a length that never ends': [tag(2), ...Array<number>(11).fill(0xff)],
    'a varint for the first field': [tag(0), 1],
    'eight bytes for the first field': [tag(1), 1, 2, 3, 4, 5, 6, 7, 8],
    'a group that is not closed': [tag(3), 1],
    'a group that was not opened': [tag(4)],
    'field zero': [0, 0],
    'text that is no UTF-8': [tag(2), 2, 0xc3, 0x28],
    noise: Array.from({ length: 200 }, (_, nth) => (nth * 73 + 41) % 256),
  };
}
