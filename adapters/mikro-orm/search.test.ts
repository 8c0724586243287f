import { expect, test } from '@jest/globals';
import { containing, having } from './search.ts';

// A connection keeps the plan of each statement, so what callers choose must not make new ones without end.

const texts = (conditions: readonly (readonly [string, ...unknown[]])[]): string[] => conditions.map(([sql]) => sql);

test('a search has one statement, however many words are searched for', () => {
  for (const text of ['a', 'a b', 'a b c '.repeat(20)]) {
    expect(texts(containing(text))).toEqual(texts(containing('word')));
    expect(texts(having('areas', text))).toEqual(texts(having('areas', 'word')));
  }
  expect([...containing(' '), ...having('areas', '')]).toEqual([]);
});
