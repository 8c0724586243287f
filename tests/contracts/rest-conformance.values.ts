import {
  ScalarType,
  getOption,
  hasOption,
  toJson,
  type DescField,
  type DescMessage,
  type DescMethod,
  type JsonValue,
  type Message,
} from '@bufbuild/protobuf';
import { registry } from '#adapters/rpc/descriptors.ts';
import type { Call } from './rest-conformance.calls.ts';

/** A value for a field, as JSON text; and as it is written in an address, where it can be. */
interface Odd {
  json: string;
  query?: string;
}

const both = (text: string): Odd => ({ json: JSON.stringify(text), query: text });
const texts = (...values: string[]): Odd[] => values.map(both);
const raw = (...values: string[]): Odd[] => values.map((json) => ({ json }));

const times = texts(
  ...[
    '2027-02-29T01:00:00Z',
    '2024-02-29T01:00:00Z',
    '1900-02-29T01:00:00Z',
    '2000-02-29T01:00:00Z',
    '2027-04-31T01:00:00Z',
    '2027-13-01T01:00:00Z',
    '2027-00-01T01:00:00Z',
  ],
  ...[
    '2027-06-30T24:00:00Z',
    '2027-06-30T23:59:60Z',
    '2027-06-30T23:60:00Z',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '0001-01-01T00:00:00+09:00',
    '9999-12-31T23:59:59.999999999Z',
  ],
  ...[
    '9999-12-31T23:59:59-00:01',
    '10000-01-01T00:00:00Z',
    '2027-06-30t01:00:00z',
    '2027-06-30 01:00:00Z',
    '2027-06-30T01:00:00+24:00',
    '2027-06-30T01:00:00+23:59',
    '2027-06-30T01:00:00+0900',
  ],
  ...[
    '2027-06-30T01:00:00+09',
    '2027-06-30T01:00:00.1234567891Z',
    '2027-06-30T01:00:00.Z',
    ' 2027-06-30T01:00:00Z',
    '2027-06-30T01:00:00Z ',
    '2027-6-30T01:00:00Z',
    '2027-06-30',
    '',
    '0',
  ],
);
const integers = [
  ...texts(
    '5',
    '+5',
    '-5',
    '1e3',
    '1.0',
    '1.5',
    '0x10',
    '010',
    ' 5',
    '5 ',
    '',
    'NaN',
    'Infinity',
    '2147483647',
    '2147483648',
    '9223372036854775807',
    '9223372036854775808',
    '٥',
    '1_000',
    '--5',
    '-0',
  ),
  ...raw(
    '5',
    '-5',
    '1e3',
    '1E3',
    '5.0',
    '5.5',
    '1e-1',
    '-0',
    '2147483648',
    '9223372036854775808',
    '1e30',
    '010',
    '+5',
    '.5',
    '5.',
    'true',
    'null',
    '[]',
    '{}',
    '[5]',
    'NaN',
  ),
];
const doubles = [
  ...texts('1.5', '1e3', 'NaN', 'Infinity', '-Infinity', 'inf', '1e999', '', ' 1', '0x1p3', '1.', '.5', '+1'),
  ...raw('1.5', '1e3', '1e999', '-1e999', 'true', 'null', '5', '12345678901234567890', '[]'),
];
const bools = [
  ...texts('true', 'false', 'True', 'TRUE', '1', '0', 'yes', 'no', 't', 'f', '', ' true', '2'),
  ...raw('true', 'false', '1', '0', 'null', '[]', 'True'),
];
const bytes = [
  ...texts('//4A', '__4A', '_-4', 'AA=', 'AA==', 'A', 'AAAAA', 'AA AA', '*', ''),
  ...raw('5', 'null', '[]'),
];
const strings = [
  ...texts('a', '', 'null', 'a b', '\u0000', '\ufeff', 'é😀'),
  ...raw('5', 'true', 'null', '[]', '{}', '["a"]', '"\\ud800"', '"\\u00e9"', '"\\x41"', "'a'"),
];
const masks = [
  ...texts(
    'name',
    'name,price_per_night',
    'namE',
    'name.',
    ',',
    '',
    ' name',
    'name, title',
    'pricePerNight',
    'a.b_c',
    'a_',
    '_a',
    'a__b',
    'A',
  ),
  ...raw('{"paths":["name"]}', '["name"]', '5', 'null'),
];
const durations = [
  ...texts(
    '1s',
    '1.5s',
    '-1s',
    '1',
    's',
    '1.1234567891s',
    '315576000001s',
    '1ms',
    '',
    '+1s',
    ' 1s',
    '.5s',
    '1.s',
    '-0.5s',
  ),
  ...raw('5', 'null', '{"seconds":1}'),
];
const messages = raw('{}', 'null', '5', '"x"', '[]', '[{}]', '{"no_such":1}', '{"noSuch":{"deep":[1]}}');

