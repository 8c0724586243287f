// `node docs/draw.ts` writes what the code says into the documents, between `<!-- drawn: NAME -->` and `<!-- end -->`.
// `node docs/draw.ts --check` changes nothing, and fails when a document is not what the code says.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { board, hexagons, map } from './draw/diagrams.ts';
import { modelOf, type Model } from './draw/model.ts';
import { withServices } from './draw/services.ts';
import { catalogue, messagesByEdge, sagas, settings } from './draw/tables.ts';
import { unexplained } from './draw/unexplained.ts';

const drawings: Readonly<Record<string, (model: Model) => string>> = { board, catalogue, hexagons, map, messagesByEdge, sagas, settings };

const root = dirname(import.meta.dirname);
const isCheck = process.argv.includes('--check');
const problems: string[] = [];

await withServices(root, (services) => {
  const model = modelOf(root, services);
  const drawn = new Set<string>();
  for (const path of globSync('docs/**/*.md', { cwd: root }).sort()) {
    const text = readFileSync(join(root, path), 'utf8');
    const redrawn = text.replaceAll(/(<!-- drawn: (\w+) -->\n)[^]*?(<!-- end -->)/g, (_, begin: string, name: string, end: string) => {
      drawn.add(name);
      return `${begin}${drawings[name]?.(model) ?? `There is no drawing ${name}.`}\n${end}`;
    });
    if (text === redrawn) continue;
    if (isCheck) problems.push(`${path} is not what the code says: run \`node docs/draw.ts\``);
    else writeFileSync(join(root, path), redrawn);
  }
  problems.push(...Object.keys(drawings).flatMap((name) => (drawn.has(name) ? [] : [`no document shows the drawing ${name}`])), ...unexplained(model));
});

for (const problem of problems) console.error(problem);
process.exit(problems.length ? 1 : 0);
