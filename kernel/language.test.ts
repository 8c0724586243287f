import { expect, test } from '@jest/globals';
import { preferredLanguage } from './language.ts';

test.each([
  ['en', 'en'],
  ['ko-KR,ko;q=0.9,en;q=0.8', 'ko'],
  ['ko;q=0.5, en-GB;q=0.9', 'en'],
  ['fr, EN;q=0.1', 'en'],
  ['en;q=0, ko;q=0.1', 'ko'],
  ['en;q=high', undefined],
  ['fr,*', undefined],
  ['eng', undefined],
  ['', undefined],
  [undefined, undefined],
])('of "%s", %s is liked best', (header, language) => expect(preferredLanguage(header)).toBe(language));
