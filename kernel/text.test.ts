import { describe, expect, test } from '@jest/globals';
import { isLongerThan, shortened } from './text.ts';

const family = '👨‍👩‍👧‍👦';

describe('a text that is too long', () => {
  test.each([
    ['of emoji', family.repeat(10), 4, `${family.repeat(3)}…`],
    ['of letters with accents', 'e\u0301'.repeat(10), 3, 'e\u0301e\u0301…'],
    ['of flags', '🇰🇷🇫🇷🇩🇪', 2, '🇰🇷…'],
    ['of words', 'one two three', 5, 'one…'],
  ])('%s is cut between two characters', (_, text, max, cut) => expect(shortened(text, max)).toBe(cut));
  test('is left as it is where it fits', () => {
    for (const text of ['', 'one', family.repeat(4)]) expect(shortened(text, 4)).toBe(text);
  });
  test('is counted as people count', () => {
    expect(isLongerThan(family.repeat(4), 4)).toBe(false);
    expect(isLongerThan(family.repeat(5), 4)).toBe(true);
    expect(isLongerThan('a\r\nb', 3)).toBe(false);
  });
});
