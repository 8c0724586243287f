import { describe, expect, test } from '@jest/globals';
import { createFileRegistry, fromBinary, fromJson, toBinary, toJson, type JsonValue } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { descriptorSet, registry as ours } from '#adapters/rpc/descriptors.ts';
import { queryBindings } from './bind.ts';
import { Malformed } from './malformed.ts';
import { Transcoder, type Matched } from './transcode.ts';

// Of what our own protos have no example in requests: maps, oneofs, wrappers, bytes, several bindings, a body that is a field.

const field = (number: number, name: string, type: string, more: object = {}) => ({
  ...{
    number,
    name,
    type: `TYPE_${type}`,
    label: 'LABEL_OPTIONAL',
    jsonName: name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
  },
  ...more,
});
const repeated = { label: 'LABEL_REPEATED' };
const wellKnown = (name: string) => ({ typeName: `.google.protobuf.${name}` });

const thing = {
  name: 'Thing',
  field: [
    field(1, 'id', 'STRING'),
    field(2, 'size', 'DOUBLE'),
    field(3, 'tags', 'STRING', repeated),
    field(4, 'labels', 'MESSAGE', { ...repeated, typeName: '.test.Thing.LabelsEntry' }),
    field(5, 'part', 'MESSAGE', { typeName: '.test.Thing' }),
    field(6, 'parts', 'MESSAGE', { ...repeated, typeName: '.test.Thing' }),
    field(7, 'made_at', 'MESSAGE', wellKnown('Timestamp')),
    field(8, 'lasts', 'MESSAGE', wellKnown('Duration')),
    field(9, 'count', 'MESSAGE', wellKnown('Int32Value')),
    field(10, 'picture', 'BYTES'),
    field(11, 'web', 'STRING', { oneofIndex: 0 }),
    field(12, 'phone', 'STRING', { oneofIndex: 0 }),
    field(13, 'extra', 'MESSAGE', wellKnown('Struct')),
    field(14, 'amount', 'UINT64'),
  ],
  oneofDecl: [{ name: 'source' }],
  nestedType: [
    {
      name: 'LabelsEntry',
      field: [field(1, 'key', 'STRING'), field(2, 'value', 'STRING')],
      options: { mapEntry: true },
    },
  ],
};
const method = (name: string, http: object) => ({
  name,
  inputType: '.test.Thing',
  outputType: '.test.Thing',
  options: { '[google.api.http]': http },
});
const file = {
  name: 'test.proto',
  package: 'test',
  syntax: 'proto3',
  dependency: [
    'google/api/annotations.proto',
    ...['timestamp', 'duration', 'wrappers', 'struct'].map((name) => `google/protobuf/${name}.proto`),
  ],
  messageType: [thing],
  service: [
    {
      name: 'Things',
      method: [
        method('Get', { get: '/v1/things/{id}', additionalBindings: [{ get: '/v1/old/{id}/of/{part.id}' }] }),
        method('Make', { post: '/v1/things', body: '*' }),
        method('Change', { patch: '/v1/things/{id}', body: 'part' }),
      ],
    },
  ],
};

const wkt = await Promise.all(
  (['file_google_protobuf_wrappers', 'file_google_protobuf_struct'] as const).map(
    async (name) => (await import('@bufbuild/protobuf/wkt'))[name].proto,
  ),
);
const json = toJson(
  FileDescriptorSetSchema,
  { ...descriptorSet, file: [...descriptorSet.file, ...wkt] },
  { registry: ours },
) as { file: JsonValue[] };
const bytes = toBinary(
  FileDescriptorSetSchema,
  fromJson(FileDescriptorSetSchema, { file: [...json.file, file as JsonValue] }, { registry: ours }),
);
const transcoder = new Transcoder(bytes);
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes));
const desc = registry.getMessage('test.Thing')!;

function read(verb: string, url: string, body?: string): JsonValue {
  const [path = '', query = ''] = url.split('?');
  const matched = transcoder.find(verb, path);
  if (!matched || 'allow' in matched) throw new Error(`no route for ${verb} ${path}`);
  const request = transcoder.request(matched, queryBindings(query), body === undefined ? undefined : Buffer.from(body));
  return toJson(desc, fromBinary(desc, request), { registry });
}

