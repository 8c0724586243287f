import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');

/** Rows of the README's table of requirements: `| L3 | what it says | [test](path) … |`. */
const readme = existsSync(join(root, 'README.md')) ? readFileSync(join(root, 'README.md'), 'utf8') : '';
const rows = [...readme.matchAll(/^\| *([A-Z]\d+) *\|(.*)\|$/gm)].map(([, id, cells]) => ({
  id: id as string,
  links: [...(cells as string).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, path]) => path as string),
}));

test.each([
  ['tutoring', 'T', 14],
  ['lodging', 'L', 13],
  ['pre-orders', 'P', 12],
  ['rental', 'R', 10],
  ['study-cafe seats', 'C', 9],
])('the README tells of every requirement of %s where it is proven', (_, letter, count) => {
  const ids = rows.map(({ id }) => id);
  expect(Array.from({ length: count }, (__, index) => `${letter}${index + 1}`).filter((id) => !ids.includes(id))).toEqual([]);
});

test('each requirement that the README lists is linked to what proves it', () => {
  expect(rows.filter(({ links }) => links.length === 0).map(({ id }) => id)).toEqual([]);
});

test('each file that is linked as a proof exists and speaks of the requirement by its number', () => {
  const speaksOf = (path: string, id: string): boolean => existsSync(join(root, path)) && new RegExp(`\\b${id}\\b`).test(readFileSync(join(root, path), 'utf8'));
  expect(rows.flatMap(({ id, links }) => links.filter((path) => !speaksOf(path, id)).map((path) => `${id}: ${path}`))).toEqual([]);
});
