import { expect, test } from '@jest/globals';
import { readSettings } from '#adapters/settings/settings.ts';
import { callingCodes, isServed, mobileNumber } from './phone.ts';

test.each([
  ['010-1234-5678', '+821012345678'],
  ['010 1234 5678', '+821012345678'],
  ['+82 10-1234-5678', '+821012345678'],
  ['+1 (202) 555-0142', '+12025550142'],
  ['070-7123-4567', '+827071234567'],
])('%j is kept as %j', (text, number) => expect(mobileNumber(text)).toBe(number));

test.each([
  ['no digits at all', ''],
  ['zeros and spaces', '0      0'],
  ['twenty digits', '01234567890123456789'],
  ['a premium number', '060-700-1234'],
  ['a premium number with its country', '+82 60 700 1234'],
  ['a short number', '112'],
  ['a short code', '#1234'],
  ['a business line', '1588-1234'],
  ['a toll-free number', '080-123-4567'],
  ['a fixed line', '02-312-3456'],
  ['a country that does not exist', '+999 1234 5678'],
  ['a satellite telephone', '+870 773 111 632'],
  ['a satellite telephone of another network', '+881 612 345 678'],
  ['a network without a country', '+882 16 12345678'],
  ['another network without a country', '+883 5100 1234 5678'],
  ['a number with words', 'call 010-1234-5678'],
  ['an extension', '010-1234-5678 ext. 5'],
  ['a very long text', '0'.repeat(100_000)],
])('%s is refused', (_, text) => expect(mobileNumber(text)).toBeUndefined());

test('texts go to numbers of the countries that are set, and to no other', () => {
  expect(['+821012345678', '010-1234-5678', '+12025550142'].map((number) => isServed(number, ['82']))).toEqual([
    ...[true, true, false],
  ]);
  expect(['+992917000011', '+12025550142', ''].map((number) => isServed(number, ['82', '1']))).toEqual([
    ...[false, true, false],
  ]);
});

test('countries are set by their calling codes', () => {
  const read = (TO: string): unknown => readSettings({ TO: callingCodes({ default: '82' }) }, { TO }).TO;
  expect([read(''), read('82, 81')]).toEqual(['82', '82,81']);
  for (const text of ['KR', '+82', '82,', '0']) expect(() => read(text)).toThrow('calling codes, such as 82,81');
});
