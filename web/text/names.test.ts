import { expect, test } from '@jest/globals';
import { inLanguage } from './names.ts';

test('a name in both languages is shown in the one of the reader', () => {
  expect(inLanguage('솔향 독채 · Pine Cottage', 'ko')).toBe('솔향 독채');
  expect(inLanguage('솔향 독채 · Pine Cottage', 'en')).toBe('Pine Cottage');
});

test('any other name is shown as it is', () => {
  for (const name of ['소나무방', 'Room 1 · Room 2', '하나 · 둘', 'a · 나 · c', ''])
    for (const language of ['ko', 'en'] as const) expect(inLanguage(name, language)).toBe(name);
});
