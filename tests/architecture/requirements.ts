import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A row of the table in docs/requirements.md: `| L3 | what it says | [test](path) … |`. */
export interface Requirement {
  id: string;
  says: string;
  /** Paths of the tests that prove it, relative to docs/. */
  proofs: readonly string[];
}

export const docs = join(import.meta.dirname, '../../docs');

export const requirements = (): Requirement[] =>
  [...readFileSync(join(docs, 'requirements.md'), 'utf8').matchAll(/^\| *([A-Z]\d+) *\|(.*)\|$/gm)].map(
    ([, id, cells]) => ({
      id: id as string,
      says: cells as string,
      proofs: [...(cells as string).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, path]) => path as string),
    }),
  );

/** Numbers of the requirements that have a proof. */
export const proven = (): string[] => requirements().flatMap(({ id, proofs }) => (proofs.length ? [id] : []));
