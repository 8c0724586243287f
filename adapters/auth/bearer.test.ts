import { describe, expect, test } from '@jest/globals';
import { bearerToken } from './bearer.ts';

describe('the authorization header is read by one rule', () => {
  test('none is nobody', () => expect(bearerToken(undefined)).toBeUndefined());
  test.each(['Bearer a.b.c', 'bearer a.b.c', 'BEARER a.b.c', 'Bearer   a.b.c', 'bEaReR a.b.c '])(
    '"%s" is a token',
    (header) => expect(bearerToken(header)).toBe('a.b.c'),
  );
  test.each([
    '',
    'Bearer',
    'Bearer ',
    'Basic YTpi',
    'Bearer a b',
    'Bearer a,Bearer b',
    'Bearera.b.c',
    'Bearer\ta.b.c',
    'Token a',
  ])('"%s" is refused', (header) => expect(() => bearerToken(header)).toThrow('Bearer TOKEN'));
});
