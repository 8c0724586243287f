import { expect, test } from '@jest/globals';
import { batched } from './batched.ts';

/** A read that is under way until it is let through, and what it was asked for. */
function slowRead() {
  const reads: { keys: readonly string[]; answer: PromiseWithResolvers<ReadonlyMap<string, string>> }[] = [];
  const read = batched<string, string>(
    (key) => key,
    (keys) => {
      const answer = Promise.withResolvers<ReadonlyMap<string, string>>();
      reads.push({ keys, answer });
      return answer.promise;
    },
  );
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  return { read, reads, turn };
}

const upper = (keys: readonly string[]): ReadonlyMap<string, string> =>
  new Map(keys.map((key) => [key, key.toUpperCase()]));

test('what is asked for within a turn, or while a read is under way, goes together in the next', async () => {
  const { read, reads, turn } = slowRead();
  const first = [read('a'), read('b')];
  await turn();
  const second = [read('a'), read('c'), read('d')];
  await turn();
  expect(reads.map(({ keys }) => keys)).toEqual([['a', 'b']]);
  reads[0]?.answer.resolve(upper(['a']));
  expect(await Promise.all(first)).toEqual(['A', undefined]);
  await turn();
  expect(reads[1]?.keys).toEqual(['a', 'c', 'd']);
  reads[1]?.answer.resolve(upper(['a', 'c', 'd']));
  expect(await Promise.all(second)).toEqual(['A', 'C', 'D']);
});

test('a key that the database refuses fails alone; a database that is away fails all', async () => {
  const broken = Object.assign(new Error('invalid input syntax for type uuid'), { code: '22P02' });
  const away = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  const read = batched<string, string>(
    (key) => key,
    async (keys) => {
      if (keys.includes('away')) throw away;
      if (keys.includes('nonsense')) throw broken;
      return upper(keys);
    },
  );
  expect(await Promise.allSettled([read('a'), read('nonsense'), read('b')])).toEqual([
    { status: 'fulfilled', value: 'A' },
    { status: 'rejected', reason: broken },
    { status: 'fulfilled', value: 'B' },
  ]);
  expect(await Promise.allSettled([read('a'), read('away')])).toEqual([
    { status: 'rejected', reason: away },
    { status: 'rejected', reason: away },
  ]);
});
