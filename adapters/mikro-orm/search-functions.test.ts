import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { boundedSearchFunctions, mostSearched, searchFunctions } from './search.ts';
import { testStore, type TestStore } from './testing.ts';

let kit: TestStore;
const run = async <Value>(sql: string, ...values: unknown[]): Promise<Value> =>
  (await kit.database.pool.query<{ value: Value }>(`select ${sql} value`, values)).rows[0]!.value;

beforeAll(async () => {
  kit = await testStore({
    name: 'searching',
    migrations: [{ name: 'searching-1', up: [...searchFunctions] }],
    entities: [],
  });
});
afterAll(() => kit.close());

const texts = [
  '',
  'a',
  'aa',
  '  two  blanks\n and a line ',
  'Café CAFÉ cafe\u0301 \u0301alone',
  '북촌 달빛한옥 · Café Moonlight',
  '북촌 달빛한옥'.normalize('NFD'),
  'emoji 👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 𝒜𝓑',
  'Straße ĲÅﬃ ㍿ ㎏ ① ｆｕｌｌ',
  'שָׁלוֹם العَرَبِيَّة ที่พัก हिन्दी',
  '\'{}",\\%_ null NULL',
  'ﷺ'.repeat(20),
  'x'.repeat(mostSearched),
];

test('texts are searched as before by the functions that have a bound, and any text in time', async () => {
  const searched = () => Promise.all(texts.map((text) => run('array[folded($1)] || grams(folded($1))', text)));
  const before = await searched();
  for (const sql of boundedSearchFunctions) await kit.database.pool.query(sql);
  expect(await searched()).toEqual(before);

  // A statement of more than five seconds is ended; the functions of before took longer for a quarter of this.
  const longest = 'ﷺ'.repeat(4_000);
  expect(await run('cardinality(grams(folded($1)))', longest)).toBe(28);
  for (const text of [longest, 'A'.repeat(9_000)]) expect(await run('length(folded($1))', text)).toBe(mostSearched);
});
