import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const docs = join(import.meta.dirname, '../../docs');

/** Rows of the table of requirements: `| L3 | what it says | [test](path) … |`. */
const rows = [...readFileSync(join(docs, 'requirements.md'), 'utf8').matchAll(/^\| *([A-Z]\d+) *\|(.*)\|$/gm)].map(([, id, cells]) => ({
  id: id as string,
  says: cells as string,
  links: [...(cells as string).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, path]) => path as string),
}));

test.each([
  ['tutoring', 'T', 14],
  ['lodging', 'L', 13],
  ['pre-orders', 'P', 12],
  ['rental', 'R', 10],
  ['study-cafe seats', 'C', 9],
  ['what every part must show', 'K', 24],
])('every requirement of %s has a row', (_, letter, count) => {
  const ids = rows.map(({ id }) => id);
  expect(Array.from({ length: count }, (__, index) => `${letter}${index + 1}`).filter((id) => !ids.includes(id))).toEqual([]);
});

test('a requirement has a proof, or the row says that it is not shown yet', () => {
  expect(rows.filter(({ links, says }) => links.length === 0 && !says.includes('not shown yet')).map(({ id }) => id)).toEqual([]);
});

test('each proof is a test that has the number in a title', () => {
  const titled = (path: string, id: string): boolean =>
    existsSync(path) && readFileSync(path, 'utf8').split('\n').some((line) => /\b(test|describe)\b/.test(line) && new RegExp(`\\b${id}\\b`).test(line));
  expect(rows.flatMap(({ id, links }) => links.filter((path) => !titled(join(docs, path), id)).map((path) => `${id}: ${path}`))).toEqual([]);
});