describe('a request is read', () => {
  test.each<[string, string, string | undefined, JsonValue]>([
    ['GET', '/v1/old/a/of/b', undefined, { id: 'a', part: { id: 'b' } }],
    [
      'GET',
      '/v1/things/a?part.part.id=c&part.tags=x&part.tags=y',
      undefined,
      { id: 'a', part: { part: { id: 'c' }, tags: ['x', 'y'] } },
    ],
    [
      'GET',
      '/v1/things/a?madeAt=2026-01-02T03:04:05%2B09:00&lasts=1.5s&count=5',
      undefined,
      { id: 'a', madeAt: '2026-01-01T18:04:05Z', lasts: '1.500s', count: 5 },
    ],
    ['GET', '/v1/things/a?size=1e3&picture=_-4A', undefined, { id: 'a', size: 1000, picture: '/+4A' }],
    [
      'GET',
      '/v1/things/a?size=NaN&amount=18446744073709551615',
      undefined,
      { id: 'a', size: 'NaN', amount: '18446744073709551615' },
    ],
    [
      'POST',
      '/v1/things',
      '{"labels":{"a":"b","__proto__":"c"}}',
      { labels: JSON.parse('{"a":"b","__proto__":"c"}') as JsonValue },
    ],
    ['POST', '/v1/things', '{"tags":"one"}', { tags: ['one'] }],
    ['POST', '/v1/things', '{"tags":["a",null]}', { tags: ['a'] }],
    ['POST', '/v1/things', '{"parts":[{"id":"a"},null]}', { parts: [{ id: 'a' }] }],
    ['POST', '/v1/things?tags=b&tags=c', '{}', { tags: ['b', 'c'] }],
    [
      'POST',
      '/v1/things',
      '{"extra":{"a":[1,null,{"b":12345678901234567890}]}}',
      { extra: { a: [1, null, { b: 12345678901234567000 }] } },
    ],
    ['POST', '/v1/things', '{"web":null,"phone":"p"}', { phone: 'p' }],
    ['POST', '/v1/things', '{"count":"5","lasts":"-1s"}', { count: 5, lasts: '-1s' }],
    ['PATCH', '/v1/things/a?part.size=2', '{"id":"b"}', { id: 'a', part: { id: 'b', size: 2 } }],
  ])('%s %s %s', (verb, url, body, expected) => expect(read(verb, url, body)).toEqual(expected));
});

describe('a request that cannot be read names the field', () => {
  test.each([
    ['/v1/things/a?part.nope=1', undefined, 'part.nope'],
    ['/v1/things/a?nope', undefined, 'nope'],
    ['/v1/things/a?part.size&count=5', undefined, 'part.size'],
    ['/v1/things/a?labels.a=1', undefined, 'labels.a'],
    ['/v1/things/a?amount=-1', undefined, 'amount'],
    ['/v1/things/a?size=inf', undefined, 'size'],
    ['/v1/things/a?lasts=5', undefined, 'lasts'],
    ['/v1/things/a?picture=***', undefined, 'picture'],
    ['/v1/things', '{"part":{"parts":[{},{"count":"x"}]}}', 'part.parts[1].count'],
    ['/v1/things', '{"parts":[{"id":"a","nope":1},null]}', 'parts[0].nope'],
    ['/v1/things', '{"parts":[{"madeAt":"2027-02-29T00:00:00Z"}]}', 'parts[0].made_at'],
    ['/v1/things', '{"labels":{"a":1}}', 'labels.a'],
    ['/v1/things', '{"labels":{"a":"b","a":"b"}}', 'labels.a'],
    ['/v1/things', '{"parts":[{"id":"a"},{"id":"a", "i\\u0064":"b"}]}', 'parts[1].id'],
    ['/v1/things?tags=a', '{"tags":["b"]}', 'tags'],
    ['/v1/things/a?size=1&size=1', undefined, 'size'],
    ['/v1/old/a/of/b?part.id=b', undefined, 'part.id'],
    ['/v1/things', '{"madeAt":"9999-99-99T00:00:00Z"}', 'made_at'],
    ['/v1/things', '{"web":"a","phone":"b"}', 'source'],
  ])('%s %s', (url, body, name) => {
    try {
      read(body === undefined ? 'GET' : 'POST', url, body);
      throw new Error('was read');
    } catch (error) {
      expect(error).toBeInstanceOf(Malformed);
      expect((error as Malformed).fields).toEqual([{ field: name, description: expect.any(String) }]);
    }
  });
});

describe('a body with thousands of values', () => {
  test.each([
    ['items', `{"tags":[${Array(5_000).fill('""').join()}]}`],
    ['objects', `{"parts":[${Array(5_000).fill('{}').join()}]}`],
    ['names', `{${Array.from({ length: 5_001 }, (_, nth) => `"${nth}":1`).join()}}`],
    ['times one name, of which a parser keeps the last', `{${Array(5_001).fill('"id":"a"').join()}}`],
  ])('is refused for their number alone: %s', (_, body) =>
    expect(() => read('POST', '/v1/things', body)).toThrow(new Malformed('the body has over 5,000 values')),
  );
  test('is not one with as many commas in its text', () => {
    const id = ',[{\\"'.repeat(6_000);
    expect(read('POST', '/v1/things', JSON.stringify({ id }))).toMatchObject({ id });
  });
});

test('a field of the body that is also in the query is refused, where the body is a field as well', () =>
  expect(() => read('PATCH', '/v1/things/a?part.id=c', '{"id":"b"}')).toThrow('part.id: must be given once'));

test('what is printed has its zeroes and empty lists, and lacks what is unset', () => {
  const matched = transcoder.find('GET', '/v1/things/a') as Matched;
  expect(JSON.parse(transcoder.response(matched, new Uint8Array()))).toEqual({
    id: '',
    size: 0,
    tags: [],
    labels: {},
    parts: [],
    picture: '',
    amount: '0',
  });
});
