import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { docs, requirements } from './requirements.ts';

const rows = requirements();

test.each([
  ['tutoring', 'T', 14],
  ['lodging', 'L', 13],
  ['pre-orders', 'P', 12],
  ['rental', 'R', 10],
  ['study-cafe seats', 'C', 9],
  ['what every part must show', 'K', 24],
])('every requirement of %s has a row', (_, letter, count) => {
  const ids = rows.map(({ id }) => id);
  expect(
    Array.from({ length: count }, (__, index) => `${letter}${index + 1}`).filter((id) => !ids.includes(id)),
  ).toEqual([]);
});

test('a requirement has a proof, or the row says that it is not shown yet', () => {
  expect(
    rows.filter(({ proofs, says }) => proofs.length === 0 && !says.includes('not shown yet')).map(({ id }) => id),
  ).toEqual([]);
});

test('each proof is a test that has the number in a title', () => {
  const titled = (path: string, id: string): boolean =>
    existsSync(path) &&
    /\b(test|describe)\b/.test(readFileSync(path, 'utf8')) &&
    // The formatter puts a long title on a line of its own.
    readFileSync(path, 'utf8')
      .split('\n')
      .some((line) => !/^\s*(\/\/|\/?\*)/.test(line) && new RegExp(`['"\`].*\\b${id}\\b.*['"\`]`).test(line));
  expect(
    rows.flatMap(({ id, proofs }) =>
      proofs.filter((path) => !titled(join(docs, path), id)).map((path) => `${id}: ${path}`),
    ),
  ).toEqual([]);
});
