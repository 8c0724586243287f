import { describe, expect, test } from '@jest/globals';
import { Routes, parseTemplate, taken, unescape } from './templates.ts';

const routes = new Routes<string>();
for (const [method, template] of [
  ['GET', '/v1/rooms'],
  ['GET', '/v1/rooms/{room_id}'],
  ['GET', '/v1/rooms/special'],
  ['GET', '/v1/rooms/{room_id}/nights/{night.date}'],
  ['GET', '/v1/{name=hosts/*}/rooms'],
  ['GET', '/v1/files/{path=**}'],
  ['POST', '/v1/rooms/{room_id}:block'],
  ['POST', '/v1/files/{path=photos/**}:move'],
  ['POST', '/v1/rooms'],
] as const)
  routes.add(method, parseTemplate(template), template);

describe('a path is routed', () => {
  test.each([
    ['GET', '/v1/rooms', '/v1/rooms'],
    ['GET', '/v1/rooms/r1', '/v1/rooms/{room_id}'],
    ['GET', '/v1/rooms/r1/', '/v1/rooms/{room_id}'],
    ['GET', '/v1/rooms/special', '/v1/rooms/special'],
    ['GET', '/v1/rooms/special/nights/n', '/v1/rooms/{room_id}/nights/{night.date}'],
    ['GET', '/v1/hosts/h/rooms', '/v1/{name=hosts/*}/rooms'],
    ['GET', '/v1/files', '/v1/files/{path=**}'],
    ['GET', '/v1/files/a/b/c', '/v1/files/{path=**}'],
    ['GET', '/v1/rooms/r1:paint', '/v1/rooms/{room_id}'],
    ['POST', '/v1/rooms/r1:block', '/v1/rooms/{room_id}:block'],
    ['POST', '/v1/rooms/a:b:block', '/v1/rooms/{room_id}:block'],
    ['POST', '/v1/files/photos/a/b:move', '/v1/files/{path=photos/**}:move'],
    ['GET', '/v1/rooms/r1:block', undefined],
    ['POST', '/v1/rooms/r1%3Ablock', undefined],
    ['POST', '/v1/rooms/:block', undefined],
    ['POST', '/v1/files/sounds/a:move', undefined],
    ['PUT', '/v1/rooms', undefined],
    ['GET', '/v1', undefined],
    ['GET', '/v1/rooms/r1/nights', undefined],
    ['GET', '/', undefined],
  ])('%s %s → %s', (method, path, expected) => expect(routes.find(path)?.routes.get(method)).toBe(expected));
});

describe('a variable takes', () => {
  test.each([
    ['/v1/rooms/{room_id}', '/v1/rooms/a%20b%3A%EC%9E%90', { room_id: 'a b:자' }],
    ['/v1/rooms/{room.id}/nights/{n}', '/v1/rooms/r/nights/5', { 'room.id': 'r', n: '5' }],
    ['/v1/{name=hosts/*}/rooms', '/v1/hosts/a%20b%3A/rooms', { name: 'hosts/a b%3A' }],
    ['/v1/files/{path=**}', '/v1/files/a/b%20c/d%23', { path: 'a/b c/d%23' }],
    ['/v1/files/{path=**}', '/v1/files', { path: '' }],
  ])('of %s in %s', (template, path, expected) => {
    const { variables } = parseTemplate(template);
    const segments = path.split('/').slice(1);
    expect(
      Object.fromEntries(variables.map((variable) => [variable.field.join('.'), taken(variable, segments)])),
    ).toEqual(expected);
  });
});

test('** amid a path is refused when the template is read', () =>
  expect(() => parseTemplate('/v1/{a=**}/b')).toThrow('**'));
test('what is no escape is left as it is', () => expect(unescape('%zz%4+%41')).toBe('%zz%4+A'));
test('bytes that are no UTF-8 are refused', () => expect(() => unescape('a%FFb')).toThrow(URIError));
