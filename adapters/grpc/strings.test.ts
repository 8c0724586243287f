import { describe, expect, test } from '@jest/globals';
import { create, getOption, toBinary, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { field as fieldRules, message as messageRules } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { registry } from '#adapters/rpc/descriptors.ts';
import type { RpcError } from '#adapters/rpc/errors.ts';
import { filled, hostile, milliseconds } from './hostile.fixture.ts';
import { validated } from './requests.ts';
import { rulesOf, stringsOf, type StringKind } from './strings.ts';

/** A string field of a request, and the messages that lie around it. */
interface Place {
  path: string;
  request: DescMessage;
  around: readonly DescField[];
  field: DescField;
  is: StringKind;
}

const requests = [...registry].flatMap((type) =>
  type.kind === 'service' && type.typeName.startsWith('jari.') ? type.methods.map(({ input }) => input) : [],
);
const places = [...new Set(requests)].flatMap((request) => [...placesIn(request, request, [])]);

function* placesIn(request: DescMessage, type: DescMessage, around: readonly DescField[]): Iterable<Place> {
  for (const { field, is } of stringsOf(type))
    yield {
      path: [request.typeName, ...[...around, field].map(({ name }) => name)].join('.'),
      request,
      around,
      field,
      is,
    };
  for (const field of type.fields)
    if (field.message && around.length < 4 && (field.fieldKind === 'message' || field.fieldKind === 'list'))
      yield* placesIn(request, field.message, [...around, field]);
}

/** A request with nothing in it but this text. */
function holding({ request, around, field }: Place, text: string): Uint8Array {
  const message = create(request);
  let within = reflect(request, message);
  for (const step of around) {
    const next = reflect(step.message!);
    if (step.fieldKind === 'list') within.get(step).add(next);
    else if (step.fieldKind === 'message') within.set(step, next);
    within = next;
  }
  if (field.fieldKind === 'list') within.get(field).add(text);
  else if (field.fieldKind === 'scalar') within.set(field, text);
  return toBinary(request, message);
}

/** What is said of this text at this place. */
function problems(place: Place, text: string): string[] {
  try {
    validated(place.request, holding(place, text));
    return [];
  } catch (error) {
    const path = [...place.around, place.field]
      .map(({ name, fieldKind }) => (fieldKind === 'list' ? `${name}[0]` : name))
      .join('.');
    return (error as RpcError).fields.filter(({ field }) => field === path).map(({ description }) => description);
  }
}
const at = (path: string): Place => places.find((place) => place.path === `jari.${path}`)!;

/** Every pattern of every proto, also within CEL. */
function* patterns(): Iterable<string> {
  for (const type of registry) {
    if (type.kind !== 'message' || !type.typeName.startsWith('jari.')) continue;
    const cel = [
      ...getOption(type, messageRules).cel,
      ...type.fields.flatMap((field) => getOption(field, fieldRules).cel),
    ];
    for (const { expression } of cel)
      for (const [, pattern] of expression.matchAll(/matches\('(.*?)'\)/g)) yield JSON.parse(`"${pattern}"`) as string;
    for (const field of type.fields) {
      const pattern = rulesOf(field)?.pattern;
      if (pattern) yield pattern;
    }
  }
}

describe('a pattern of a proto', () => {
  test.each([...new Set(patterns())])('%s takes less than 10 ms for 64 kB, whatever they are', (pattern) => {
    const compiled = new RegExp(pattern, 'u');
    for (const [what, text] of Object.entries(hostile))
      expect({ what, quick: milliseconds(() => compiled.test(text)) < 10 }).toEqual({ what, quick: true });
  });
  test('that tries many ways is found by these texts', () => {
    expect(
      milliseconds(() =>
        new RegExp('^[^\\p{Cc}]*[^\\s\\p{Cc}][^\\p{Cc}]*$', 'u').test(filled('x', '\u0001').slice(-8_000)),
      ),
    ).toBeGreaterThan(10);
  });
});

describe('a string of a request', () => {
  test('is an id, a page token, an e-mail address, a time zone, one line, lines, or a form in words', () => {
    // Of Google's own types: the fields that a mask names, and a currency, which rules of the whole amount look at.
    const free = places.filter(({ is }) => is.kind === 'free');
    expect(
      free
        .filter(({ field }) => !['google.protobuf.FieldMask', 'google.type.Money'].includes(field.parent.typeName))
        .map(({ path }) => path),
    ).toEqual([]);
    expect(places.filter(({ field, is }) => rulesOf(field)?.pattern && !is.form).map(({ path }) => path)).toEqual([]);
  });
  test.each(places.map((place) => [place.path, place] as const))(
    '%s is refused in less than 10 ms when it is hostile, and in words',
    (_, place) => {
      for (const [what, text] of Object.entries(hostile)) {
        const bytes = holding(place, text);
        const run = (): void => {
          try {
            validated(place.request, bytes);
          } catch {
            // told below
          }
        };
        expect({ what, quick: milliseconds(run) < 10 }).toEqual({ what, quick: true });
      }
      for (const text of [...Object.values(hostile), '', '\u0001', '\u202e', '?', '^', 'x'.repeat(300)])
        for (const problem of problems(place, text)) expect(problem).not.toMatch(/[\^$\\|]|\[[^\]]*\]|\{\d|regex/);
    },
  );
});

const lines = places.filter(({ is }) => is.kind === 'line');
const texts = places.filter(({ is }) => is.kind === 'line' || is.kind === 'lines');
const blanks = {
  'a zero-width space': '\u200b',
  'a Hangul filler': '\u3164',
  'half-width filler': '\uffa0',
  'spaces of all widths': ' \u00a0\u2003\u3000',
  'a mark of direction': '\u200f',
  'a soft hyphen': '\u00ad',
  'blank braille': '\u2800',
  'an accent on nothing': '\u0301',
  'a tag': '\u{e0041}',
};

describe('text in a request', () => {
  test.each(Object.entries(blanks))('is blank without a visible character: %s', (_, blank) => {
    for (const place of texts.filter(({ is }) => !is.optional)) expect(problems(place, blank)).toHaveLength(1);
  });
  test.each(['서울', 'élan', '👨‍👩‍👧‍👦', 'שלום', '1', '-', '¿'])('is no blank where something is seen: %s', (text) => {
    for (const place of texts) expect(problems(place, text)).toEqual([]);
  });
  test.each([
    ['a line break', 'a\nb'],
    ['a line separator', 'a\u2028b'],
    ['a paragraph separator', 'a\u2029b'],
    ['a next line', 'a\u0085b'],
    ['a control character', 'a\u0001b'],
  ])('of one line has no %s', (_, text) => {
    for (const place of lines) expect(problems(place, text)).toEqual(['must be one line of text, and not blank']);
  });
  test.each(['\u202e', '\u202a', '\u2066', '\u2067'])(
    'has nothing that reads otherwise than it is written: %j',
    (mark) => {
      for (const place of texts)
        expect(problems(place, `a${mark}b`)).toEqual(['must not contain characters that change the direction of text']);
    },
  );
  test('is counted in characters as people count them', () => {
    const name = at('property.v1.CreateRoomRequest.name');
    expect(problems(name, '각'.normalize('NFD').repeat(200))).toEqual([]);
    expect(problems(name, '👍🏽'.repeat(200))).toEqual([]);
    expect(problems(name, '👍🏽'.repeat(201))).toEqual(['must be at most 200 characters, and 2,400 bytes']);
    expect(problems(name, 'x'.repeat(201))).toEqual(['must be at most 200 characters, and 2,400 bytes']);
    expect(problems(name, '👨‍👩‍👧‍👦'.repeat(150))).toEqual(['must be at most 200 characters, and 2,400 bytes']);
  });
  test('is the same in whatever form it was typed, and has no spaces at its ends', () => {
    const place = at('property.v1.CreatePropertyRequest.name');
    const sent = (text: string): string => Buffer.from(validatedName(text)).toString();
    expect(sent(' 소나무 집 '.normalize('NFD'))).toBe(sent('소나무 집'));
    expect(place.is.kind).toBe('line');
  });
});

describe('a time zone', () => {
  const zones = places.filter(({ is }) => is.kind === 'time-zone');
  test.each(['Asia/Nowhere', '+09:00', 'Seoul', '2026-01-01[Asia/Seoul]'])(
    '%j is refused: no such zone exists',
    (zone) => {
      expect(zones.length).toBeGreaterThan(1);
      for (const place of zones) expect(problems(place, zone)).toEqual(['must be an IANA time zone, like Asia/Seoul']);
    },
  );
  test.each([
    ['asia/seoul', 'Asia/Seoul'],
    ['EUROPE/KYIV', 'Europe/Kyiv'],
    ['utc', 'UTC'],
  ])('%s is written %s', (typed, zone) => {
    const type = at('property.v1.CreatePropertyRequest.name').request;
    const sent = (timeZone: string): string =>
      Buffer.from(
        validated(type, toBinary(type, create(type, { name: 'n', address: '1', timeZone } as never))).bytes,
      ).toString();
    expect(sent(typed)).toBe(sent(zone));
  });
});

/** The bytes of a request of which everything else is right. */
function validatedName(text: string): Uint8Array {
  const type = at('property.v1.CreatePropertyRequest.name').request;
  return validated(type, toBinary(type, create(type, { name: text, address: '1', timeZone: 'Asia/Seoul' } as never)))
    .bytes;
}
