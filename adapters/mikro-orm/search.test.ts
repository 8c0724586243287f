import { expect, test } from '@jest/globals';
import { mikroOrmRooms } from '../../services/property/adapters/store.ts';
import { containing, having } from './search.ts';
import type { Store } from './store.ts';

// A connection keeps the plan of each statement, so what callers choose must not make new ones without end.

const texts = (conditions: readonly (readonly [string, ...unknown[]])[]): string[] => conditions.map(([sql]) => sql);

test('a search has one statement, however many words are searched for', () => {
  for (const text of ['a', 'a b', 'a b c '.repeat(20)]) {
    expect(texts(containing(text))).toEqual(texts(containing('word')));
    expect(texts(having('areas', text))).toEqual(texts(having('areas', 'word')));
  }
  expect([...containing(' '), ...having('areas', '')]).toEqual([]);
});

test('so has one for rooms, however many amenities are wished for', async () => {
  const names = new Set<string>();
  const store = { where: async (_: unknown, name: string) => (names.add(name), []) } as unknown as Store;
  for (let many = 1; many < 50; many++) {
    const words = 'word '.repeat(many);
    const wish = { text: words, area: words, amenities: Array.from({ length: many }, () => 'WIFI'), order: 'newest' };
    await mikroOrmRooms(store).list(wish as never, { size: 10 });
  }
  expect(names.size).toBe(1);
});
