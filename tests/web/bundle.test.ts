import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

// What a visitor downloads, compressed. The build writes which file needs which others.

const dist = join(import.meta.dirname, '../../web/dist');

interface Chunk {
  file: string;
  isEntry?: boolean;
  isDynamicEntry?: boolean;
  imports?: readonly string[];
}

const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8')) as Record<string, Chunk>;

/** The file and all that it imports at once. */
function needs(name: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const each of chunk.imports ?? []) needs(each, seen);
  return seen;
}

const kilobytes = (files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + statSync(join(dist, `${file}.gz`)).size, 0) / 1_000;

const [entry = ''] = Object.keys(manifest).filter((name) => manifest[name]?.isEntry);
/** What every visitor loads: the entry, and the dictionary of one language. */
const core = ['text/ko.ts', 'text/en.ts']
  .map((dictionary) => new Set([...needs(entry), ...needs(dictionary)]))
  .reduce((one, other) => (kilobytes(one) > kilobytes(other) ? one : other));

test('the core is at most 120 kB', () => {
  expect(core.size).toBeGreaterThan(0);
  expect(kilobytes(core)).toBeLessThanOrEqual(120);
});

test('the core holds no dictionary: only the one of the language in use is loaded', () => {
  for (const dictionary of ['text/ko.ts', 'text/en.ts'])
    expect(needs(entry).has(manifest[dictionary]?.file ?? '')).toBe(false);
});

test('a page adds at most 100 kB to the core', () => {
  // The page of all components is for those who build pages.
  const pages = Object.keys(manifest).filter((name) => manifest[name]?.isDynamicEntry && !name.startsWith('kit/'));
  expect(pages.length).toBeGreaterThan(0);
  const large = pages
    .map((name) => ({ name, kilobytes: kilobytes([...needs(name)].filter((file) => !core.has(file))) }))
    .filter((page) => page.kilobytes > 100);
  expect(large).toEqual([]);
});

test('the style sheet is at most 25 kB', () => {
  expect(kilobytes(globSync('assets/*.css', { cwd: dist }))).toBeLessThanOrEqual(25);
});

test('the style sheet begins with the order of its layers, so that no page turns it around', () => {
  const [sheet = ''] = globSync('assets/*.css', { cwd: dist });
  expect(readFileSync(join(dist, sheet), 'utf8')).toMatch(/^@layer base, ?kit, ?page;/);
});