const enums = ({ enum: desc }: DescField): Odd[] => {
  const [first, last] = [desc?.values[0], desc?.values.at(-1)];
  return [
    ...texts(
      first?.name ?? '',
      last?.name ?? '',
      (last?.name ?? '').toLowerCase(),
      String(last?.number),
      '99',
      '-1',
      '1.0',
      '',
      ' 1',
      'NOPE',
    ),
    ...raw(String(last?.number), '99', '-1', '1.5', '1.0', '1e0', 'true', 'null', '[]', '2147483648'),
  ];
};

function oddValues(field: DescField): Odd[] {
  switch (field.message?.typeName) {
    case undefined:
      break;
    case 'google.protobuf.Timestamp':
      return [...times, ...raw('5', 'null', '{}', '{"seconds":5}', '[]', 'true')];
    case 'google.protobuf.Duration':
      return durations;
    case 'google.protobuf.FieldMask':
      return masks;
    default:
      return messages;
  }
  if (field.enum) return enums(field);
  switch (field.scalar) {
    case ScalarType.BOOL:
      return bools;
    case ScalarType.STRING:
      return strings;
    case ScalarType.BYTES:
      return bytes;
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return doubles;
    default:
      return integers;
  }
}

interface Rule {
  verb: string;
  template: string;
  body: string;
}

function ruleOf(method: DescMethod): Rule | undefined {
  const http = registry.getExtension('google.api.http')!;
  if (!hasOption(method, http)) return undefined;
  const {
    body = '',
    additionalBindings: _,
    ...verbs
  } = toJson(http.message!, getOption(method, http) as Message) as Record<string, string>;
  const [verb = '', template = ''] = Object.entries(verbs)[0] ?? [];
  return { verb, template, body };
}

/** The fields of a message and of those within it, each by its path. */
function* fieldsOf(desc: DescMessage, path: readonly DescField[] = []): Iterable<readonly DescField[]> {
  for (const field of desc.fields) {
    const at = [...path, field];
    yield at;
    if (field.message && !field.message.typeName.startsWith('google.protobuf.') && path.length < 3)
      yield* fieldsOf(field.message, at);
  }
}

/** As it stands in a body: a list in a list, a map in a map. */
const wrapped = (path: readonly DescField[], json: string): string =>
  path.reduceRight((inner, field) => {
    const held = field.fieldKind === 'list' ? `[${inner}]` : field.fieldKind === 'map' ? `{"k":${inner}}` : inner;
    return `{${JSON.stringify(field.jsonName)}:${held}}`;
  }, json);

/** Every field of every public method, with each odd value, in the body or in the query. */
export function oddCalls(): { method: string; calls: (Call & { says: string })[] }[] {
  return [...registry]
    .flatMap((type) => (type.kind === 'service' && type.typeName.startsWith('jari.') ? type.methods : []))
    .flatMap((method) => {
      const rule = ruleOf(method);
      if (!rule || method.methodKind !== 'unary') return [];
      const inPath = new Set([...rule.template.matchAll(/\{(\w+)/g)].map(([, name]) => name));
      const path = rule.template.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'service' ? 'lodging' : 'x1'));
      const calls = [...fieldsOf(method.input)].flatMap((at) => {
        const field = at.at(-1)!;
        if (inPath.has(at[0]!.name)) return [];
        const name = at.map((each) => each.name).join('.');
        return oddValues(field).flatMap(({ json, query }) => {
          const call = { method: rule.verb.toUpperCase(), says: `${name} = ${json}` };
          if (rule.body) return [{ ...call, path, body: wrapped(at, json) }];
          return query === undefined ? [] : [{ ...call, path: `${path}?${name}=${encodeURIComponent(query)}` }];
        });
      });
      const unknown: JsonValue = { no_such: 1 };
      const strange = rule.body ? { path, body: JSON.stringify(unknown) } : { path: `${path}?no_such=1` };
      return [
        {
          method: `${method.parent.name}.${method.name}`,
          calls: [...calls, { method: rule.verb.toUpperCase(), says: 'an unknown field', ...strange }],
        },
      ];
    });
}
