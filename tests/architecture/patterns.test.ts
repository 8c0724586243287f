import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { hostile, milliseconds } from '#adapters/grpc/hostile.fixture.ts';

const root = join(import.meta.dirname, '../..');

/** Looks at no more than the first 4,000 letters of a text. */
const cutBefore = 'services/notification/plain-text.ts';

/** Every pattern that is written down in the code of the services and what they stand on. */
function* patterns(): Iterable<[place: string, pattern: RegExp]> {
  for (const file of globSync(['adapters/**/*.ts', 'kernel/*.ts', 'services/**/*.ts'], { cwd: root }).sort()) {
    if (/\.(test|fixture)\.ts$|testing\//.test(file) || file === cutBefore) continue;
    const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest);
    const found: RegExp[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/');
        found.push(new RegExp(node.text.slice(1, end), node.text.slice(end + 1)));
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    for (const pattern of found) yield [file, pattern];
  }
}

describe('a pattern in the code', () => {
  test.each([...patterns()])('of %s takes less than 10 ms for 64 kB, whatever they are: %s', (_, pattern) => {
    const slow = Object.entries(hostile).find(([, text]) => milliseconds(() => text.search(pattern)) >= 10);
    expect(slow?.[0]).toBeUndefined();
  });
});
