import { describe, expect, test } from '@jest/globals';
import { toBinary, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf';
import { reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect';
import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import { newId } from '#kernel/ids.ts';
import { UpdateLessonRequest } from '#proto/jari/tutoring/v1/tutoring.ts';
import { registry } from '#adapters/rpc/descriptors.ts';
import { mostItems, validated } from './requests.ts';

const type = registry.getMessage('jari.tutoring.v1.UpdateLessonRequest')!;
const startTimes = type.fields.find(({ name }) => name === 'start_times')!.number;

/** An UpdateLessonRequest in bytes. Written field by field, since our own encoder writes no time that a `Date` cannot hold. */
function lessonAt(...times: readonly (readonly [seconds: bigint, nanos: number])[]): Uint8Array {
  const bytes = new BinaryWriter();
  for (const [seconds, nanos] of times)
    bytes
      .uint32((startTimes << 3) | 2)
      .fork()
      .uint32(8)
      .int64(seconds)
      .uint32(16)
      .int32(nanos)
      .join();
  return Buffer.concat([
    UpdateLessonRequest.encode(UpdateLessonRequest.fromPartial({ lessonId: newId() })).finish(),
    bytes.finish(),
  ]);
}

describe('a time in a request', () => {
  test.each<[string, bigint, number]>([
    ['the first second that there is', -62_135_596_800n, 0],
    ['1970', 0n, 0],
    ['the last moment that there is', 253_402_300_799n, 999_999_999],
  ])('may be %s', (_, seconds, nanos) => {
    const { bytes } = validated(type, lessonAt([seconds, nanos]));
    expect(UpdateLessonRequest.decode(new BinaryReader(bytes)).startTimes).toHaveLength(1);
  });
  test.each<[string, bigint, number]>([
    ['before the year 1', -62_135_596_801n, 0],
    ['after the year 9999, which no answer in JSON could tell', 253_402_300_800n, 0],
    ['that no calendar knows', 300_000_000_000_000n, 0],
    ['with less than no nanoseconds', 0n, -1],
    ['with a second of nanoseconds', 0n, 1_000_000_000],
  ])('is refused %s, by its place in the request', (_, seconds, nanos) => {
    const wrong = { field: 'start_times[1]', description: 'must be in the years 1 to 9999' };
    expect(() => validated(type, lessonAt([0n, 0], [seconds, nanos]))).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', fields: [wrong] }),
    );
  });
});

/** Fields of requests that hold a place on the map. */
const places = [...registry]
  .filter((each) => each.kind === 'message')
  .filter(({ typeName }) => typeName.startsWith('jari.') && typeName.endsWith('Request'))
  .flatMap((request) =>
    request.fields
      .filter((field) => field.message?.typeName === 'google.type.LatLng')
      .map((field) => [`${request.typeName}.${field.name}`, request, field] as const),
  );

describe('a place in a request', () => {
  test.each(places)('is missing where it has no coordinates, and is not 0,0: %s', (_, request, { name, number }) => {
    const empty = new BinaryWriter()
      .uint32((number << 3) | 2)
      .fork()
      .join();
    const wrong = { field: name, description: 'must have a latitude and a longitude' };
    expect(() => validated(request, empty.finish())).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', fields: expect.arrayContaining([wrong]) }),
    );
  });
});

/** All methods that take a request. */
const methods = [...registry]
  .filter((each) => each.kind === 'service')
  .filter(({ typeName }) => typeName.startsWith('jari.'))
  .flatMap((service) => service.methods);

/** The lists of a request and of what lies in it, each by the fields that lead to it. */
const listsIn = ({ fields }: DescMessage): DescField[][] =>
  fields.flatMap((field) => [
    ...(field.fieldKind === 'list' ? [[field]] : []),
    ...(field.message ? listsIn(field.message).map((rest) => [field, ...rest]) : []),
  ]);
const lists = [...new Set(methods.map(({ input }) => input))].flatMap((request) =>
  listsIn(request).map(
    (path) => [`${request.typeName}: ${path.map(({ name }) => name).join('.')}`, request, path] as const,
  ),
);

/** A request that holds `times` items of the list at the end of `path`: nonsense, in as few bytes as there can be. */
function filledWith(times: number, type: DescMessage, [field, ...rest]: readonly DescField[]): Message {
  const message = reflect(type);
  const inner = (): ReflectMessage =>
    reflect(field!.message!, rest.length ? filledWith(times, field!.message!, rest) : undefined);
  if (field?.fieldKind === 'list') {
    const list = message.get(field);
    for (let nth = 0; nth < (rest.length ? 1 : times); nth++) list.add(field.message ? inner() : field.enum ? 99 : '');
  } else if (field?.fieldKind === 'message') message.set(field, inner());
  return message.message;
}

describe('a list in a request', () => {
  test.each(lists)('has a bound: %s', (_, _request, path) => {
    expect(mostItems(path.at(-1)!)).toBeLessThan(1_000);
  });

  /** Messages and items that a request can hold by its bounds. */
  const mostParts = ({ fields }: DescMessage): number =>
    fields.reduce(
      (sum, field) =>
        sum + (field.fieldKind === 'list' ? mostItems(field) : 1) * (field.message ? mostParts(field.message) : 1),
      1,
    );
  test.each(methods.map(({ input }) => [input.typeName, input] as const))(
    'multiplies to no more than is read in a moment: %s',
    (_, request) => {
      expect(mostParts(request)).toBeLessThan(6_000);
    },
  );

  test.each(lists)('that is too long is refused before an item of it is looked at: %s', (_, request, path) => {
    const list = path.at(-1)!;
    const at = path
      .map(({ name, fieldKind }, nth) => (nth < path.length - 1 && fieldKind === 'list' ? `${name}[0]` : name))
      .join('.');
    const refusalOf = (times: number) => {
      try {
        validated(request, toBinary(request, filledWith(times, request, path)));
        return [];
      } catch (error) {
        return (error as { fields: { field: string; description: string }[] }).fields;
      }
    };
    const most = mostItems(list);
    const tooLong = { field: at, description: `must have at most ${most} items` };
    const fields = refusalOf(30_000);
    expect(fields).toContainEqual(tooLong);
    expect(fields.filter(({ field }) => field.startsWith(`${at}[`))).toEqual([]);
    expect(refusalOf(most)).not.toContainEqual(tooLong);
  });
});
